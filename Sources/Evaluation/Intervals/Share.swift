extension Metric {
  /// The share of pictures for which something holds, with an interval over series.
  ///
  /// It is the accuracy's rule, so that a share and its complement, such as an accuracy and a risk, are known equally
  /// well: series are left out within their classes, and with fewer than five series in a class that these pictures have
  /// there is no interval.
  ///
  /// - Parameters:
  ///   - holds: of each picture.
  ///   - labels: the true class of each picture: any numbers, equal for pictures of one class.
  ///   - series: of each picture: any numbers, equal for pictures of one series.
  /// - Throws: `EvaluationError` for no pictures, or arrays of different lengths.
  public static func share(of holds: [Bool], labels: [Int], series: [Int], level: Double = 0.95) throws -> Metric {
    try mean(of: holds.map { $0 ? 1 : 0 }, labels: labels, series: series, level: level)
  }

  /// The mean of a number from 0 to 1, such as a probability, with an interval over series by the same rule.
  ///
  /// - Parameters:
  ///   - values: of each picture, 0…1.
  ///   - labels: the true class of each picture: any numbers, equal for pictures of one class.
  ///   - series: of each picture: any numbers, equal for pictures of one series.
  /// - Throws: `EvaluationError` for no pictures, arrays of different lengths, or a value outside 0…1.
  public static func mean(of values: [Double], labels: [Int], series: [Int], level: Double = 0.95) throws -> Metric {
    guard !values.isEmpty else { throw EvaluationError.noPictures }
    for (array, count) in [("labels", labels.count), ("series", series.count)] where count != values.count {
      throw EvaluationError.differentLengths(array: array, expected: values.count, actual: count)
    }
    if let value = values.first(where: { !(0...1).contains($0) }) {
      throw EvaluationError.settingOutOfRange(setting: "values", actual: "\(value)", range: "0...1")
    }
    // A class without a picture here says nothing of them, and takes nothing from what is known.
    let places = SeriesGroups.places(of: labels)
    let groups = SeriesGroups(series: series, labels: labels.map { places[$0]! }, classCount: places.count)
    return try groups.mean(of: values, scale: .share(upper: 1), level: level)
  }
}
