/// What a classifier says of one picture.
public struct Answer: Equatable, Sendable {
  /// The class that is named: the most probable one, or what the model's threshold makes of the probabilities. It is there
  /// whatever the decision is; only with `.answered` it is given as an answer.
  public var label: String
  /// Every class's probability, calibrated if the model is, in the order of `classes`. Double, 0…1; they sum to 1.
  public var probabilities: [Double]
  /// The names of all classes, in the model's order.
  public var classes: [String]
  /// How sure the label is, 0…1, at least 0.5 for two classes.
  public var confidence: Double
  /// Whether the label is given as an answer, and if not, why not.
  public var decision: Decision
  /// Why this decision, in words.
  public var reason: String

  /// Whether the label is given as an answer.
  public enum Decision: String, Codable, CaseIterable, Sendable {
    case answered
    /// A person must look: the model is less sure than it must be.
    case uncertain
    /// The picture is unlike everything the model was trained on, so its probabilities mean nothing.
    case notKidneyCT = "not_kidney_ct"

    /// What stands in the label's place where the label is no answer; nil where it is one.
    public var words: String? {
      switch self {
      case .answered: nil
      case .uncertain: "uncertain, refer"
      case .notKidneyCT: "not a kidney CT"
      }
    }
  }

  /// - Parameters:
  ///   - probabilities: one for each class.
  ///   - classes: their names.
  ///   - rule: the model's; nil answers with the most probable class.
  ///   - refusal: the gate's reason; nil if the picture passed or there is no gate.
  public init(probabilities: [Double], classes: [String], rule: DecisionRule? = nil, refusal: String? = nil) {
    precondition(!classes.isEmpty && probabilities.count == classes.count, "one probability for each class")
    let rule = rule ?? DecisionRule(operatingPoint: nil, abstention: nil, notes: [])
    let (choice, doubt) = rule.choice(probabilities, classes: classes)
    label = classes[choice.label]
    confidence = choice.confidence
    self.probabilities = probabilities
    self.classes = classes
    if let refusal {
      (decision, reason) = (.notKidneyCT, "not a kidney CT: " + refusal)
    } else if let doubt {
      (decision, reason) = (.uncertain, doubt)
    } else {
      decision = .answered
      reason =
        rule.operatingPoint.map { point in
          "\(point.positiveClass) is named from probability \(DecisionRule.short(point.probability)) on (\(point.rule))"
        } ?? "the most probable class"
      if rule.abstention == nil {
        reason += "; this model has no rule for when it is too unsure to answer"
        if !rule.notes.isEmpty { reason += " (\(rule.notes.joined(separator: "; ")))" }
      }
    }
  }
}
