/// Bootstrap over series within strata.
///
/// Of a stratum's K series K - 1 are drawn with replacement, and each draw counts K / (K - 1), which
/// makes the variance of a mean unbiased where drawing K makes it too small by (K - 1) / K (Rao and
/// Wu 1988, with their m = n - 1). The degrees of freedom follow Satterthwaite (1946): the share of
/// each stratum in the variance is measured by resampling that stratum alone.
struct ClusterBootstrap {
  let strata: [[Int]]
  let seriesCount: Int
  let resamples: Int

  /// - Parameters:
  ///   - figureCount: number of figures.
  ///   - generator: random numbers.
  ///   - figures: writes the figures of a weighting of the series; NaN where undefined.
  /// - Returns: one spread for each figure.
  func spreads(
    figureCount: Int, using generator: inout SplitMix64,
    figures: (_ weights: [Double], _ results: inout [Double]) -> Void
  ) -> [Spread] {
    let whole = moments(of: strata.indices, resamples, figureCount, &generator, figures)
    var weighted = [Double](repeating: 0, count: figureCount)
    var total = weighted
    for stratum in strata.indices {
      // One stratum alone holds the whole variance; its share need not be measured.
      let part =
        strata.count == 1
        ? whole : moments(of: stratum..<stratum + 1, max(100, resamples / 10), figureCount, &generator, figures)
      let freedom = Double(max(1, strata[stratum].count - 1))
      for figure in 0..<figureCount {
        let variance = part[figure].variance
        total[figure] += variance
        weighted[figure] += variance * variance / freedom
      }
    }
    return (0..<figureCount).map { figure in
      Spread(
        method: .bootstrap, standardError: whole[figure].variance.squareRoot(),
        degreesOfFreedom: weighted[figure] > 0 ? total[figure] * total[figure] / weighted[figure] : 1,
        undefined: resamples - whole[figure].count, drawn: resamples)
    }
  }

  private func moments(
    of drawn: Range<Int>, _ resamples: Int, _ figureCount: Int, _ generator: inout SplitMix64,
    _ figures: (_ weights: [Double], _ results: inout [Double]) -> Void
  ) -> [Moments] {
    var moments = [Moments](repeating: Moments(), count: figureCount)
    var results = [Double](repeating: 0, count: figureCount)
    var weights = [Double](repeating: 1, count: seriesCount)
    for _ in 0..<resamples {
      for stratum in drawn { Self.draw(from: strata[stratum], into: &weights, &generator) }
      figures(weights, &results)
      for figure in 0..<figureCount where results[figure].isFinite { moments[figure].add(results[figure]) }
    }
    return moments
  }

  private static func draw(from stratum: [Int], into weights: inout [Double], _ generator: inout SplitMix64) {
    // A single series always stands for itself.
    guard stratum.count > 1 else { return }
    for series in stratum { weights[series] = 0 }
    let share = Double(stratum.count) / Double(stratum.count - 1)
    for _ in 1..<stratum.count { weights[stratum[generator.index(below: stratum.count)]] += share }
  }
}

/// Running mean and variance (Welford 1962).
private struct Moments {
  private(set) var count = 0
  private var mean = 0.0
  private var squares = 0.0

  var variance: Double { count > 1 ? squares / Double(count - 1) : 0 }

  mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / Double(count)
    squares += difference * (value - mean)
  }
}
