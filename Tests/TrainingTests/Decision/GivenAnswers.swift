import Evaluation

/// Answers whose every probability is given, so that what a fit must find can be said beforehand.
enum GivenAnswers {
  static let classes = ["Normal", "Tumor"]

  /// - Parameters:
  ///   - perClass: number of series of each class.
  ///   - slices: of each series.
  ///   - right: probability of the true class for a series, `0..<perClass`, and a slice of it.
  /// - Returns: series by series, first all of Normal.
  static func predictions(
    series perClass: [Int], slices: Int = 4, right: (_ series: Int, _ slice: Int) -> Double
  ) throws -> Predictions {
    var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
    for (label, count) in perClass.enumerated() {
      for number in 0..<count {
        for slice in 0..<slices {
          let share = right(number, slice)
          labels.append(label)
          rows.append(label == 0 ? [share, 1 - share] : [1 - share, share])
          series.append(label * 1000 + number)
        }
      }
    }
    return try Predictions(classes: classes, labels: labels, probabilities: rows, series: series)
  }

  /// The fold of each picture: series are dealt out in turn.
  static func folds(_ count: Int, of predictions: Predictions) -> [Int] { predictions.series.map { $0 % 1000 % count } }
}
