/// McNemar's tests of two models on the same pictures: whether those that only one got right are
/// evenly shared.
public struct McNemar: Sendable, Equatable, Codable {
  /// Pictures that only the first model got right.
  public var onlyFirst: Int
  /// Pictures that only the second model got right.
  public var onlySecond: Int
  /// Two-sided p of the exact binomial test, which takes pictures as independent: with series it is
  /// far too small.
  public var exactPValue: Double
  /// Durkalski's test for clusters (Durkalski et al. 2003): (Σ dₖ/nₖ)² / Σ (dₖ/nₖ)² over series with
  /// pictures nₖ and differences dₖ, chi-squared with one degree of freedom; nil where no series
  /// differs.
  public var clusteredStatistic: Double?
  /// Nil where no series differs, and with fewer than five series of a class; `method` says why.
  public var clusteredPValue: Double?
  /// What the clustered p rests on, or why there is none, such as "no p: 4 series".
  public var method: String

  /// - Parameters:
  ///   - first: whether the first model was right, picture by picture.
  ///   - second: the same of the second model.
  ///   - labels: the true class of each picture, `0..<classCount`.
  ///   - classCount: number of classes.
  ///   - series: the series of each picture.
  /// - Throws: `EvaluationError` for no pictures, arrays of different lengths, or a label out of range.
  public init(_ first: [Bool], _ second: [Bool], labels: [Int], classCount: Int, series: [Int]) throws {
    guard !first.isEmpty else { throw EvaluationError.noPictures }
    guard second.count == first.count else {
      throw EvaluationError.differentLengths(array: "second", expected: first.count, actual: second.count)
    }
    let groups = try checkedGroups(series: series, labels: labels, classCount: classCount, first.count)
    onlyFirst = zip(first, second).count { $0 && !$1 }
    onlySecond = zip(first, second).count { !$0 && $1 }
    exactPValue = Self.exact(onlyFirst, onlySecond)
    var (sum, squares) = (0.0, 0.0)
    for (difference, images) in zip(discordances(first, second, groups), groups.imageCounts) {
      sum += difference / images
      squares += difference / images * (difference / images)
    }
    clusteredStatistic = squares > 0 ? sum * sum / squares : nil
    if groups.smallestSide < BootstrapSettings.minimumSeries {
      method = "no p: \(groups.smallestSide) series"
    } else if let clusteredStatistic {
      clusteredPValue = 2 * normalCumulative(-clusteredStatistic.squareRoot())
      method = "Durkalski's test, clustered by series"
    } else {
      method = "no p: series do not differ"
    }
  }

  /// Twice the smaller tail of a fair coin's binomial distribution, at most 1.
  private static func exact(_ first: Int, _ second: Int) -> Double {
    let (smaller, total) = (Double(min(first, second)), Double(first + second))
    guard total > 0, first != second else { return 1 }
    // P(X <= k) = I_{1/2}(n - k, k + 1).
    return min(1, 2 * incompleteBeta(0.5, total - smaller, smaller + 1))
  }
}
