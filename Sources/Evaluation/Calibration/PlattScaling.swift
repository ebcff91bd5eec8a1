import Foundation

/// Platt's recalibration (1999): the log odds of a calibrated probability are
/// `intercept + slope · log odds` of the model's.
public struct PlattScaling: Sendable, Equatable, Codable {
  /// What the fit aims at.
  public enum Targets: String, Sendable, Codable {
    /// (N₊ + 1) / (N₊ + 2) for positives and 1 / (N₋ + 2) for negatives, Platt's own: a penalty that
    /// keeps the fit finite where the classes are separated (scikit-learn's `_sigmoid_calibration`).
    case smoothed
    /// 1 and 0: plain maximum likelihood.
    case plain
  }

  /// In log odds; 0 changes nothing.
  public var intercept: Metric
  /// 1 changes nothing, below 1 the confidence falls.
  public var slope: Metric
  /// What the fit aimed at.
  public var targets: Targets
  /// Of Newton's method.
  public var iterations: Int
  /// Mean log loss on the pictures of the fit, before and after; the second is flattering.
  public var lossBefore: Metric
  /// Mean log loss on the pictures of the fit, after it.
  public var lossAfter: Metric
  /// Number of pictures and series of the fit.
  public var images: Int
  /// Number of series of the fit.
  public var series: Int

  /// - Parameter outcomes: validation predictions, never those the model is judged on.
  /// - Throws: `EvaluationError.separable` with plain targets where probabilities separate the classes
  ///   completely, `constantProbabilities` where all are the same, `didNotConverge`.
  public init(fitting outcomes: BinaryOutcomes, targets: Targets = .smoothed, level: Double = 0.95) throws {
    let x = outcomes.probabilities.map(LogisticFit.logOdds)
    let positives = Double(outcomes.positive.count { $0 })
    let negatives = Double(outcomes.count) - positives
    let (one, zero) =
      targets == .plain ? (1, 0) : ((positives + 1) / (positives + 2), 1 / (negatives + 2))
    let goals = outcomes.positive.map { $0 ? one : zero }
    let fit = try LogisticFit(x: x, targets: goals, weights: goals.map { _ in 1 }, name: "Platt scaling")
    func refit(_ weights: [Double]) -> LogisticFit? {
      try? LogisticFit(x: x, targets: goals, weights: weights, name: "Platt scaling")
    }
    let groups = SeriesGroups(outcomes)
    let metrics = try groups.metrics(
      [
        .init(scale: .any) { refit($0)?.intercept ?? .nan },
        .init(scale: .any) { refit($0)?.slope ?? .nan },
      ], level: level)
    (intercept, slope) = (metrics[0], metrics[1])
    self.targets = targets
    iterations = fit.iterations
    images = outcomes.count
    series = groups.seriesCount
    func loss(_ probabilities: [Double]) throws -> Metric {
      let losses = zip(probabilities, outcomes.positive).map { probability, isPositive in
        ProbabilityScores.logLoss([1 - probability, probability], label: isPositive ? 1 : 0)
      }
      return try groups.mean(of: losses, scale: .positive, level: level)
    }
    lossBefore = try loss(outcomes.probabilities)
    lossAfter = try loss(x.map { 1 / (1 + exp(-(fit.intercept + fit.slope * $0))) })
  }

  /// The calibrated probability, 0…1.
  public func calibrated(_ probability: Double) -> Double {
    1 / (1 + exp(-(intercept.value + slope.value * LogisticFit.logOdds(probability))))
  }
}
