/// Jackknife over series within strata: each series is left out once, and the rest of its stratum
/// counts for the stratum's whole number of pictures.
///
/// With series of one size the variance of a mean is the unbiased one; with unequal sizes it is a
/// little larger than that of linearization, which is what small samples need (Bell and McCaffrey
/// 2002). The degrees of freedom follow Satterthwaite (1946), for pictures that agree within their
/// series: a stratum's are (Σ n²)² / Σ n⁴ - 1 with n pictures a series, one less than its number of
/// series where these are of one size, and fewer where one long series outweighs many short ones.
struct SeriesJackknife {
  /// Shape: [strata][series], places in `imageCounts`.
  let strata: [[Int]]
  /// Pictures of each series.
  let imageCounts: [Double]

  /// - Parameters:
  ///   - figureCount: number of figures.
  ///   - figures: writes the figures of a weighting of the series; NaN where undefined.
  /// - Returns: one spread for each figure; `undefined` counts the series without which it is undefined.
  func spreads(
    figureCount: Int, figures: (_ weights: [Double], _ results: inout [Double]) -> Void
  ) -> [Spread] {
    let ones = [Double](repeating: 1, count: imageCounts.count)
    var whole = [Double](repeating: .nan, count: figureCount)
    figures(ones, &whole)
    var results = whole
    var total = [Double](repeating: 0, count: figureCount)
    var weighted = total
    var undefined = [Int](repeating: 0, count: figureCount)
    for stratum in strata where stratum.count > 1 {
      var (images, squares, fourths) = (0.0, 0.0, 0.0)
      for series in stratum {
        images += imageCounts[series]
        let square = imageCounts[series] * imageCounts[series]
        squares += square
        fourths += square * square
      }
      var sums = [Double](repeating: 0, count: figureCount)
      var weights = ones
      for left in stratum {
        let share = images / (images - imageCounts[left])
        for series in stratum { weights[series] = share }
        weights[left] = 0
        figures(weights, &results)
        for figure in 0..<figureCount {
          let difference = results[figure] - whole[figure]
          if difference.isFinite { sums[figure] += difference * difference } else { undefined[figure] += 1 }
        }
      }
      let count = Double(stratum.count)
      let freedom = max(1, squares * squares / fourths - 1)
      for figure in 0..<figureCount {
        let variance = (count - 1) / count * sums[figure]
        total[figure] += variance
        weighted[figure] += variance * variance / freedom
      }
    }
    return (0..<figureCount).map { figure in
      Spread(
        method: .jackknife, standardError: total[figure].squareRoot(),
        degreesOfFreedom: weighted[figure] > 0 ? total[figure] * total[figure] / weighted[figure] : 1,
        undefined: undefined[figure], drawn: strata.reduce(0) { $0 + ($1.count > 1 ? $1.count : 0) })
    }
  }
}
