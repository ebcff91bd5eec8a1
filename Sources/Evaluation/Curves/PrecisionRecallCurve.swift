/// Precision against sensitivity (scikit-learn's `precision_recall_curve`, highest threshold first).
public struct PrecisionRecallCurve: Sendable, Equatable, Codable {
  /// What one threshold gives.
  public struct Point: Sendable, Equatable, Codable {
    /// A picture whose probability is at or above it is called positive. 0…1.
    public var threshold: Double
    /// Share of true positives among the pictures called positive, 0…1.
    public var precision: Double
    /// Share of the positives that are called positive, 0…1.
    public var sensitivity: Double
  }

  /// One for each different probability, the highest threshold first.
  public var points: [Point]
  /// Σ (Rᵢ - Rᵢ₋₁) Pᵢ, as scikit-learn's `average_precision_score`, with its interval over series. It
  /// depends on the prevalence: that of the pictures given.
  public var averagePrecision: Metric

  /// - Parameters:
  ///   - outcomes: with positives; probabilities 0…1.
  ///   - level: of the interval, 0…1.
  /// - Throws: `EvaluationError` for a level out of range.
  public init(_ outcomes: BinaryOutcomes, level: Double = 0.95) throws {
    let ones = [Double](repeating: 1, count: outcomes.count)
    let positives = Double(outcomes.positive.count { $0 })
    let order = ScoreOrder(outcomes.probabilities)
    var points: [Point] = []
    order.forEachThreshold(positive: outcomes.positive, weights: ones) {
      points.append(
        Point(threshold: outcomes.probabilities[$0], precision: $1 / ($1 + $2), sensitivity: $1 / positives))
    }
    self.points = points
    averagePrecision = try SeriesGroups(outcomes).metrics(
      [.init(scale: .share(upper: 1), figure: { Self.average(order, outcomes.positive, $0) })], level: level)[0]
  }

  private static func average(_ order: ScoreOrder, _ positive: [Bool], _ weights: [Double]) -> Double {
    var (sum, before) = (0.0, 0.0)
    order.forEachThreshold(positive: positive, weights: weights) { _, positives, negatives in
      if positives > before { sum += (positives - before) * positives / (positives + negatives) }
      before = positives
    }
    return sum / before
  }
}
