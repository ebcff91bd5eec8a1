/// An area under the receiver operating characteristic with the variance of its estimate.
public struct AreaUnderCurve: Sendable, Equatable {
  /// 0…1.
  public var value: Double
  /// Of the estimate, at least 0.
  public var variance: Double

  /// - Parameters:
  ///   - value: 0…1.
  ///   - variance: of the estimate, at least 0.
  public init(value: Double, variance: Double) {
    self.value = value
    self.variance = variance
  }

  /// The interval `value ± quantile · √variance`, cut to 0…1.
  ///
  /// - Parameters:
  ///   - level: confidence level.
  ///   - degreesOfFreedom: where given, Student's t quantile is taken instead of the normal one.
  /// - Throws: `EvaluationError.settingOutOfRange` for a level outside 0…1 or degrees of freedom that
  ///   are not positive.
  public func interval(level: Double = 0.95, degreesOfFreedom: Double? = nil) throws -> Interval {
    try checkLevel(level)
    let quantile: Double
    if let degreesOfFreedom {
      guard degreesOfFreedom > 0 else {
        throw EvaluationError.settingOutOfRange(
          setting: "degreesOfFreedom", actual: "\(degreesOfFreedom)", range: "more than 0")
      }
      quantile = studentQuantile(0.5 + level / 2, degreesOfFreedom: degreesOfFreedom)
    } else {
      quantile = normalQuantile(0.5 + level / 2)
    }
    let half = quantile * variance.squareRoot()
    return Interval(low: max(0, value - half), high: min(1, value + half))
  }
}

extension AreaUnderCurve {
  /// The share of pairs of a positive and a negative in which the positive has the higher score; a tie
  /// counts half (Mann and Whitney 1947; scikit-learn's `roc_auc_score`).
  ///
  /// - Throws: `EvaluationError` for arrays of different lengths, a score that is not finite, or
  ///   positives or negatives alone.
  public static func value(scores: [Double], positive: [Bool]) throws -> Double {
    let placements = try Placements(scores: scores, positive: positive)
    return placements.area
  }

  /// The variance for independent pictures (DeLong, DeLong and Clarke-Pearson 1988).
  ///
  /// Pictures of one series are not independent: with series use `obuchowski`.
  /// - Throws: as `value`, and where there are fewer than two positives or two negatives.
  public static func deLong(scores: [Double], positive: [Bool]) throws -> AreaUnderCurve {
    let placements = try Placements(scores: scores, positive: positive)
    let (m, n) = (placements.positiveCount, placements.negativeCount)
    guard m >= 2, n >= 2 else {
      throw EvaluationError.tooFewForVariance(needed: 2, positives: m, negatives: n, unit: "pictures")
    }
    var (positiveSquares, negativeSquares) = (0.0, 0.0)
    for (share, isPositive) in zip(placements.shares, positive) {
      let deviation = share - placements.area
      if isPositive { positiveSquares += deviation * deviation } else { negativeSquares += deviation * deviation }
    }
    let variance =
      positiveSquares / Double(m - 1) / Double(m) + negativeSquares / Double(n - 1) / Double(n)
    return AreaUnderCurve(value: placements.area, variance: variance)
  }

  /// The variance for pictures that come in series (Obuchowski 1997, "Nonparametric analysis of
  /// clustered ROC curve data", equations for S10, S01 and S11). A series may hold both classes; with
  /// one picture a series it is DeLong's.
  ///
  /// - Parameter series: the series of each picture: any numbers, equal within a series.
  /// - Throws: as `value`, and where fewer than two series have positives or negatives.
  public static func obuchowski(scores: [Double], positive: [Bool], series: [Int]) throws -> AreaUnderCurve {
    let placements = try Placements(scores: scores, positive: positive)
    guard series.count == scores.count else {
      throw EvaluationError.differentLengths(array: "series", expected: scores.count, actual: series.count)
    }
    let variance = try variance(
      of: placements.shares.map { $0 - placements.area }, positive: positive, series: series)
    return AreaUnderCurve(value: placements.area, variance: variance)
  }

  /// The area of `first` minus that of `second` on the same pictures, with the variance of the
  /// difference: those of both less twice their covariance (DeLong 1988, Obuchowski 1997). With one
  /// picture a series it is DeLong's.
  ///
  /// - Throws: as `obuchowski`.
  public static func difference(
    _ first: [Double], _ second: [Double], positive: [Bool], series: [Int]
  ) throws -> AreaUnderCurve {
    let (one, other) = (
      try Placements(scores: first, positive: positive), try Placements(scores: second, positive: positive)
    )
    guard series.count == first.count else {
      throw EvaluationError.differentLengths(array: "series", expected: first.count, actual: series.count)
    }
    let deviations = first.indices.map { one.shares[$0] - one.area - (other.shares[$0] - other.area) }
    return AreaUnderCurve(
      value: one.area - other.area, variance: try variance(of: deviations, positive: positive, series: series))
  }

  /// Obuchowski's variance from what each picture's placement deviates.
  private static func variance(of deviations: [Double], positive: [Bool], series: [Int]) throws -> Double {
    var place: [Int: Int] = [:]
    var sums: [SeriesDeviation] = []
    for (index, deviation) in deviations.enumerated() {
      let slot = place[series[index], default: sums.count]
      if slot == sums.count {
        place[series[index]] = slot
        sums.append(SeriesDeviation())
      }
      if positive[index] {
        sums[slot].positive += deviation
        sums[slot].hasPositive = true
      } else {
        sums[slot].negative += deviation
        sums[slot].hasNegative = true
      }
    }
    let withPositives = sums.count { $0.hasPositive }
    let withNegatives = sums.count { $0.hasNegative }
    guard withPositives >= 2, withNegatives >= 2 else {
      throw EvaluationError.tooFewForVariance(
        needed: 2, positives: withPositives, negatives: withNegatives, unit: "series")
    }
    let m = Double(positive.count { $0 })
    let n = Double(positive.count) - m
    var (s10, s01, s11) = (0.0, 0.0, 0.0)
    for sum in sums {
      s10 += sum.positive * sum.positive
      s01 += sum.negative * sum.negative
      s11 += sum.positive * sum.negative
    }
    s10 *= Double(withPositives) / Double(withPositives - 1) / m
    s01 *= Double(withNegatives) / Double(withNegatives - 1) / n
    s11 *= Double(sums.count) / Double(sums.count - 1)
    return s10 / m + s01 / n + 2 * s11 / (m * n)
  }
}

/// What one series adds: sums over its pictures of placement minus area.
private struct SeriesDeviation {
  var positive = 0.0
  var negative = 0.0
  var hasPositive = false
  var hasNegative = false
}

/// For each positive the share of negatives it stands above, for each negative the share of positives
/// that stand above it; ties count half. One sort, so n log n.
private struct Placements {
  let shares: [Double]
  let area: Double
  let positiveCount: Int
  let negativeCount: Int

  init(scores: [Double], positive: [Bool]) throws {
    guard !scores.isEmpty else { throw EvaluationError.noPictures }
    guard positive.count == scores.count else {
      throw EvaluationError.differentLengths(array: "positive", expected: scores.count, actual: positive.count)
    }
    if let bad = scores.firstIndex(where: { !$0.isFinite }) {
      throw EvaluationError.notFinite(picture: bad, column: "score")
    }
    let positiveCount = positive.count { $0 }
    let negativeCount = positive.count - positiveCount
    guard positiveCount > 0, negativeCount > 0 else {
      throw EvaluationError.oneSideOnly(positives: positiveCount, negatives: negativeCount)
    }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var shares = [Double](repeating: 0, count: scores.count)
    var (positivesBelow, negativesBelow, start) = (0, 0, 0)
    while start < order.count {
      var end = start
      var (tiedPositives, tiedNegatives) = (0, 0)
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if positive[order[end]] { tiedPositives += 1 } else { tiedNegatives += 1 }
        end += 1
      }
      let below = (Double(negativesBelow) + Double(tiedNegatives) / 2) / Double(negativeCount)
      let above =
        (Double(positiveCount - positivesBelow - tiedPositives) + Double(tiedPositives) / 2) / Double(positiveCount)
      for index in order[start..<end] { shares[index] = positive[index] ? below : above }
      positivesBelow += tiedPositives
      negativesBelow += tiedNegatives
      start = end
    }
    var sum = 0.0
    for (share, isPositive) in zip(shares, positive) where isPositive { sum += share }
    self.shares = shares
    self.area = sum / Double(positiveCount)
    self.positiveCount = positiveCount
    self.negativeCount = negativeCount
  }
}
