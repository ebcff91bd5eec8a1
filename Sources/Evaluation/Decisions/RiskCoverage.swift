/// Abstention by confidence: which share of pictures gets an answer (coverage), and which share of
/// those answers is wrong (risk), when only pictures whose confidence reaches a threshold are answered
/// (El-Yaniv and Wiener 2010).
public struct RiskCoverage: Sendable, Equatable, Codable {
  /// One place of the curve.
  public struct Point: Sendable, Equatable, Codable {
    /// Pictures with at least this confidence are answered; the others are referred. 0…1.
    public var threshold: Double
    /// Share of the pictures that are answered, 0…1.
    public var coverage: Double
    /// Share of these answers that are wrong, 0…1.
    public var risk: Double
  }

  /// From the highest confidence down, one for each different confidence.
  public var points: [Point]
  /// The mean risk over all coverages (Geifman and El-Yaniv 2017): each picture adds the risk at its
  /// confidence. 0 is best, the risk without abstention is what a random order gives.
  public var area: Metric

  /// The confidence of a picture is its highest probability.
  public init(_ predictions: Predictions, level: Double = 0.95) throws {
    try self.init(
      confidence: predictions.probabilities.map { $0.max() ?? 0 },
      wrong: zip(predictions.predicted, predictions.labels).map { $0 != $1 }, labels: predictions.labels,
      series: predictions.series, classCount: predictions.classes.count, level: level)
  }

  /// The same for labels that were found in another way than as the most probable class.
  ///
  /// - Parameters:
  ///   - confidence: of each picture's answer, finite; higher is surer.
  ///   - wrong: whether the answer is.
  ///   - labels: the true class of each picture, `0..<classCount`.
  ///   - series: of each picture.
  /// - Throws: `EvaluationError` for no pictures, arrays of different lengths, or a confidence that is not finite.
  public init(
    confidence: [Double], wrong: [Bool], labels: [Int], series: [Int], classCount: Int, level: Double = 0.95
  ) throws {
    try checkLevel(level)
    guard !confidence.isEmpty else { throw EvaluationError.noPictures }
    for (name, count) in [("wrong", wrong.count), ("labels", labels.count), ("series", series.count)]
    where count != confidence.count {
      throw EvaluationError.differentLengths(array: name, expected: confidence.count, actual: count)
    }
    if let picture = confidence.firstIndex(where: { !$0.isFinite }) {
      throw EvaluationError.notFinite(picture: picture, column: "confidence")
    }
    let order = ScoreOrder(confidence)
    let ones = [Double](repeating: 1, count: wrong.count)
    var points: [Point] = []
    order.forEachThreshold(positive: wrong, weights: ones) { picture, errors, right in
      points.append(
        Point(
          threshold: confidence[picture], coverage: (errors + right) / Double(wrong.count),
          risk: errors / (errors + right)))
    }
    self.points = points
    area = try SeriesGroups(series: series, labels: labels, classCount: classCount).metrics(
      [
        .init(scale: .share(upper: 1)) { weights in
          var (sum, before) = (0.0, 0.0)
          order.forEachThreshold(positive: wrong, weights: weights) { _, errors, right in
            let answered = errors + right
            if answered > before { sum += (answered - before) * errors / answered }
            before = answered
          }
          return sum / before
        }
      ], level: level)[0]
  }
}
