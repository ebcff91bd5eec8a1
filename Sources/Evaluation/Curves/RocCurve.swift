/// The receiver operating characteristic: what each threshold gives. A picture is called positive
/// where its probability is at least the threshold (scikit-learn's `roc_curve` without dropping
/// points).
public struct RocCurve: Sendable, Equatable, Codable {
  /// What one threshold gives.
  public struct Point: Sendable, Equatable, Codable {
    /// Nil for the point at which no picture is called positive.
    public var threshold: Double?
    /// 0…1.
    public var sensitivity: Double
    /// 0…1.
    public var specificity: Double

    /// 0…1: 1 - specificity.
    public var falsePositiveRate: Double { 1 - specificity }
  }

  /// From the strictest threshold to the laxest, one for each different probability.
  public var points: [Point]
  /// The area with its interval over series.
  public var area: Metric

  /// - Parameters:
  ///   - outcomes: of both classes; probabilities 0…1.
  ///   - level: of the interval of the area, 0…1.
  /// - Throws: `EvaluationError` for a level out of range.
  public init(_ outcomes: BinaryOutcomes, level: Double = 0.95) throws {
    let ones = [Double](repeating: 1, count: outcomes.count)
    let positives = Double(outcomes.positive.count { $0 })
    let negatives = Double(outcomes.count) - positives
    var points = [Point(threshold: nil, sensitivity: 0, specificity: 1)]
    ScoreOrder(outcomes.probabilities).forEachThreshold(positive: outcomes.positive, weights: ones) {
      points.append(
        Point(
          threshold: outcomes.probabilities[$0], sensitivity: $1 / positives,
          specificity: (negatives - $2) / negatives))
    }
    self.points = points
    let groups = SeriesGroups(outcomes)
    let ranking = Ranking(
      scores: outcomes.probabilities, positive: outcomes.positive, series: Array(0..<outcomes.count))
    area = try groups.metrics(
      [.init(scale: .share(upper: 1), figure: { ranking.area(weights: $0) })], level: level)[0]
  }
}
