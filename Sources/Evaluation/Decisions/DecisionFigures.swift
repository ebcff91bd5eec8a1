/// What a threshold does: sensitivity, specificity, and what a positive or negative answer is worth
/// where the finding is as common as stated.
public struct DecisionFigures: Sendable, Equatable, Codable {
  /// A picture is called positive where its probability is at least this.
  public var threshold: Double
  /// The stated prevalence that the predictive values and the net benefit are for.
  public var prevalence: Double
  /// Share of the positive pictures at or above the threshold, 0…1.
  public var sensitivity: Metric
  /// Share of the negative pictures below the threshold, 0…1.
  public var specificity: Metric
  /// Nil where no picture is called positive.
  ///
  /// Leaving out series shows how this value varies only if it shows how sensitivity and specificity do. Where one of
  /// them is the same without any series, 1 as a rule, the interval reaches from the value at the lower ends of both
  /// intervals to the one at their upper ends. It misses the truth at one end only if one of the two misses it there:
  /// at a level of 0.95, in at most 0.05 of studies.
  public var positivePredictiveValue: Metric?
  /// Nil where no picture is called negative. Its interval is made like that of the positive one.
  public var negativePredictiveValue: Metric?

  /// The method of predictive values that the ends of sensitivity and specificity bound.
  static let boundMethod = "from the ends of sensitivity and specificity"

  /// - Parameters:
  ///   - threshold: 0…1.
  ///   - prevalence: 0…1, ends excluded: of the people the answer is for, not of the pictures given.
  public init(_ outcomes: BinaryOutcomes, threshold: Double, prevalence: Double, level: Double = 0.95) throws {
    guard (0...1).contains(threshold) else {
      throw EvaluationError.settingOutOfRange(setting: "threshold", actual: "\(threshold)", range: "0...1")
    }
    try checkPrevalence(prevalence)
    self.threshold = threshold
    self.prevalence = prevalence
    let groups = SeriesGroups(outcomes)
    let called = outcomes.probabilities.map { $0 >= threshold }
    func rates(_ weights: [Double]) -> (sensitivity: Double, specificity: Double) {
      shares(outcomes.positive, called: called, weights: weights)
    }
    let positives = outcomes.positive.count { $0 }
    var parts: [SeriesGroups.Part] = [
      .init(
        scale: .share(upper: 1), smallestSide: groups.seriesOfClass[1], images: positives,
        series: groups.seriesOfClass[1]
      ) { rates($0).sensitivity },
      .init(
        scale: .share(upper: 1), smallestSide: groups.seriesOfClass[0], images: outcomes.count - positives,
        series: groups.seriesOfClass[0]
      ) { rates($0).specificity },
    ]
    let values = [Self.positiveValue, Self.negativeValue]
    for value in values {
      parts.append(
        .init(scale: .share(upper: 1)) { weights in
          let (sensitivity, specificity) = rates(weights)
          return value(sensitivity, specificity, prevalence)
        })
    }
    let metrics = try groups.metrics(parts, level: level)
    (sensitivity, specificity) = (metrics[0], metrics[1])
    let bounded = zip(metrics[2...], values).map { metric, value in
      Self.bounded(metric, metrics[0], metrics[1]) { value($0, $1, prevalence) }
    }
    positivePredictiveValue = bounded[0].value.isNaN ? nil : bounded[0]
    negativePredictiveValue = bounded[1].value.isNaN ? nil : bounded[1]
  }

  /// Bayes' rule; NaN where nothing is called positive.
  private static func positiveValue(_ sensitivity: Double, _ specificity: Double, _ prevalence: Double) -> Double {
    let right = sensitivity * prevalence
    return right / (right + (1 - specificity) * (1 - prevalence))
  }

  /// Bayes' rule; NaN where nothing is called negative.
  private static func negativeValue(_ sensitivity: Double, _ specificity: Double, _ prevalence: Double) -> Double {
    let right = specificity * (1 - prevalence)
    return right / (right + (1 - sensitivity) * prevalence)
  }

  /// - Parameter value: rises with sensitivity and with specificity.
  /// - Returns: the metric with the bound of both rates, where one of them stands still and hides how it varies.
  private static func bounded(
    _ metric: Metric, _ sensitivity: Metric, _ specificity: Metric, value: (Double, Double) -> Double
  ) -> Metric {
    guard [sensitivity, specificity].contains(where: { $0.method == FigureScale.standsStill }),
      !metric.value.isNaN, let lowSensitivity = sensitivity.low, let lowSpecificity = specificity.low,
      let highSensitivity = sensitivity.high, let highSpecificity = specificity.high
    else { return metric }
    var metric = metric
    metric.low = min(metric.value, value(lowSensitivity, lowSpecificity))
    metric.high = max(metric.value, value(highSensitivity, highSpecificity))
    metric.method = boundMethod
    return metric
  }
}

/// Sensitivity and specificity of a call, each picture counting as its weight.
func shares(
  _ positive: [Bool], called: [Bool], weights: [Double]
) -> (sensitivity: Double, specificity: Double) {
  var (found, positives, cleared, negatives) = (0.0, 0.0, 0.0, 0.0)
  for picture in positive.indices {
    if positive[picture] {
      positives += weights[picture]
      if called[picture] { found += weights[picture] }
    } else {
      negatives += weights[picture]
      if !called[picture] { cleared += weights[picture] }
    }
  }
  return (found / positives, cleared / negatives)
}

func checkPrevalence(_ prevalence: Double) throws {
  guard prevalence > 0, prevalence < 1 else {
    throw EvaluationError.settingOutOfRange(
      setting: "prevalence", actual: "\(prevalence)", range: "0...1, ends excluded")
  }
}
