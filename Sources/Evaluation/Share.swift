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
    return try mean(of: holds.map { $0 ? 1 : 0 }, series: series, level: level)
  }

  /// The mean of a number from 0 to 1, such as a probability, with an interval over series.
  ///
  /// - Parameters:
  ///   - values: of each picture, 0…1.
  ///   - series: of each picture: any numbers, equal for pictures of one series.
  /// - Throws: `EvaluationError` for no pictures, arrays of different lengths, or a value outside 0…1.
  public static func mean(of values: [Double], series: [Int], level: Double = 0.95) throws -> Metric {
    guard !values.isEmpty else { throw EvaluationError.noPictures }
    guard series.count == values.count else {
      throw EvaluationError.differentLengths(array: "series", expected: values.count, actual: series.count)
    }
    if let value = values.first(where: { !(0...1).contains($0) }) {
      throw EvaluationError.settingOutOfRange(setting: "values", actual: "\(value)", range: "0...1")
    }
    let groups = SeriesGroups(series: series, labels: values.map { _ in 0 }, classCount: 1)
    return try groups.mean(of: values, scale: .share(upper: 1), level: level)
  }
}
