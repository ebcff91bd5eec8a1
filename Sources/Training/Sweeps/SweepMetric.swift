import Evaluation

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
  public var title: String {
    switch self {
    case .auc: "AUC"
    case .macroF1: "macro F1"
    case .brier: "Brier score"
    default: rawValue.replacing("_", with: " ")
    }
  }

  /// This one of a trial's metrics.
  public func metric(in metrics: ClassificationMetrics) -> Metric {
    switch self {
    case .auc: metrics.auc
    case .accuracy: metrics.accuracy
    case .balancedAccuracy: metrics.balancedAccuracy
    case .sensitivity: metrics.sensitivity
    case .specificity: metrics.specificity
    case .macroF1: metrics.macroF1
    case .brier: metrics.brier
    case .loss: metrics.loss
    }
  }

  /// Whether one value is better than another.
  public func isBetter(_ a: Double, than b: Double) -> Bool { isLowerBetter ? a < b : a > b }
}
