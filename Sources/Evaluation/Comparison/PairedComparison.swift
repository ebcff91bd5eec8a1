/// Two models on the same pictures: how far they are apart, and whether that is more than chance.
public struct PairedComparison: Sendable, Equatable, Codable {
  /// What the interval of a difference allows to be said.
  public enum Verdict: String, Sendable, Codable {
    /// The interval of the difference lies above 0.
    case better
    /// It lies below 0.
    case worse
    /// It holds 0: nothing can be said.
    case undecided
    /// There is no interval, so nothing can be said either.
    case unknown
  }

  /// First model minus second.
  public var difference: Metric
  /// Of the first model.
  public var verdict: Verdict
  /// Probability of a difference at least as large if there were none, series taken whole; nil where
  /// there is no interval, and for means over classes.
  public var pValue: Double?

  init(_ difference: Metric, pValue: Double?) {
    self.difference = difference
    self.pValue = difference.hasInterval ? pValue : nil
    verdict =
      switch (difference.low, difference.high) {
      case (let low?, _) where low > 0: .better
      case (_, let high?) where high < 0: .worse
      case (_?, _?): .undecided
      default: .unknown
      }
  }
}

/// The areas under the curve of two models on the same pictures: DeLong's paired test (1988) with
/// Obuchowski's covariance for series (1997), and Student's t.
///
/// - Parameters:
///   - first: scores of the first model, any scale.
///   - second: scores of the second model for the same pictures in the same order.
///   - positive: whether each picture is positive.
///   - series: the series of each picture.
/// - Returns: the difference; with fewer than five series with positives, or with negatives, without an interval.
///   Degrees of freedom are one less than the number of series of the smaller side.
/// - Throws: `EvaluationError` for arrays of different lengths, a score that is not finite, or
///   positives or negatives alone.
public func compareAreas(
  _ first: [Double], _ second: [Double], positive: [Bool], series: [Int], level: Double = 0.95
) throws -> PairedComparison {
  try checkLevel(level)
  guard second.count == first.count else {
    throw EvaluationError.differentLengths(array: "second", expected: first.count, actual: second.count)
  }
  let groups = try checkedGroups(
    series: series, labels: positive.map { $0 ? 1 : 0 }, called: "positive", classCount: 2, first.count)
  guard groups.smallestSide >= BootstrapSettings.minimumSeries else {
    // A side of one series has no variance at all.
    let areas = try [first, second].map { try AreaUnderCurve.value(scores: $0, positive: positive) }
    return paired(difference: areas[0] - areas[1], variance: 0, freedom: 1, groups, level)
  }
  let difference = try AreaUnderCurve.difference(first, second, positive: positive, series: series)
  let freedom = Double(max(1, min(groups.seriesOfClass[0], groups.seriesOfClass[1]) - 1))
  return paired(difference: difference.value, variance: difference.variance, freedom: freedom, groups, level)
}

/// The accuracies of two models on the same pictures, series taken whole: Obuchowski's test for paired
/// proportions in clusters (1998, "On the comparison of correlated proportions for clustered data"),
/// with Student's t.
///
/// - Parameters:
///   - first: whether the first model was right, picture by picture.
///   - second: the same of the second model.
///   - labels: the true class of each picture, `0..<classCount`.
///   - classCount: number of classes.
/// - Returns: the difference; with fewer than five series of a class without an interval, like the accuracies
///   themselves. Degrees of freedom are one less than the number of series.
/// - Throws: `EvaluationError` for no pictures, arrays of different lengths, or a label out of range.
public func compareAccuracies(
  _ first: [Bool], _ second: [Bool], labels: [Int], classCount: Int, series: [Int], level: Double = 0.95
) throws -> PairedComparison {
  try checkLevel(level)
  guard !first.isEmpty else { throw EvaluationError.noPictures }
  guard second.count == first.count else {
    throw EvaluationError.differentLengths(array: "second", expected: first.count, actual: second.count)
  }
  let groups = try checkedGroups(series: series, labels: labels, classCount: classCount, first.count)
  let sums = discordances(first, second, groups)
  let count = Double(first.count)
  let difference = sums.reduce(0, +) / count
  var squares = 0.0
  for (sum, images) in zip(sums, groups.imageCounts) {
    let deviation = sum - difference * images
    squares += deviation * deviation
  }
  let clusters = Double(groups.seriesCount)
  let variance = clusters > 1 ? clusters / (clusters - 1) * squares / (count * count) : 0
  return paired(difference: difference, variance: variance, freedom: max(1, clusters - 1), groups, level)
}

private func paired(
  difference: Double, variance: Double, freedom: Double, _ groups: SeriesGroups, _ level: Double
) -> PairedComparison {
  func metric(_ half: Double?, _ method: String) -> Metric {
    Metric(
      value: difference, low: half.map { max(-1, difference - $0) }, high: half.map { min(1, difference + $0) },
      method: method, images: groups.imageCount, series: groups.seriesCount)
  }
  guard groups.smallestSide >= BootstrapSettings.minimumSeries else {
    return PairedComparison(metric(nil, "no interval: \(groups.smallestSide) series"), pValue: nil)
  }
  guard variance > 1e-18 else {
    return PairedComparison(metric(nil, "no interval: series do not differ"), pValue: nil)
  }
  let error = variance.squareRoot()
  let half = studentQuantile(0.5 + level / 2, degreesOfFreedom: freedom) * error
  let p = 2 * studentCumulative(-abs(difference) / error, degreesOfFreedom: freedom)
  return PairedComparison(metric(half, "paired, clustered by series, Student's t"), pValue: min(1, p))
}

func checkedGroups(
  series: [Int], labels: [Int], called name: String = "labels", classCount: Int, _ count: Int
) throws -> SeriesGroups {
  for (name, actual) in [("series", series.count), (name, labels.count)] where actual != count {
    throw EvaluationError.differentLengths(array: name, expected: count, actual: actual)
  }
  if let picture = labels.firstIndex(where: { !(0..<classCount).contains($0) }) {
    throw EvaluationError.labelOutOfRange(picture: picture, actual: labels[picture], classes: classCount)
  }
  return SeriesGroups(series: series, labels: labels, classCount: classCount)
}

/// For each series the pictures only the first model got right minus those only the second did.
func discordances(_ first: [Bool], _ second: [Bool], _ groups: SeriesGroups) -> [Double] {
  var sums = [Double](repeating: 0, count: groups.seriesCount)
  for picture in first.indices where first[picture] != second[picture] {
    sums[groups.seriesOf[picture]] += first[picture] ? 1 : -1
  }
  return sums
}
