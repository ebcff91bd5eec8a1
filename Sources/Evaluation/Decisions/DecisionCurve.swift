/// Net benefit against the threshold probability (Vickers and Elkin 2006): what using the model gains
/// over treating nobody, in true positives for each picture, where a false positive costs
/// threshold / (1 - threshold) of a true one.
public struct DecisionCurve: Sendable, Equatable, Codable {
  /// The net benefit at one threshold.
  public struct Point: Sendable, Equatable, Codable {
    /// Threshold probability: a picture at or above it is called positive.
    public var threshold: Double
    /// Of the model, in true positives a picture: at most the prevalence, below 0 where it does harm.
    public var netBenefit: Metric
    /// Of calling every picture positive. Calling none has net benefit 0.
    public var treatAll: Double
  }

  /// The prevalence that net benefits are for, 0…1. Their intervals hold it fixed: they tell what another sample of series
  /// would make of sensitivity and specificity.
  public var prevalence: Double
  /// One for each threshold, in the order in which they were given.
  public var points: [Point]

  /// - Parameters:
  ///   - thresholds: 0…1, 1 excluded.
  ///   - prevalence: 0…1; nil means that of the pictures given.
  ///   - level: of the intervals, 0…1.
  /// - Throws: `EvaluationError.settingOutOfRange`.
  public init(
    _ outcomes: BinaryOutcomes, thresholds: [Double], prevalence: Double? = nil, level: Double = 0.95
  ) throws {
    let prevalence = prevalence ?? outcomes.prevalence
    try checkPrevalence(prevalence)
    for threshold in thresholds where !(threshold >= 0 && threshold < 1) {
      throw EvaluationError.settingOutOfRange(
        setting: "thresholds", actual: "\(threshold)", range: "0...1, 1 excluded")
    }
    self.prevalence = prevalence
    let groups = SeriesGroups(outcomes)
    points = try thresholds.map { threshold in
      let called = outcomes.probabilities.map { $0 >= threshold }
      func rates(_ weights: [Double]) -> (sensitivity: Double, specificity: Double) {
        shares(outcomes.positive, called: called, weights: weights)
      }
      let metrics = try groups.metrics(
        [
          .init(scale: .any) { weights in
            let rates = rates(weights)
            return Self.netBenefit(
              sensitivity: rates.sensitivity, specificity: rates.specificity, prevalence: prevalence,
              threshold: threshold)
          },
          .init(scale: .share(upper: 1), smallestSide: groups.seriesOfClass[1]) { rates($0).sensitivity },
          .init(scale: .share(upper: 1), smallestSide: groups.seriesOfClass[0]) { rates($0).specificity },
        ], level: level)
      let sum = RateCombination(weights: [prevalence, (1 - prevalence) * threshold / (1 - threshold)])
      return Point(
        threshold: threshold,
        // Every probability reaches 0, so that nothing varies there.
        netBenefit: threshold > 0 ? sum.bounded(metrics[0], by: Array(metrics[1...])) : metrics[0],
        treatAll: Self.netBenefit(sensitivity: 1, specificity: 0, prevalence: prevalence, threshold: threshold))
    }
  }

  static func netBenefit(
    sensitivity: Double, specificity: Double, prevalence: Double, threshold: Double
  ) -> Double {
    sensitivity * prevalence - (1 - specificity) * (1 - prevalence) * threshold / (1 - threshold)
  }
}
