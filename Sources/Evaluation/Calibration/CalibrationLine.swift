/// How the log odds of what came true depend on the log odds that were said (Cox 1958): a calibrated
/// model has intercept 0 and slope 1, an overconfident one a slope below 1.
public struct CalibrationLine: Sendable, Equatable, Codable {
  /// Of the logistic regression of the outcome on the log odds, as R's `rms::val.prob` gives it.
  public var intercept: Metric
  /// Of the same regression.
  public var slope: Metric
  /// The intercept with the slope held at 1: calibration in the large. Above 0 the model says too
  /// little on average.
  public var interceptInTheLarge: Metric

  /// Probabilities are kept 1e-12 from 0 and 1.
  /// - Throws: `EvaluationError.separable` where probabilities separate the classes completely,
  ///   `constantProbabilities` where all are the same, `didNotConverge`.
  public init(_ outcomes: BinaryOutcomes, level: Double = 0.95) throws {
    let x = outcomes.probabilities.map(LogisticFit.logOdds)
    let targets = outcomes.positive.map { $0 ? 1.0 : 0 }
    // The error of the whole fit is the user's; one of a fit without some series leaves no interval.
    _ = try LogisticFit(
      x: x, targets: targets, weights: targets.map { _ in 1 }, name: "calibration line")
    func fit(_ weights: [Double], fixedSlope: Double? = nil) -> LogisticFit? {
      try? LogisticFit(x: x, targets: targets, weights: weights, fixedSlope: fixedSlope, name: "calibration line")
    }
    let metrics = try SeriesGroups(outcomes).unstratified.metrics(
      [
        .init(scale: .any) { fit($0)?.intercept ?? .nan },
        .init(scale: .any) { fit($0)?.slope ?? .nan },
        .init(scale: .any) { fit($0, fixedSlope: 1)?.intercept ?? .nan },
      ], level: level)
    (intercept, slope, interceptInTheLarge) = (metrics[0], metrics[1], metrics[2])
  }
}
