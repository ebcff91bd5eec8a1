import Evaluation
import Reports

/// What a model must show before it may answer.
///
/// Declared in `config/promotion.yaml`, so that the rule is there before the candidate is. Without that file `standard`
/// holds.
public struct PromotionGate: Equatable, Sendable {
  /// One end of a metric that must lie on the right side of a bound.
  public struct Bound: Equatable, Sendable {
    /// Which number of a metric is held against the bound: the estimate, or an end of its interval.
    public enum End: String, Sendable {
      case value, low, high
    }

    /// As in `scores.json`, such as `auc` or `macro_f1`.
    public var metric: String
    /// Which number of the metric is held against the bound.
    public var end: End
    /// In the metric's unit; nil sets no lower bound.
    public var atLeast: Double?
    /// In the metric's unit; nil sets no upper bound.
    public var atMost: Double?

    /// - Parameters:
    ///   - metric: its name in `scores.json`.
    ///   - end: which number of it is looked at.
    ///   - atLeast, atMost: in the metric's unit; nil sets no bound on that side.
    public init(metric: String, end: End, atLeast: Double? = nil, atMost: Double? = nil) {
      self.metric = metric
      self.end = end
      self.atLeast = atLeast
      self.atMost = atMost
    }
  }

  /// What the paired test against the present champion must show.
  public enum AgainstChampion: String, CaseIterable, Sendable {
    /// The interval of the difference in AUC lies above 0.
    case better
    /// Its low end lies above minus the margin.
    case notWorse = "not_worse"
    /// The test is made and kept, whatever it says.
    case any
  }

  /// All of them must hold.
  public var bounds: [Bound]
  /// What the comparison with the present champion must show.
  public var againstChampion: AgainstChampion
  /// By how much the AUC may be lower, for `notWorse`; 0…1.
  public var margin: Double
  /// How often the test set may have been opened; nil sets no limit.
  public var openingsAtMost: Int?

  /// - Parameters:
  ///   - margin: of the AUC, 0…1.
  ///   - openingsAtMost: 0 or more; nil sets no limit.
  public init(bounds: [Bound], againstChampion: AgainstChampion, margin: Double, openingsAtMost: Int?) {
    self.bounds = bounds
    self.againstChampion = againstChampion
    self.margin = margin
    self.openingsAtMost = openingsAtMost
  }

  /// Better than guessing beyond doubt, and not shown to be worse than the champion by more than 0.05.
  public static let standard = PromotionGate(
    bounds: [Bound(metric: "auc", end: .low, atLeast: 0.5)], againstChampion: .notWorse, margin: 0.05,
    openingsAtMost: nil)
}

/// One thing that was looked at.
public struct PromotionFinding: Equatable, Sendable {
  /// Whether the candidate meets the gate in this.
  public var passed: Bool
  /// What was found, with its numbers, in one sentence.
  public var sentence: String

  /// - Parameter sentence: with the numbers that were compared.
  public init(passed: Bool, sentence: String) {
    self.passed = passed
    self.sentence = sentence
  }
}

extension PromotionGate {
  /// Holds a candidate against the gate.
  ///
  /// - Parameters:
  ///   - scores: of the candidate.
  ///   - comparison: candidate against champion on the same pictures; nil where there is no champion.
  ///   - hasChampion: whether another version answers now.
  ///   - reasonWithout: why there is no comparison although there is a champion.
  /// - Returns: every finding; the candidate passes if all did.
  public func judge(
    _ scores: PromotionScores, comparison: PairedComparison?, hasChampion: Bool, reasonWithout: String? = nil
  ) -> [PromotionFinding] {
    var findings: [PromotionFinding] = []
    if let leakage = scores.leakage {
      findings.append(PromotionFinding(passed: false, sentence: "its scores are leaky: \(leakage)"))
    } else {
      findings.append(PromotionFinding(passed: true, sentence: "it was scored on series that it was not trained on"))
    }
    findings += bounds.map { judge($0, scores) }
    findings += judge(scores.opening)
    if hasChampion { findings.append(judge(comparison, reasonWithout)) }
    return findings
  }

  private func judge(_ bound: Bound, _ scores: PromotionScores) -> PromotionFinding {
    guard let metric = scores.metrics[bound.metric] else {
      return PromotionFinding(passed: false, sentence: "it has no metric '\(bound.metric)'")
    }
    let number: Double? =
      switch bound.end {
      case .value: metric.value
      case .low: metric.low
      case .high: metric.high
      }
    let name = bound.end == .value ? bound.metric : "the \(bound.end.rawValue) end of \(bound.metric)"
    guard let number else {
      return PromotionFinding(passed: false, sentence: "\(name) cannot be judged: \(metric.method)")
    }
    let above = bound.atLeast.map { number >= $0 } ?? true
    let below = bound.atMost.map { number <= $0 } ?? true
    let wanted = [
      bound.atLeast.map { "at least \(MetricText.number($0))" }, bound.atMost.map { "at most \(MetricText.number($0))" },
    ].compactMap(\.self).joined(separator: " and ")
    // A value never stands without its interval; an end is one of an interval.
    let found = bound.end == .value ? MetricText.value(metric, in: .english) : MetricText.number(number)
    return PromotionFinding(passed: above && below, sentence: "\(name) is \(found), asked for is \(wanted)")
  }

  private func judge(_ opening: TestSetOpening?) -> [PromotionFinding] {
    guard let opening else {
      guard openingsAtMost != nil else { return [] }
      return [PromotionFinding(passed: false, sentence: "it was not scored on a locked test set")]
    }
    var findings: [PromotionFinding] = []
    if !opening.modelPredatesFirstOpening {
      findings.append(
        PromotionFinding(
          passed: false,
          sentence: "it was made after the test set was first opened (\(opening.firstOpened)), so it may have been chosen by it"))
    }
    if let most = openingsAtMost {
      findings.append(
        PromotionFinding(
          passed: opening.openings <= most,
          sentence: "the test set was opened \(opening.openings) times, allowed is \(most)"))
    }
    return findings
  }

  private func judge(_ comparison: PairedComparison?, _ reasonWithout: String?) -> PromotionFinding {
    guard let comparison else {
      return PromotionFinding(
        passed: againstChampion == .any,
        sentence: "it was not compared with the champion: \(reasonWithout ?? "one of the two has no predictions")")
    }
    let metric = comparison.difference
    let found = "AUC minus the champion's is \(MetricText.number(metric.value))"
    guard let low = metric.low, let high = metric.high else {
      return PromotionFinding(passed: againstChampion == .any, sentence: "\(found), \(metric.method)")
    }
    let range = "\(found) (\(MetricText.number(low)) to \(MetricText.number(high)))"
    return switch againstChampion {
    case .any: PromotionFinding(passed: true, sentence: range)
    case .better: PromotionFinding(passed: low > 0, sentence: "\(range), asked for is an interval above 0")
    case .notWorse:
      PromotionFinding(
        passed: low >= -margin, sentence: "\(range), asked for is a low end of at least -\(MetricText.number(margin))")
    }
  }
}
