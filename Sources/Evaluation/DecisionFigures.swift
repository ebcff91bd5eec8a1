/// What a threshold does: sensitivity, specificity, and what a positive or negative answer is worth
/// where the finding is as common as stated.
public struct DecisionFigures: Sendable, Equatable, Codable {
  /// A picture is called positive where its probability is at least this.
  public var threshold: Double
  /// The stated prevalence that the predictive values and the net benefit are for.
  public var prevalence: Double
  public var sensitivity: Metric
  public var specificity: Metric
  /// Nil where no picture is called positive.
  public var positivePredictiveValue: Metric?
  /// Nil where no picture is called negative.
  public var negativePredictiveValue: Metric?

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
    parts.append(
      .init(scale: .share(upper: 1)) { weights in
        let (sensitivity, specificity) = rates(weights)
        let right = sensitivity * prevalence
        return right / (right + (1 - specificity) * (1 - prevalence))
      })
    parts.append(
      .init(scale: .share(upper: 1)) { weights in
        let (sensitivity, specificity) = rates(weights)
        let right = specificity * (1 - prevalence)
        return right / (right + (1 - sensitivity) * prevalence)
      })
    let metrics = try groups.metrics(parts, level: level)
    (sensitivity, specificity) = (metrics[0], metrics[1])
    positivePredictiveValue = metrics[2].value.isNaN ? nil : metrics[2]
    negativePredictiveValue = metrics[3].value.isNaN ? nil : metrics[3]
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
