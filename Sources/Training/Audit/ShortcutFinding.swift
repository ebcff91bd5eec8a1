import Evaluation
import KidneyData

/// How well classes can be told by the files' format alone.
public struct ShortcutFinding: Codable, Sendable {
  public enum Verdict: String, Codable, Sendable {
    /// Format gives classes away.
    case found
    /// It seems to, but there are too few series to be sure.
    case suspected
    case notFound = "not_found"
    /// A class has one series only, so nothing can be learned on one and tried on another.
    case unknown
  }

  /// What one trait alone achieves.
  public struct Trait: Codable, Sendable {
    public var name: String
    public var auc: Metric
  }

  public var verdict: Verdict
  /// A sentence or two for a person.
  public var explanation: String
  /// Of all traits together, on series that were not learned from; nil if that is not possible.
  public var auc: Metric?
  public var balancedAccuracy: Metric?
  /// What balanced accuracy guessing reaches.
  public var chance: Double
  public var folds: Int?
  /// The best of the single traits, best first.
  public var traits: [Trait]

  enum CodingKeys: String, CodingKey {
    case verdict, explanation, auc, chance, folds, traits
    case balancedAccuracy = "balanced_accuracy"
  }

  /// A format that separates classes less than this is no shortcut worth taking.
  static let tellingAUC = 0.75

  /// - Parameter seed: of the folds and the bootstrap.
  init(_ audit: DataAudit, seed: UInt64) throws {
    let data = audit.data
    chance = 1 / Double(data.classes.count)
    func report(_ values: [[Double]], resamples: Int) throws -> (report: ClassificationReport, folds: Int) {
      let detector = try ShortcutDetector(
        traits: values, labels: data.labels, series: audit.series.seriesOf, classes: data.classes, seed: seed)
      let predictions = try Predictions(
        classes: data.classes, labels: data.labels, probabilities: detector.probabilities,
        series: audit.series.seriesOf)
      let settings = BootstrapSettings(resamples: resamples, seed: seed)
      return (try Evaluation.evaluate(predictions, positiveClass: data.positiveClass, bootstrap: settings), detector.folds)
    }
    let counts = audit.series.seriesPerClass(labels: data.labels, classes: data.classes.count)
    guard (counts.min() ?? 0) >= 2 else {
      let label = counts.firstIndex { $0 < 2 } ?? 0
      verdict = .unknown
      explanation =
        "Class '\(data.classes[label])' has one series only, so it cannot be told whether format gives it away. Compare sizes and modes in the table."
      traits = []
      return
    }
    let all: (report: ClassificationReport, folds: Int)
    do {
      all = try report(audit.traits.map(\.values), resamples: 1000)
    } catch KidneyDataError.tooFewSeries {
      // Series that hold several classes may leave a class out of a fold.
      verdict = .unknown
      explanation = "Series hold several classes, so that no folds have them all; it cannot be told whether format gives classes away."
      traits = []
      return
    }
    (auc, balancedAccuracy, folds) = (all.report.auc, all.report.balancedAccuracy, all.folds)
    traits = try FormatTraits.names.indices.compactMap { trait -> Trait? in
      guard Set(audit.traits.map { $0.values[trait] }).count > 1 else { return nil }
      return Trait(name: FormatTraits.names[trait], auc: try report(audit.traits.map { [$0.values[trait]] }, resamples: 200).report.auc)
    }.sorted { ($1.auc.value, $0.name) < ($0.auc.value, $1.name) }
    traits = Array(traits.prefix(5))
    let best = traits.first.map { "; best alone: \($0.name)" } ?? ""
    let value = all.report.auc
    if value.value < Self.tellingAUC {
      verdict = .notFound
      explanation = "On series it has not seen, format alone does not tell the classes."
    } else if let low = value.low {
      verdict = low > 0.5 ? .found : .suspected
      explanation =
        verdict == .found
        ? "Format alone tells the classes of unseen series\(best). A classifier may learn how files were made instead of what they show: bring all classes into one format from the same source."
        : "Format alone seems to tell the classes\(best), but the interval holds chance."
    } else {
      verdict = .suspected
      explanation = "Format alone seems to tell the classes\(best), but there are too few series to be sure."
    }
  }
}
