import Foundation

/// Logistic regression on one number, by Newton's method with step halving: the probability of a
/// positive is 1 / (1 + exp(-(intercept + slope · x))). With the slope held the intercept is found by bisection, since
/// Newton's step is useless where confident answers leave next to no curvature.
struct LogisticFit: Equatable {
  var intercept: Double
  var slope: Double
  var iterations: Int

  static let maximumIterations = 100

  /// Probabilities are kept this far from 0 and 1 before their log odds are taken.
  static let clip = 1e-12

  static func logOdds(_ probability: Double) -> Double {
    let p = min(max(probability, clip), 1 - clip)
    return log(p / (1 - p))
  }

  /// - Parameters:
  ///   - x: one number for each picture.
  ///   - targets: 0…1, as many.
  ///   - weights: how much each picture counts, as many.
  ///   - fixedSlope: where given, only the intercept is fitted.
  ///   - name: of the fit, for errors.
  /// - Throws: `EvaluationError.separable` where targets of 0 and 1 are separated by `x`, so that no
  ///   finite solution exists; `constantProbabilities` where all `x` are equal and a slope is wanted;
  ///   `didNotConverge`.
  init(x: [Double], targets: [Double], weights: [Double], fixedSlope: Double? = nil, name: String) throws {
    try Self.refuseSeparable(x, targets, weights, slopeIsFree: fixedSlope == nil, name)
    if let fixedSlope {
      let (intercept, halvings) = Self.intercept(x, targets, weights, slope: fixedSlope)
      self.init(intercept: intercept, slope: fixedSlope, iterations: halvings)
      return
    }
    var (intercept, slope) = (0.0, 0.0)
    var current = Self.deviance(x, targets, weights, intercept, slope)
    for iteration in 1...Self.maximumIterations {
      var (g0, g1, h00, h01, h11) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for index in x.indices where weights[index] != 0 {
        let p = 1 / (1 + exp(-(intercept + slope * x[index])))
        let residual = weights[index] * (targets[index] - p)
        let curvature = weights[index] * p * (1 - p)
        g0 += residual
        g1 += residual * x[index]
        h00 += curvature
        h01 += curvature * x[index]
        h11 += curvature * x[index] * x[index]
      }
      let determinant = h00 * h11 - h01 * h01
      let step0 = (h11 * g0 - h01 * g1) / determinant
      let step1 = (h00 * g1 - h01 * g0) / determinant
      guard step0.isFinite, step1.isFinite else {
        throw EvaluationError.didNotConverge(fit: name, iterations: iteration)
      }
      var share = 1.0
      var next = Self.deviance(x, targets, weights, intercept + step0, slope + step1)
      // Near the solution the deviance changes by rounding alone; the step is then taken whole.
      while !(next <= current + 1e-12 * abs(current)), share > 1e-6 {
        share /= 2
        next = Self.deviance(x, targets, weights, intercept + share * step0, slope + share * step1)
      }
      intercept += share * step0
      slope += share * step1
      current = next
      if abs(step0) <= 1e-10 * (1 + abs(intercept)), abs(step1) <= 1e-10 * (1 + abs(slope)) {
        self.init(intercept: intercept, slope: slope, iterations: iteration)
        return
      }
    }
    throw EvaluationError.didNotConverge(fit: name, iterations: Self.maximumIterations)
  }

  private init(intercept: Double, slope: Double, iterations: Int) {
    self.intercept = intercept
    self.slope = slope
    self.iterations = iterations
  }

  /// The intercept at which as many positives are expected as there are. Both classes must be there, as
  /// `refuseSeparable` has made sure: the expected number grows with the intercept, from none to all.
  private static func intercept(
    _ x: [Double], _ targets: [Double], _ weights: [Double], slope: Double
  ) -> (Double, halvings: Int) {
    var (all, positives, lowest, highest) = (0.0, 0.0, Double.infinity, -Double.infinity)
    for index in x.indices where weights[index] != 0 {
      all += weights[index]
      positives += weights[index] * targets[index]
      lowest = min(lowest, slope * x[index])
      highest = max(highest, slope * x[index])
    }
    var (low, high) = (-highest - log(all / positives) - 1, -lowest + log(all / (all - positives)) + 1)
    for halving in 1...200 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return (middle, halving) }
      var missing = 0.0
      for index in x.indices where weights[index] != 0 {
        let z = middle + slope * x[index]
        // Not target - p: next to 1 nothing would be left of the difference.
        missing += weights[index] * (targets[index] / (1 + exp(z)) - (1 - targets[index]) / (1 + exp(-z)))
      }
      if missing > 0 { low = middle } else { high = middle }
    }
    return (low, 200)
  }

  private static func refuseSeparable(
    _ x: [Double], _ targets: [Double], _ weights: [Double], slopeIsFree: Bool, _ name: String
  ) throws {
    var (lowPositive, highPositive) = (Double.infinity, -Double.infinity)
    var (lowNegative, highNegative) = (Double.infinity, -Double.infinity)
    for index in x.indices where weights[index] > 0 {
      if targets[index] > 0 {
        lowPositive = min(lowPositive, x[index])
        highPositive = max(highPositive, x[index])
      }
      if targets[index] < 1 {
        lowNegative = min(lowNegative, x[index])
        highNegative = max(highNegative, x[index])
      }
    }
    guard lowPositive.isFinite, lowNegative.isFinite else { throw EvaluationError.separable(fit: name) }
    if slopeIsFree, min(lowPositive, lowNegative) == max(highPositive, highNegative) {
      throw EvaluationError.constantProbabilities(fit: name)
    }
    if slopeIsFree, highNegative <= lowPositive || highPositive <= lowNegative {
      throw EvaluationError.separable(fit: name)
    }
  }

  /// Minus the weighted log likelihood, without overflow.
  private static func deviance(
    _ x: [Double], _ targets: [Double], _ weights: [Double], _ intercept: Double, _ slope: Double
  ) -> Double {
    var sum = 0.0
    for index in x.indices where weights[index] != 0 {
      let z = intercept + slope * x[index]
      sum += weights[index] * (max(z, 0) - targets[index] * z + log1p(exp(-abs(z))))
    }
    return sum
  }
}
