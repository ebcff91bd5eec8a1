extension Metric {
  /// The share of pictures for which something holds, with an interval over series.
  ///
  /// - Parameters:
  ///   - holds: of each picture.
  ///   - series: of each picture: any numbers, equal for pictures of one series.
  /// - Throws: `EvaluationError` for no pictures, or arrays of different lengths.
  public static func share(of holds: [Bool], series: [Int], level: Double = 0.95) throws -> Metric {
    guard !holds.isEmpty else { throw EvaluationError.noPictures }
    guard series.count == holds.count else {
      throw EvaluationError.differentLengths(array: "series", expected: holds.count, actual: series.count)
    }
    let groups = SeriesGroups(series: series, labels: holds.map { _ in 0 }, classCount: 1)
    return try groups.mean(of: holds.map { $0 ? 1 : 0 }, scale: .share(upper: 1), level: level)
  }
}
