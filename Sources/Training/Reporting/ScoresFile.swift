import Evaluation
import Foundation

/// What a report reads of `scores.json`: the figures as they were written, so that no page says anything else.
struct ScoresFile: Decodable {
  var metrics: ClassificationMetrics
  var perClass: [ClassMetrics]
  var confusionMatrix: [[Int]]
  var classes: [String]
  var positiveClass: String?
  var counts: [ClassCount]
  var split: Scores.SplitRecord
  /// Nil in a file of an earlier version.
  var decision: DecisionScores?
  var bootstrap: BootstrapSettings
  var notes: [String]
  var modelDigest: String
  var dataDigest: String
  var version: String

  enum CodingKeys: String, CodingKey {
    case metrics, classes, counts, split, decision, bootstrap, notes, version
    case perClass = "per_class"
    case confusionMatrix = "confusion_matrix"
    case positiveClass = "positive_class"
    case modelDigest = "model_digest"
    case dataDigest = "data_digest"
  }

  /// - Throws: `ReportingError`.
  static func load(from url: URL, shown path: String) throws -> ScoresFile {
    guard let content = try? Data(contentsOf: url) else { throw ReportingError.notScored(path: path) }
    do {
      return try JSONDecoder().decode(ScoresFile.self, from: content)
    } catch {
      throw ReportingError.damaged(path: path)
    }
  }

  var report: ClassificationReport {
    ClassificationReport(
      classes: classes, positiveClass: positiveClass, metrics: metrics, perClass: perClass,
      confusionMatrix: confusionMatrix, counts: counts, images: split.images, series: split.series,
      bootstrap: bootstrap,
      notes: notes)
  }
}

/// Why no report can be made, and what to do.
public enum ReportingError: Error, Equatable, CustomStringConvertible {
  case notScored(path: String)
  case damaged(path: String)
  case noLadder(path: String)
  case badLadder(path: String, reason: String)
  /// Files that do not belong to one run.
  case doNotBelongTogether(what: String, first: String, second: String)

  public var description: String {
    switch self {
    case .notScored(let path):
      "There is no '\(path)' to report on. Run `nefro evaluate` first, or `nefro pipeline`, which does all steps."
    case .damaged(let path): "'\(path)' is not what `nefro evaluate` writes. Run it again."
    case .noLadder(let path):
      "There is no ladder '\(path)'. `nefro reproduce` makes one; give its ladder.json."
    case .badLadder(let path, let reason):
      "'\(path)' is not a ladder.json of `nefro reproduce`: \(reason). Make it again, or name another."
    case .doNotBelongTogether(let what, let first, let second):
      "\(what) differs between \(first) and \(second), so they are not of one run. Run `nefro evaluate` again."
    }
  }
}
