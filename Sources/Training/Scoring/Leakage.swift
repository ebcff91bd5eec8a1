import Evaluation
import KidneyData

/// What is known of a split that does not keep series together, for every number that comes of it.
public struct Leakage: Codable, Equatable, Sendable {
  /// Always "--accept-leakage": nothing else lets such a split pass.
  public var acceptedBy: String
  public var scoredPictures: Int
  /// Scored pictures that were trained on.
  public var trainedOn: Int
  /// Scored pictures that were not, but whose series was.
  public var ofTrainedSeries: Int

  enum CodingKeys: String, CodingKey {
    case acceptedBy = "accepted_by"
    case scoredPictures = "scored_pictures"
    case trainedOn = "trained_on"
    case ofTrainedSeries = "of_trained_series"
  }

  /// What is added to the method of every metric.
  static let mark = "LEAKY split"

  /// The mark for numbers that come of a split; nil for one that keeps series together.
  static func mark(of method: SplitMethod) -> String? { method.keepsSeries ? nil : mark }

  /// Nil for a split that keeps series together.
  init?(_ division: Division, scored pictures: [Int]) {
    guard !division.split.method.keepsSeries else { return nil }
    let training = Set(division.split.training)
    let series = Set(division.split.training.map { division.series.seriesOf[$0] })
    acceptedBy = "--accept-leakage"
    scoredPictures = pictures.count
    trainedOn = pictures.count { training.contains($0) }
    ofTrainedSeries = pictures.count { !training.contains($0) && series.contains(division.series.seriesOf[$0]) }
  }
}

extension ClassificationReport {
  /// The same with words added to the method of every metric, so that no figure can be quoted without them.
  func marked(_ words: String) -> ClassificationReport {
    func mark(_ metric: inout Metric) { metric.method += ", " + words }
    var report = self
    for path in Self.everyMetric { mark(&report.metrics[keyPath: path]) }
    for index in report.perClass.indices {
      mark(&report.perClass[index].sensitivity)
      mark(&report.perClass[index].f1)
      if var precision = report.perClass[index].precision {
        mark(&precision)
        report.perClass[index].precision = precision
      }
    }
    report.notes.append("\(words): slices of one series, or the pictures themselves, are on both sides; these figures say nothing of new patients")
    return report
  }

  private static let everyMetric: [WritableKeyPath<ClassificationMetrics, Metric> & Sendable] = [
    \.loss, \.accuracy, \.balancedAccuracy, \.sensitivity, \.specificity, \.auc, \.macroF1, \.brier,
  ]
}
