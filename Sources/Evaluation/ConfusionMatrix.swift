/// Counts of pictures by true and predicted class, and the figures that follow from them alone.
///
/// Counts are Double so that a bootstrap can weigh pictures.
public struct ConfusionMatrix: Sendable, Equatable {
  public let classCount: Int
  /// Shape: [true class, predicted class], row-major.
  public private(set) var counts: [Double]

  /// An empty matrix.
  public init(classCount: Int) {
    self.classCount = classCount
    counts = [Double](repeating: 0, count: classCount * classCount)
  }

  /// - Parameters:
  ///   - labels: true classes, `0..<classCount`.
  ///   - predicted: predicted classes, as many.
  public init(labels: [Int], predicted: [Int], classCount: Int) {
    precondition(labels.count == predicted.count)
    self.init(classCount: classCount)
    for (label, prediction) in zip(labels, predicted) { add(1, label: label, predicted: prediction) }
  }

  public mutating func add(_ weight: Double, label: Int, predicted: Int) {
    counts[label * classCount + predicted] += weight
  }

  /// Adds `weight` times another matrix of the same size.
  public mutating func add(_ other: ConfusionMatrix, weight: Double) {
    precondition(other.classCount == classCount)
    for index in counts.indices { counts[index] += weight * other.counts[index] }
  }

  public mutating func clear() {
    for index in counts.indices { counts[index] = 0 }
  }

  public subscript(label label: Int, predicted predicted: Int) -> Double {
    counts[label * classCount + predicted]
  }

  /// Number of pictures.
  public var total: Double { counts.reduce(0, +) }

  /// Number of pictures of a class.
  public func support(of label: Int) -> Double {
    var sum = 0.0
    for predicted in 0..<classCount { sum += self[label: label, predicted: predicted] }
    return sum
  }

  /// Number of pictures predicted as a class.
  public func predictions(of predicted: Int) -> Double {
    var sum = 0.0
    for label in 0..<classCount { sum += self[label: label, predicted: predicted] }
    return sum
  }

  /// Share of pictures whose class was found; NaN without pictures.
  public var accuracy: Double {
    var correct = 0.0
    for label in 0..<classCount { correct += self[label: label, predicted: label] }
    return correct / total
  }

  /// Share of a class's pictures predicted as it (its recall); NaN without such pictures.
  public func sensitivity(of label: Int) -> Double {
    self[label: label, predicted: label] / support(of: label)
  }

  /// Share of the other classes' pictures not predicted as this one; NaN without such pictures.
  public func specificity(of label: Int) -> Double {
    let others = total - support(of: label)
    let falsePositives = predictions(of: label) - self[label: label, predicted: label]
    return (others - falsePositives) / others
  }

  /// Share of the pictures predicted as a class that are of it; NaN for a class never predicted.
  public func precision(of label: Int) -> Double {
    self[label: label, predicted: label] / predictions(of: label)
  }

  /// 2 TP / (2 TP + FP + FN); 0 for a class that has pictures and is never predicted.
  public func f1(of label: Int) -> Double {
    2 * self[label: label, predicted: label] / (support(of: label) + predictions(of: label))
  }

  /// Mean of the sensitivities of all classes.
  public var balancedAccuracy: Double { mean(sensitivity(of:)) }

  /// Mean of the specificities of all classes, each against the rest.
  public var meanSpecificity: Double { mean(specificity(of:)) }

  /// Mean of the F1 of all classes.
  public var macroF1: Double { mean(f1(of:)) }

  private func mean(_ figure: (Int) -> Double) -> Double {
    var sum = 0.0
    for label in 0..<classCount { sum += figure(label) }
    return sum / Double(classCount)
  }
}
