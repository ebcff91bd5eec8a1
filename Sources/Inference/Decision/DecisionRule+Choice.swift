/// A label and how sure it is.
public struct LabelChoice: Equatable, Sendable {
  /// Place of the class.
  public var label: Int
  /// The label's probability where the threshold is moved to one half, 0…1: at the threshold itself 0.5, so that
  /// confidences mean the same whatever the threshold is.
  public var confidence: Double
}

extension DecisionRule {
  /// The label that follows from probabilities.
  ///
  /// Without a threshold the most probable class, the first of equals. With one the positive class where its probability
  /// reaches it, else the most probable of the others.
  ///
  /// - Parameters:
  ///   - row: Shape: [classes], 0…1; sums to 1.
  ///   - classes: their names.
  public static func choice(
    _ row: [Double], classes: [String], threshold: (positiveClass: String, probability: Double)?
  ) -> LabelChoice {
    precondition(!row.isEmpty && row.count == classes.count, "one probability for each class")
    func best(among places: some Sequence<Int>) -> Int? {
      places.reduce(nil) { best, place in best.map { row[place] > row[$0] ? place : $0 } ?? place }
    }
    guard let threshold, let positive = classes.firstIndex(of: threshold.positiveClass) else {
      let label = best(among: row.indices)!
      return LabelChoice(label: label, confidence: row[label])
    }
    // Odds of the positive class divided by those of the threshold.
    let raised = row[positive] * (1 - threshold.probability)
    let others = (1 - row[positive]) * threshold.probability
    let share = raised + others > 0 ? raised / (raised + others) : 0
    guard row[positive] < threshold.probability else { return LabelChoice(label: positive, confidence: share) }
    let label = best(among: row.indices.filter { $0 != positive })!
    let rest = 1 - row[positive]
    return LabelChoice(label: label, confidence: rest > 0 ? (1 - share) * min(1, row[label] / rest) : 0)
  }

  /// - Returns: the label, and why it is not given as an answer; nil if it is.
  func choice(_ row: [Double], classes: [String]) -> (choice: LabelChoice, doubt: String?) {
    let choice = Self.choice(
      row, classes: classes, threshold: operatingPoint.map { ($0.positiveClass, $0.probability) })
    guard let abstention, !answers(choice) else { return (choice, nil) }
    let reason =
      abstention.leastConfidence.map {
        "confidence \(Self.short(choice.confidence)) is below \(Self.short($0))"
      } ?? "this model answers no picture"
    return (
      choice,
      "uncertain, refer: \(reason) "
        + "(\(abstention.rule), chosen on \(abstention.images) pictures of \(abstention.series) series)"
    )
  }

  /// Whether a label this sure is given as an answer.
  public func answers(_ choice: LabelChoice) -> Bool {
    guard let abstention else { return true }
    return abstention.leastConfidence.map { choice.confidence >= $0 } ?? false
  }

  static func short(_ number: Double) -> String { String((number * 1000).rounded() / 1000) }
}
