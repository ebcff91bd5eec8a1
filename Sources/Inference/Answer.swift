import MedicalImages

/// What a classifier says of one picture.
public struct Answer: Equatable, Sendable {
  /// The most probable class, the first of equals.
  public var label: String
  /// Every class's probability, in the order of `classes`. Double, 0…1; they sum to 1.
  public var probabilities: [Double]
  public var classes: [String]
  public var decision: Decision
  /// Why this decision, in words.
  public var reason: String

  /// Whether the label is given as an answer.
  public enum Decision: String, Codable, Sendable {
    case answered
  }

  /// - Parameters:
  ///   - probabilities: one for each class.
  ///   - classes: their names.
  public init(probabilities: [Double], classes: [String]) {
    precondition(!classes.isEmpty && probabilities.count == classes.count, "one probability for each class")
    var best = 0
    for index in probabilities.indices where probabilities[index] > probabilities[best] { best = index }
    label = classes[best]
    self.probabilities = probabilities
    self.classes = classes
    decision = .answered
    reason = "the most probable class; this model has no rule yet for when not to answer"
  }
}

extension Classifier {
  /// Answers for decoded pictures, in their order.
  public func answers(for pictures: [Picture]) throws -> [Answer] {
    try probabilities(of: pictures).map { Answer(probabilities: $0, classes: classes) }
  }
}
