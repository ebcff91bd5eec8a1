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

  /// How a threshold must meet the wanted risk.
  public enum Bound: String, Sendable, Codable {
    /// The risk itself is at most the wanted one.
    case estimate
    /// The upper end of the risk's interval over series is.
    case upperEnd
  }

  /// A threshold for a wanted risk, and what it rests on.
  public struct Choice: Sendable, Equatable, Codable {
    public var threshold: Double
    public var wantedRisk: Double
    public var bound: Bound
    /// On the pictures the threshold was chosen from.
    public var coverage: Metric
    public var risk: Metric
    /// Number of pictures and series it was chosen from.
    public var images: Int
    public var series: Int
  }

  /// From the highest confidence down, one for each different confidence.
  public var points: [Point]
  /// The mean risk over all coverages (Geifman and El-Yaniv 2017): each picture adds the risk at its
  /// confidence. 0 is best, the risk without abstention is what a random order gives.
  public var area: Metric

  private let confidence: [Double]
  private let wrong: [Bool]
  private let labels: [Int]
  private let series: [Int]
  private let classCount: Int
  private let level: Double

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
    (self.confidence, self.wrong, self.labels, self.series) = (confidence, wrong, labels, series)
    self.classCount = classCount
    self.level = level
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

  /// The threshold that answers most pictures with at most the wanted risk.
  ///
  /// - Parameters:
  ///   - risk: wanted share of wrong answers among those given, 0…1.
  ///   - bound: whether the risk or the upper end of its interval must meet it. The upper end is the
  ///     careful choice: a threshold picked from few series otherwise promises too much.
  /// - Throws: `EvaluationError.unreachable` where no threshold does.
  public func threshold(forRisk risk: Double, bound: Bound = .estimate) throws -> Choice {
    guard (0...1).contains(risk) else {
      throw EvaluationError.settingOutOfRange(setting: "risk", actual: "\(risk)", range: "0...1")
    }
    var lowest = Double.infinity
    for point in points.reversed() {
      if point.risk <= risk {
        let (coverage, found) = try figures(at: point.threshold)
        lowest = min(lowest, bound == .estimate ? found.value : found.high ?? .infinity)
        if bound == .estimate || (found.high ?? .infinity) <= risk {
          return Choice(
            threshold: point.threshold, wantedRisk: risk, bound: bound, coverage: coverage, risk: found,
            images: wrong.count, series: Set(series).count)
        }
      } else if bound == .estimate {
        lowest = min(lowest, point.risk)
      }
    }
    throw EvaluationError.unreachable(
      goal: bound == .estimate ? "a risk of \(risk)" : "an upper end of the risk of \(risk)",
      best: lowest.isFinite ? "\(lowest)" : "none with an interval")
  }

  private func figures(at threshold: Double) throws -> (coverage: Metric, risk: Metric) {
    let whole = SeriesGroups(series: series, labels: labels, classCount: classCount)
    let coverage = try whole.mean(
      of: confidence.map { $0 >= threshold ? 1 : 0 }, scale: .share(upper: 1), level: level)
    // Which classes are answered is part of what varies: series are one stratum.
    let answered = confidence.indices.filter { confidence[$0] >= threshold }
    let subset = SeriesGroups(series: answered.map { series[$0] }, labels: answered.map { _ in 0 }, classCount: 1)
    let risk = try subset.mean(of: answered.map { wrong[$0] ? 1 : 0 }, scale: .share(upper: 1), level: level)
    return (coverage, risk)
  }
}
