/// A threshold chosen from validation predictions, and what it rests on.
public struct OperatingPoint: Sendable, Equatable, Codable {
  /// What a threshold is chosen for.
  public enum Rule: Sendable, Equatable, Codable {
    /// The strictest threshold whose sensitivity is at least this, hence the most specific one.
    case sensitivityAtLeast(Double)
    /// The highest sensitivity + specificity - 1 (Youden 1950).
    case youden
    /// The highest net benefit where a false positive costs threshold / (1 - threshold) of a true
    /// positive, at a stated prevalence.
    case netBenefit(thresholdProbability: Double, prevalence: Double)
  }

  /// What the threshold was chosen for.
  public var rule: Rule
  /// Call a picture positive where its probability is at least this. It is one of the probabilities
  /// given.
  public var threshold: Double
  /// On the pictures the threshold was chosen from, hence flattering: judge it on others.
  public var sensitivity: Metric
  /// On the pictures the threshold was chosen from, hence flattering: judge it on others.
  public var specificity: Metric
  /// Number of pictures it was chosen from.
  public var images: Int
  /// Number of series it was chosen from.
  public var series: Int

  /// Of several thresholds that do equally well the strictest is taken.
  ///
  /// - Parameters:
  ///   - outcomes: validation predictions, never those the threshold is judged on.
  ///   - rule: what the threshold should do.
  /// - Throws: `EvaluationError` for a setting out of range.
  public init(choosing rule: Rule, from outcomes: BinaryOutcomes, level: Double = 0.95) throws {
    switch rule {
    case .sensitivityAtLeast(let wanted):
      guard wanted > 0, wanted <= 1 else {
        throw EvaluationError.settingOutOfRange(setting: "sensitivity", actual: "\(wanted)", range: "0...1, 0 excluded")
      }
    case .netBenefit(let probability, let prevalence):
      try checkPrevalence(prevalence)
      guard probability > 0, probability < 1 else {
        throw EvaluationError.settingOutOfRange(
          setting: "thresholdProbability", actual: "\(probability)", range: "0...1, ends excluded")
      }
    case .youden: break
    }
    let positives = Double(outcomes.positive.count { $0 })
    let negatives = Double(outcomes.count) - positives
    var best: (threshold: Double, merit: Double)?
    let ones = [Double](repeating: 1, count: outcomes.count)
    ScoreOrder(outcomes.probabilities).forEachThreshold(positive: outcomes.positive, weights: ones) {
      let (sensitivity, specificity) = ($1 / positives, 1 - $2 / negatives)
      let merit =
        switch rule {
        case .sensitivityAtLeast(let wanted): sensitivity >= wanted ? specificity : -1
        case .youden: sensitivity + specificity - 1
        case .netBenefit(let probability, let prevalence):
          DecisionCurve.netBenefit(
            sensitivity: sensitivity, specificity: specificity, prevalence: prevalence, threshold: probability)
        }
      // Sums of shares differ by rounding where they are equal.
      if best.map({ merit > $0.merit + 1e-12 }) ?? true { best = (outcomes.probabilities[$0], merit) }
    }
    guard let best else { throw EvaluationError.noPictures }
    let figures = try DecisionFigures(outcomes, threshold: best.threshold, prevalence: 0.5, level: level)
    self.rule = rule
    threshold = best.threshold
    sensitivity = figures.sensitivity
    specificity = figures.specificity
    images = outcomes.count
    series = Set(outcomes.series).count
  }
}
