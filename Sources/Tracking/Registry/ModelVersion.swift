import Digests
import Foundation

/// One version of a registered model: what was registered never changes.
public struct ModelVersion: Codable, Equatable, Sendable {
  /// The registered model's name, such as `kidney`.
  public var model: String
  /// Counted from 1.
  public var number: Int
  /// Of the model's content, as its answers and scores name it.
  public var identity: ContentDigest
  /// The run it comes from, where that is known.
  public var run: RunID?
  public var registered: Date
  public var note: String?
  /// Its files by role.
  public var files: [Role: RunArtifact]

  /// What a version's file is for.
  public enum Role: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
    case model, scores, predictions
  }

  /// Such as `kidney:3`.
  public var reference: String { "\(model):\(number)" }
}

/// Who answers under a name.
public enum ModelAlias {
  /// The version that answers.
  public static let champion = "champion"
  /// The version that may become champion.
  public static let challenger = "challenger"
}

/// Something that happened to a registered model. The list of them only grows.
public struct RegistryEvent: Codable, Equatable, Sendable {
  public enum Kind: String, Codable, Sendable {
    case registered, promoted, refused
    /// The version that had the alias before has it again.
    case rolledBack = "rolled_back"
  }

  public var number: Int64
  public var time: Date
  public var kind: Kind
  public var model: String
  public var version: Int
  /// Nil for a registration.
  public var alias: String?
  /// The version that had the alias before.
  public var previous: Int?
  /// Why, one sentence a finding.
  public var reasons: [String]
}

/// For how long one version answered under an alias.
public struct Tenure: Codable, Equatable, Sendable {
  public var version: ModelVersion
  public var from: Date
  /// Nil while it goes on.
  public var until: Date?
}
