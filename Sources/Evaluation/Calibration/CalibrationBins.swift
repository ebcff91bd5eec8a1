/// Pictures sorted into bins of equal width by probability: what was said beside what came true.
public struct CalibrationBins: Sendable, Equatable, Codable {
  /// The pictures whose probability lies from `low` to `high`.
  public struct Bin: Sendable, Equatable, Codable {
    /// Lower boundary, 0…1; a probability on it belongs to this bin.
    public var low: Double
    /// Upper boundary, 0…1; a probability on it belongs to the next bin, in the last bin to this one.
    public var high: Double
    /// Of the bin's pictures, 0…1.
    public var meanProbability: Double
    /// The share of positives, with its interval over series.
    public var observed: Metric
  }

  /// The bins that hold pictures, lowest first.
  public var bins: [Bin]
  /// Expected calibration error (Naeini, Cooper and Hauskrecht 2015): Σ share of pictures · |mean
  /// probability - share of positives|. Chance alone makes it larger than 0 for a perfect model, the
  /// more so the fewer the series.
  public var expectedError: Metric

  /// - Parameter count: number of bins, at least 1; a probability on a boundary belongs to the upper bin.
  public init(_ outcomes: BinaryOutcomes, count: Int = 10, bootstrap: BootstrapSettings) throws {
    guard count >= 1 else {
      throw EvaluationError.settingOutOfRange(setting: "count", actual: "\(count)", range: "1 or more")
    }
    let binOf = outcomes.probabilities.map { min(count - 1, Int($0 * Double(count))) }
    let groups = SeriesGroups(outcomes)
    expectedError = try groups.bootstrapped(
      [
        .init(scale: .share(upper: 1)) { weights in
          Self.expectedError(outcomes, binOf: binOf, count: count, weights: weights)
        }
      ], settings: bootstrap)[0]
    bins = try (0..<count).compactMap { bin in
      let inside = binOf.indices.filter { binOf[$0] == bin }
      guard !inside.isEmpty else { return nil }
      let series = inside.map { outcomes.series[$0] }
      // Within a bin series are one stratum: its share of positives is what varies. A side with too few series for an
      // interval of anything has too few for this.
      let subset = SeriesGroups(series: series, labels: inside.map { _ in 0 }, classCount: 1)
      let observed = try subset.mean(
        of: inside.map { outcomes.positive[$0] ? 1 : 0 }, scale: .share(upper: 1),
        smallestSide: groups.smallestSide < BootstrapSettings.minimumSeries ? groups.smallestSide : nil,
        level: bootstrap.level)
      return Bin(
        low: Double(bin) / Double(count), high: Double(bin + 1) / Double(count),
        meanProbability: inside.reduce(0) { $0 + outcomes.probabilities[$1] } / Double(inside.count),
        observed: observed)
    }
  }

  private static func expectedError(
    _ outcomes: BinaryOutcomes, binOf: [Int], count: Int, weights: [Double]
  ) -> Double {
    var differences = [Double](repeating: 0, count: count)
    var total = 0.0
    for picture in binOf.indices {
      let difference = outcomes.probabilities[picture] - (outcomes.positive[picture] ? 1 : 0)
      differences[binOf[picture]] += weights[picture] * difference
      total += weights[picture]
    }
    return differences.reduce(0) { $0 + abs($1) } / total
  }
}
