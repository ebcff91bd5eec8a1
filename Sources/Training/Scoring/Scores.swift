import Evaluation
import Foundation
import Inference
import KidneyData

/// The content of `scores.json`: the report's two plain numbers first, then every metric with its interval and
/// what is needed to judge it.
public struct Scores: Sendable {
  /// Every metric, with its interval, marked where it must not be believed as it stands.
  public var report: ClassificationReport
  /// Which pictures they rest on.
  public var split: SplitRecord
  /// Of thresholds, referrals and the gate; nil where the model has no decision rule.
  public var decision: DecisionScores?
  /// The scored model's digest.
  public var model: String
  /// The data set's digest.
  public var data: String
  /// The program's.
  public var version: String

  /// Which pictures the scores rest on, and what is to be said of them.
  public struct SplitRecord: Codable, Equatable, Sendable {
    /// How the data was split, as `SPLIT` of the parameters names it.
    public var method: String
    /// Of the split's draws.
    public var seed: UInt64
    /// Of the split; 64 hexadecimal digits.
    public var digest: String
    /// Whether a test part, validation part or cross-validation was scored.
    public var scoredBy: String
    /// Scored pictures.
    public var images: Int
    /// Scored series.
    public var series: Int
    /// What series were told apart by, such as numbers in the names.
    public var seriesBasis: String
    /// What is to be said beside every score of it; sentences.
    public var warnings: [String]
    /// Nil for a split that keeps series together.
    public var leakage: Leakage?
    /// Nil where no test part was set aside.
    public var testSet: TestSetOpening?

    enum CodingKeys: String, CodingKey {
      case method, seed, digest, images, series, warnings, leakage
      case testSet = "test_set"
      case scoredBy = "scored_by"
      case seriesBasis = "series_basis"
    }
  }

  init(
    report: ClassificationReport, decision: DecisionScores?, division: Division, repeats: Int = 1, pictures: [Int],
    opening: TestSetOpening? = nil, model: ModelFile, data: DataSet, version: String
  ) {
    let leakage = Leakage(division, scored: pictures)
    let marks = [leakage.map { _ in ScoreMark.leaky }, opening?.mark].compactMap(\.self)
    self.report = report.marked(marks)
    self.decision = decision?.marked(marks)
    self.model = model.digest.hex
    self.data = data.manifest.digest.hex
    self.version = version
    let scoredBy =
      switch (division.split.method, division.protocolKind) {
      case (.keras, _): "the model, on the head of each class's sorted list"
      case (_, .heldOut): "the model, on pictures set aside"
      case (_, .groupedFolds(let folds)):
        "pooled out-of-fold predictions of grouped \(folds)-fold cross-validation: models trained like this one, each without the series it answers"
          + (repeats > 1 ? Self.meansClause(repeats) : "")
      }
    split = SplitRecord(
      method: division.split.method.rawValue, seed: division.split.seed, digest: division.split.digest.hex,
      scoredBy: scoredBy, images: pictures.count, series: Set(pictures.map { division.series.seriesOf[$0] }).count,
      seriesBasis: division.series.basis.rawValue, warnings: division.warnings(scored: pictures) + [opening?.warning].compactMap(\.self), leakage: leakage,
      testSet: opening)
  }

  /// What is said of scores from several repeats of the folds.
  static func meansClause(_ repeats: Int) -> String {
    "; \(repeats) repeats with other folds, figures are means over them"
  }

  /// The file's text. `loss` and `accuracy` come first, as plain numbers, as in the report's file.
  public func json() throws -> String {
    struct Rest: Encodable {
      var metrics: ClassificationMetrics
      var per_class: [ClassMetrics]
      var confusion_matrix: [[Int]]
      var classes: [String]
      var positive_class: String?
      var counts: [ClassCount]
      var split: SplitRecord
      var decision: DecisionScores?
      var bootstrap: BootstrapSettings
      var notes: [String]
      var model_digest: String
      var data_digest: String
      var version: String
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let rest = try encoder.encode(
      Rest(
        metrics: report.metrics, per_class: report.perClass, confusion_matrix: report.confusionMatrix,
        classes: report.classes, positive_class: report.positiveClass, counts: report.counts, split: split,
        decision: decision, bootstrap: report.bootstrap, notes: report.notes, model_digest: model, data_digest: data, version: version))
    let body = String(decoding: rest, as: UTF8.self).dropFirst(2)
    return "{\n  \"loss\" : \(report.loss.value),\n  \"accuracy\" : \(report.accuracy.value),\n\(body)\n"
  }
}

extension Division {
  /// What makes these scores better than they deserve, in words; empty for an honest split.
  func warnings(scored pictures: [Int]) -> [String] {
    guard protocolKind == .heldOut else { return [] }
    let training = Set(split.training)
    let trainedSeries = Set(split.training.map { series.seriesOf[$0] })
    let seen = pictures.count { training.contains($0) }
    let related = pictures.count { !training.contains($0) && trainedSeries.contains(series.seriesOf[$0]) }
    var warnings: [String] = []
    if seen > 0 { warnings.append("\(seen) of the \(pictures.count) scored pictures were trained on.") }
    let validation = Set(split.validation)
    let chosenOn = pictures.count { validation.contains($0) }
    if chosenOn > 0 {
      warnings.append(
        "\(chosenOn) of the \(pictures.count) scored pictures are the validation part, which early stopping and the plateau schedule look at.")
    }
    if related > 0 {
      warnings.append(
        "\(related) of the \(pictures.count) scored pictures are slices of a series that was trained on, so these scores are too good; SPLIT: series keeps series together.")
    }
    return warnings
  }
}
