import Digests
import Foundation

/// One version of a registered model: what was registered never changes; scores that it lacked can come later.
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

  /// Whether a text can be an alias, here and in MLflow's registry: letters, digits, `_` and `-`, at most 255; neither
  /// `latest` nor `v` with a number.
  package static func isAlias(_ text: String) -> Bool {
    let lower = text.lowercased()
    let isVersion = lower.hasPrefix("v") && lower.count > 1 && lower.dropFirst().allSatisfy(\.isNumber)
    return (1...255).contains(text.utf8.count) && lower != "latest" && !isVersion
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
  }
}

/// Who must have an alias for it to be given away.
public enum AliasHolder: Equatable, Sendable {
  /// It does not matter.
  case anyone
  case nobody
  case version(Int)

  func isMet(by number: Int?) -> Bool {
    switch self {
    case .anyone: true
    case .nobody: number == nil
    case .version(let wanted): number == wanted
    }
  }
}

/// Something that happened to a registered model. The list of them only grows.
public struct RegistryEvent: Codable, Equatable, Sendable {
  /// What it was.
  public enum Kind: String, Codable, Sendable {
    case registered, promoted, refused
    /// A version got files that it lacked, such as its scores.
    case completed
    /// The version that had the alias before has it again.
    case rolledBack = "rolled_back"
  }

  public var number: Int64
  public var time: Date
  public var kind: Kind
  public var model: String
  public var version: Int
  /// Nil for a registration and a completion.
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
