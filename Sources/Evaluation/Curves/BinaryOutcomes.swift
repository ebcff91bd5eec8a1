/// The probability of one class for each picture beside whether the picture is of it, checked.
public struct BinaryOutcomes: Sendable, Equatable {
  /// Shape: [pictures], 0…1.
  public let probabilities: [Double]
  /// Whether each picture is of the class. Shape: [pictures].
  public let positive: [Bool]
  /// The series of each picture: any numbers, equal for pictures of one series.
  public let series: [Int]
  /// The class of each picture: any numbers, equal for pictures of one class. Series are left out within their classes, so
  /// that one class against the rest has the intervals it has among all of them. Nil where positives and negatives are all.
  public let classes: [Int]?

  /// - Throws: `EvaluationError` for no pictures, arrays of different lengths, a probability that is not
  ///   finite or outside 0…1, or positives or negatives alone.
  public init(probabilities: [Double], positive: [Bool], series: [Int], classes: [Int]? = nil) throws {
    guard !(probabilities.isEmpty && positive.isEmpty && series.isEmpty) else { throw EvaluationError.noPictures }
    for (name, count) in [
      ("positive", positive.count), ("series", series.count), ("classes", classes?.count ?? probabilities.count),
    ]
    where count != probabilities.count {
      throw EvaluationError.differentLengths(array: name, expected: probabilities.count, actual: count)
    }
    for (picture, probability) in probabilities.enumerated() {
      guard probability.isFinite else { throw EvaluationError.notFinite(picture: picture, column: "probability") }
      guard (0...1).contains(probability) else {
        throw EvaluationError.probabilityOutOfRange(picture: picture, className: "positive", actual: probability)
      }
    }
    let positives = positive.count { $0 }
    guard positives > 0, positives < positive.count else {
      throw EvaluationError.oneSideOnly(positives: positives, negatives: positive.count - positives)
    }
    self.probabilities = probabilities
    self.positive = positive
    self.series = series
    self.classes = classes
  }

  /// Number of pictures.
  public var count: Int { probabilities.count }

  /// The share of pictures that are positive.
  public var prevalence: Double { Double(positive.count { $0 }) / Double(count) }
}

extension Predictions {
  /// One class against the rest.
  ///
  /// - Throws: `EvaluationError` for an unknown class, or one that no or every picture has.
  public func outcomes(of className: String) throws -> BinaryOutcomes {
    guard let index = classes.firstIndex(of: className) else {
      throw EvaluationError.unknownClass(className, known: classes)
    }
    return try BinaryOutcomes(
      probabilities: probabilities.map { $0[index] }, positive: labels.map { $0 == index }, series: series,
      classes: labels)
  }
}
