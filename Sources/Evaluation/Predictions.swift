/// Probabilities for a set of pictures beside the truth about them, checked.
public struct Predictions: Sendable, Equatable {
  /// Names of the classes; a label is an index into them.
  public let classes: [String]
  /// The true class of each picture, `0..<classes.count`.
  public let labels: [Int]
  /// Shape: [pictures, classes], Double, 0…1; each row sums to 1.
  public let probabilities: [[Double]]
  /// The series of each picture: any numbers, equal for pictures of one series.
  public let series: [Int]

  /// How far from 1 the sum of a row may be: rows are softmax outputs computed in Float32.
  public static let sumTolerance = 1e-4

  /// - Parameters:
  ///   - classes: at least two different names.
  ///   - labels: the true class of each picture.
  ///   - probabilities: one row for each picture, one column for each class.
  ///   - series: the series of each picture; pictures of one patient share a number.
  /// - Throws: `EvaluationError` for no pictures, arrays of different lengths, a number that is not
  ///   finite, a probability outside 0…1, a row that does not sum to 1, or a label out of range.
  public init(classes: [String], labels: [Int], probabilities: [[Double]], series: [Int]) throws {
    guard classes.count >= 2 else { throw EvaluationError.tooFewClasses(actual: classes.count) }
    var seen = Set<String>()
    for name in classes where !seen.insert(name).inserted { throw EvaluationError.repeatedClass(name) }
    guard !(labels.isEmpty && probabilities.isEmpty && series.isEmpty) else { throw EvaluationError.noPictures }
    guard probabilities.count == labels.count else {
      throw EvaluationError.differentLengths(
        array: "probabilities", expected: labels.count, actual: probabilities.count)
    }
    guard series.count == labels.count else {
      throw EvaluationError.differentLengths(array: "series", expected: labels.count, actual: series.count)
    }
    for (picture, (label, row)) in zip(labels, probabilities).enumerated() {
      guard classes.indices.contains(label) else {
        throw EvaluationError.labelOutOfRange(picture: picture, actual: label, classes: classes.count)
      }
      try Self.check(row, of: picture, classes: classes)
    }
    self.classes = classes
    self.labels = labels
    self.probabilities = probabilities
    self.series = series
  }

  private static func check(_ row: [Double], of picture: Int, classes: [String]) throws {
    guard row.count == classes.count else {
      throw EvaluationError.differentLengths(
        array: "The row of probabilities of picture \(picture)", expected: classes.count, actual: row.count)
    }
    for (name, probability) in zip(classes, row) {
      guard probability.isFinite else {
        throw EvaluationError.notFinite(picture: picture, column: "probability of class \(name)")
      }
      guard (0...1).contains(probability) else {
        throw EvaluationError.probabilityOutOfRange(picture: picture, className: name, actual: probability)
      }
    }
    let sum = row.reduce(0, +)
    guard abs(sum - 1) <= sumTolerance else {
      throw EvaluationError.probabilitiesDoNotSumToOne(picture: picture, actual: sum)
    }
  }

  /// The most probable class of each picture; the first of equals, as NumPy's `argmax`.
  public var predicted: [Int] {
    probabilities.map { row in
      var best = 0
      for column in row.indices where row[column] > row[best] { best = column }
      return best
    }
  }
}
