/// How a label, and whether it is given as an answer, follow from calibrated probabilities. It is part of the model file,
/// and was chosen on series that the model was neither trained nor judged on.
public struct DecisionRule: Codable, Equatable, Sendable {
  /// Nil gives the most probable class.
  public var operatingPoint: Threshold?
  /// Nil gives every answer.
  public var abstention: Abstention?
  /// How they were found, or why there are none, in words.
  public var notes: [String]

  /// From which probability on the positive class is named.
  public struct Threshold: Codable, Equatable, Sendable {
    public var positiveClass: String
    /// 0…1, ends excluded.
    public var probability: Double
    /// What it was chosen for, such as "sensitivity at least 0.95".
    public var rule: String
    /// Number of pictures, and of their series, that it was chosen on.
    public var images: Int
    public var series: Int

    /// - Parameters:
    ///   - probability: calibrated, 0…1, ends excluded.
    ///   - rule: what it was chosen for, in words.
    public init(positiveClass: String, probability: Double, rule: String, images: Int, series: Int) {
      self.positiveClass = positiveClass
      self.probability = probability
      self.rule = rule
      self.images = images
      self.series = series
    }
  }

  /// Below which confidence a picture is referred instead of answered.
  public struct Abstention: Codable, Equatable, Sendable {
    /// 0…1; nil refers every picture, where no confidence keeps what the rule promises.
    public var leastConfidence: Double?
    /// What it was chosen for, such as "at most 0.05 of the answers wrong".
    public var rule: String
    /// Share of the pictures it was chosen on that were answered, and share of those answers that were wrong; nil where
    /// none was answered.
    public var coverage: Double
    public var risk: Double?
    /// Number of pictures, and of their series, that it was chosen on.
    public var images: Int
    public var series: Int

    /// - Parameters:
    ///   - leastConfidence: 0…1; nil refers every picture.
    ///   - rule: what it was chosen for, in words.
    ///   - coverage: share of the pictures it was chosen on that were answered, 0…1.
    ///   - risk: share of those answers that were wrong, 0…1; nil where there were none.
    public init(
      leastConfidence: Double?, rule: String, coverage: Double, risk: Double?, images: Int, series: Int
    ) {
      self.leastConfidence = leastConfidence
      self.rule = rule
      self.coverage = coverage
      self.risk = risk
      self.images = images
      self.series = series
    }

    /// Whether no picture at all is answered.
    public var refersEveryPicture: Bool { leastConfidence == nil }

    /// From where on pictures are answered, and why, in words.
    public var words: String {
      leastConfidence.map { "answered from confidence \(DecisionRule.short($0)) on (\(rule))" }
        ?? "every picture is referred (\(rule))"
    }
  }

  /// - Parameters:
  ///   - operatingPoint: nil gives the most probable class.
  ///   - abstention: nil gives every answer.
  ///   - notes: how they were found, or why there are none.
  public init(operatingPoint: Threshold?, abstention: Abstention?, notes: [String]) {
    self.operatingPoint = operatingPoint
    self.abstention = abstention
    self.notes = notes
  }

  /// What is wrong with it for a model of these classes; nil if nothing is.
  func fault(classes: [String]) -> String? {
    if let operatingPoint {
      guard classes.contains(operatingPoint.positiveClass) else {
        return "its threshold is for a class '\(operatingPoint.positiveClass)' that it does not have"
      }
      guard operatingPoint.probability > 0, operatingPoint.probability < 1 else {
        return "its threshold is \(operatingPoint.probability), not between 0 and 1"
      }
    }
    return abstention?.fault
  }
}

extension DecisionRule.Abstention {
  /// What is wrong with it; nil if nothing is.
  fileprivate var fault: String? {
    for (name, share) in [("least confidence", leastConfidence), ("coverage", coverage), ("risk", risk)] {
      if let share, !(0...1).contains(share) { return "the \(name) of its abstention is \(share), outside 0...1" }
    }
    // A rule that lost its threshold is no rule that refers everything.
    return refersEveryPicture && coverage > 0
      ? "its abstention has no least confidence, yet answered \(coverage) of the pictures it was chosen on" : nil
  }
}
