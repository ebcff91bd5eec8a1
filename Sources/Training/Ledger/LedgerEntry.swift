import Digests
import Foundation

/// One line of a ledger: a model that was made, a test set that was opened, or pictures scored by cross-validation.
///
/// `digest` is the SHA-256 of the line's own JSON without it, and `previous` that of the line before: who changes,
/// removes or inserts a line breaks the chain behind it.
public struct LedgerEntry: Codable, Equatable, Sendable {
  /// What a line tells.
  public enum Kind: String, Codable, Sendable {
    /// A model file was written, with its weights, thresholds and calibration.
    case model
    /// A test set was answered by a model.
    case opening
    /// Pictures were scored by cross-validation: nothing was locked, but their scores are known from then on.
    case crossValidation = "cross_validation"
  }

  /// 1 for the first line.
  public var number: Int
  public var kind: Kind
  /// ISO 8601, UTC.
  public var time: String
  /// Of the model file.
  public var model: ContentDigest
  /// Of the pictures that were scored; nil for a model.
  public var testSet: ContentDigest?
  /// The first 16 hexadecimal digits of each scored picture's digest, in rising order; nil where an earlier line of the
  /// same pictures has them.
  public var pictures: [String]?
  public var version: String
  /// The digest of the line before; nil for the first.
  public var previous: ContentDigest?
  public var digest: ContentDigest?

  enum CodingKeys: String, CodingKey {
    case number, kind, time, model, pictures, version, previous, digest
    case testSet = "test_set"
  }

  /// The line's digest as its content demands it.
  var expectedDigest: ContentDigest {
    get throws {
      var bare = self
      bare.digest = nil
      return ContentDigest(of: try bare.line())
    }
  }

  func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
