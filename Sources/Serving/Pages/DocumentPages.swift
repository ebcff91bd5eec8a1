import Digests
import Foundation
import Hummingbird
import Reports
import Synchronization
import Tracking

/// Pages that show a document: the ladder, and the card of a registered version.
struct DocumentPages: Sendable {
  let room: ServingRoom
  let documents: ProjectDocuments
  private let cards = CardShelf()

  init(room: ServingRoom, documents: ProjectDocuments) {
    self.room = room
    self.documents = documents
  }

  /// - Returns: values for the template.
  func ladder(in language: PageLanguage) async throws -> [String: any Sendable] {
    let document = try await offload(on: room.worker) { [room] in
      try documents.ladder(room.options.project, language.ofDocuments)
    }
    return document.map { ["document": $0.fragment] } ?? [:]
  }

  /// - Returns: values for the template.
  /// - Throws: `Problem` 404 where there is no such version.
  func version(_ context: ServingContext, in language: PageLanguage) async throws -> [String: any Sendable] {
    let name = try context.parameters.require("name")
    let number = Int(try context.parameters.require("number"))
    return try await offload(on: room.worker) { [room] in
      guard let store = try room.runs.store() else { throw Problem.notFound }
      let registry = ModelRegistry(store: store)
      guard let number, try registry.names().contains(name),
        let version = try registry.versions(of: name).first(where: { $0.number == number })
      else { throw Problem.notFound }
      var values: [String: any Sendable] = ["reference": version.reference, "name": name, "number": "\(number)"]
      do {
        values["document"] = try card(of: version, in: registry, language)
      } catch {
        // What else is known of the version, and its promotion, do not hang on its card.
        context.logger.error("no card", metadata: ["version": "\(version.reference)", "error": "\(error)"])
      }
      return values
    }
  }

  /// The curves of a card take a moment, and a version's files never change.
  private func card(of version: ModelVersion, in registry: ModelRegistry, _ language: PageLanguage) throws -> String? {
    let digests = version.files.map { "\($0.key.rawValue) \($0.value.digest.hex)" }.sorted()
    let key = ([version.reference, language.rawValue] + digests).joined(separator: "\n")
    if let kept = cards.card(key) { return kept }
    var files: [ModelVersion.Role: URL] = [:]
    for role in version.files.keys { files[role] = try registry.file(role, of: version) }
    guard let card = try documents.card(version, files, language.ofDocuments)?.fragment else { return nil }
    cards.keep(card, for: key)
    return card
  }
}

/// Cards that were drawn, the latest few of them.
private final class CardShelf: Sendable {
  private static let capacity = 16
  private let cards = Mutex<[(key: String, card: String)]>([])

  func card(_ key: String) -> String? { cards.withLock { $0.first { $0.key == key }?.card } }

  func keep(_ card: String, for key: String) {
    cards.withLock { cards in
      cards.append((key, card))
      if cards.count > Self.capacity { cards.removeFirst() }
    }
  }
}

extension PageLanguage {
  /// The same language as documents name it.
  var ofDocuments: Language { Language(rawValue: rawValue) ?? .english }
}
