import Evaluation
import Reports

/// What a sweep judges its trials by; the names are those of `scores.json`.
public enum SweepMetric: String, Codable, CaseIterable, Sendable {
  /// Of the positive class; with more than two classes the mean over all, each against the rest.
  case auc
  case accuracy
  case balancedAccuracy = "balanced_accuracy"
  case sensitivity, specificity
  case macroF1 = "macro_f1"
  case brier, loss

  /// Whether a smaller value is better: of the Brier score and the loss.
  public var isLowerBetter: Bool { self == .brier || self == .loss }

  /// As a person reads it.
  public var title: String { MetricText.title(of: rawValue) }

  /// This one of a trial's metrics.
  public func metric(in metrics: ClassificationMetrics) -> Metric {
    guard let found = metrics.named.first(where: { $0.name == rawValue }) else {
      preconditionFailure("\(rawValue) is no figure of scores.json")
    }
    return found.metric
  }

  /// Whether one value is better than another.
  public func isBetter(_ a: Double, than b: Double) -> Bool { isLowerBetter ? a < b : a > b }
}
