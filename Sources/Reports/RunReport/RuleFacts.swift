import Evaluation

/// By which numbers the model's softmax becomes an answer: from the model file, and what they do on the scored pictures.
public struct RuleFacts: Sendable {
  /// What a number was chosen or fitted on.
  public struct Basis: Sendable, Equatable {
    public var pictures: Int
    public var series: Int

    public init(pictures: Int, series: Int) {
      self.pictures = pictures
      self.series = series
    }
  }

  /// How the softmax becomes a probability.
  public enum Calibration: Sendable, Equatable {
    case none
    case temperature(Double)
    /// Log odds of a class become intercept + slope times the model's.
    case platt(className: String, intercept: Double, slope: Double)
  }

  /// From which probability on a class is named.
  public struct Threshold: Sendable, Equatable {
    public var className: String
    /// 0…1.
    public var probability: Double
    /// What it was chosen for, in the record's English words.
    public var rule: String
    public var basis: Basis

    public init(className: String, probability: Double, rule: String, basis: Basis) {
      self.className = className
      self.probability = probability
      self.rule = rule
      self.basis = basis
    }
  }

  /// When a picture is referred instead of answered.
  public struct Abstention: Sendable, Equatable {
    /// 0…1; less sure answers are not given. Nil where every picture is referred.
    public var leastConfidence: Double?
    /// What it was chosen for, in the record's English words.
    public var rule: String
    /// Shares on the pictures it was chosen on, which flatter: answered, and wrong among those, nil where there are none.
    public var coverage: Double
    public var risk: Double?
    public var basis: Basis

    public init(leastConfidence: Double?, rule: String, coverage: Double, risk: Double?, basis: Basis) {
      self.leastConfidence = leastConfidence
      self.rule = rule
      self.coverage = coverage
      self.risk = risk
      self.basis = basis
    }
  }

  /// When a picture counts as no kidney CT.
  public struct Gate: Sendable, Equatable {
    /// Such as "block3_pool".
    public var layer: String
    /// Of the distance.
    public var threshold: Double
    /// In grey levels.
    public var largestColour: Double
    /// Share that was to be refused of unseen series' slices.
    public var wantedRefusals: Double
    /// Share that was, of slices whose series was left out; nil where it could not be measured.
    public var heldOutRefusals: Double?
    /// In the record's English words.
    public var warning: String?
    public var basis: Basis

    public init(
      layer: String, threshold: Double, largestColour: Double, wantedRefusals: Double, heldOutRefusals: Double?,
      warning: String?, basis: Basis
    ) {
      self.layer = layer
      self.threshold = threshold
      self.largestColour = largestColour
      self.wantedRefusals = wantedRefusals
      self.heldOutRefusals = heldOutRefusals
      self.warning = warning
      self.basis = basis
    }
  }

  /// What they do on the scored pictures; figures are nil where they cannot be computed.
  public struct Measured: Sendable {
    /// Whose sensitivity and specificity are given.
    public var className: String?
    public var sensitivity: Metric?
    public var specificity: Metric?
    /// At `prevalence`.
    public var positiveValue: Metric?
    public var negativeValue: Metric?
    public var prevalence: Double?
    /// Share of the pictures that are answered, and share of those answers that are wrong.
    public var coverage: Metric
    public var risk: Metric?
    public var refusedByGate: Metric?
    /// How they came about, in the record's English words.
    public var notes: [String]

    public init(
      className: String?, sensitivity: Metric?, specificity: Metric?, positiveValue: Metric?, negativeValue: Metric?,
      prevalence: Double?, coverage: Metric, risk: Metric?, refusedByGate: Metric?, notes: [String]
    ) {
      self.className = className
      self.sensitivity = sensitivity
      self.specificity = specificity
      self.positiveValue = positiveValue
      self.negativeValue = negativeValue
      self.prevalence = prevalence
      self.coverage = coverage
      self.risk = risk
      self.refusedByGate = refusedByGate
      self.notes = notes
    }
  }

  public var calibration: Calibration
  public var calibrationBasis: Basis
  /// Of the model file, in the record's English words: how each came about, or why there is none.
  public var calibrationNote: String
  public var threshold: Threshold?
  public var abstention: Abstention?
  public var notes: [String]
  public var gate: Gate?
  /// Nil for scores that an earlier version wrote.
  public var measured: Measured?

  public init(
    calibration: Calibration = .none, calibrationBasis: Basis = Basis(pictures: 0, series: 0),
    calibrationNote: String = "",
    threshold: Threshold? = nil, abstention: Abstention? = nil, notes: [String] = [], gate: Gate? = nil,
    measured: Measured? = nil
  ) {
    self.calibration = calibration
    self.calibrationBasis = calibrationBasis
    self.calibrationNote = calibrationNote
    self.threshold = threshold
    self.abstention = abstention
    self.notes = notes
    self.gate = gate
    self.measured = measured
  }
}
