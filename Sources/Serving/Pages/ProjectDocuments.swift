import Foundation
import Reports
import Tracking

/// Documents about a project and its models that pages show. Who starts the server gives them: what they are made of is
/// read in rooms that this one knows nothing of.
public struct ProjectDocuments: Sendable {
  /// The ladder of the project in a folder; nil where none was climbed.
  public typealias Ladder = @Sendable (_ project: URL, _ language: Language) throws -> Document?
  /// The card of a registered version, from its files; nil where these are not enough for one.
  public typealias Card =
    @Sendable (_ version: ModelVersion, _ files: [ModelVersion.Role: URL], _ language: Language) throws -> Document?

  let ladder: Ladder
  let card: Card

  /// - Parameters:
  ///   - ladder: of the project in a folder; gives nil where none was climbed.
  ///   - card: of a registered version; gives nil where its files are not enough for one.
  public init(ladder: @escaping Ladder = { _, _ in nil }, card: @escaping Card = { _, _, _ in nil }) {
    self.ladder = ladder
    self.card = card
  }
}
