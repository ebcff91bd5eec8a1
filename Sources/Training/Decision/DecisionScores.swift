import Evaluation
import Inference
import Reports

/// What calibration, threshold, abstention and gate do on the scored pictures.
public struct DecisionScores: Codable, Equatable, Sendable {
  /// How they came about, or why there are none.
  public var notes: [String]
  /// The class that calibration, operating point and net benefit are about; nil if there is none.
  public var positiveClass: String?
  /// Nil where it cannot be computed; a note says why.
  public var calibration: CalibrationLine?
  /// Of the positive class, 0…1; nil without one.
  public var expectedCalibrationError: Metric?
  /// What the operating rule's answers come to, positive class against the rest; nil without a positive class.
  public var operatingPoint: DecisionFigures?
  /// How a label is chosen, in words: the operating point's rule, or "the most probable class".
  public var operatingRule: String
  /// Whether the prevalence was stated in the parameters; else it is that of the scored pictures.
  public var prevalenceIsStated: Bool
  /// Of the model at the parameters' threshold probability.
  public var netBenefit: DecisionCurve.Point?
  /// Share of the pictures that are answered, and share of those answers that are wrong.
  public var coverage: Metric
  /// 0…1; nil where no picture is answered.
  public var errorAmongAnswered: Metric?
  /// When a picture is referred, in words.
  public var abstentionRule: String
  /// The mean error over all coverages, 0…1; 0 is best.
  public var riskCoverageArea: Metric?
  /// Share of the scored pictures, all of them slices of series that the gate was fitted without, that it refuses; nil
  /// without a gate.
  public var refusedByGate: Metric?

  enum CodingKeys: String, CodingKey {
    case notes, calibration, coverage
    case positiveClass = "positive_class"
    case expectedCalibrationError = "expected_calibration_error"
    case operatingPoint = "operating_point"
    case operatingRule = "operating_rule"
    case prevalenceIsStated = "prevalence_is_stated"
    case netBenefit = "net_benefit"
    case errorAmongAnswered = "error_among_answered"
    case abstentionRule = "abstention_rule"
    case riskCoverageArea = "risk_coverage_area"
    case refusedByGate = "refused_by_gate"
  }

  /// - Parameters:
  ///   - predictions: with the calibrated probabilities.
  ///   - decided: what the rule made of them.
  ///   - rule: of the model, for its words.
  ///   - refused: whether the gate refuses each picture; nil without a gate.
  package init(
    _ predictions: Predictions, decided: DecidedAnswers, rule: DecisionRule?, positiveClass: String?,
    settings: DecisionSettings, refused: [Bool]?, bootstrap: BootstrapSettings
  ) throws {
    notes = decided.notes
    self.positiveClass = positiveClass
    operatingRule = rule?.operatingPoint?.rule ?? "the most probable class"
    abstentionRule =
      rule?.abstention.map { $0.refersEveryPicture ? $0.words : $0.rule } ?? "every picture is answered"
    prevalenceIsStated = settings.prevalence != nil
    let (series, labels) = (predictions.series, predictions.labels)
    let shares = try AnsweredShares(decided, of: predictions, level: bootstrap.level)
    coverage = shares.answered
    errorAmongAnswered = shares.wrong
    if shares.wrong == nil { notes.append("no error among the answered: no picture is answered") }
    let wrong = zip(decided.choices, labels).map { $0.label != $1 }
    riskCoverageArea = try RiskCoverage(
      confidence: decided.choices.map(\.confidence), wrong: wrong, labels: labels, series: series,
      classCount: predictions.classes.count, level: bootstrap.level
    ).area
    refusedByGate = try refused.map {
      try Metric.share(of: $0, labels: labels, series: series, level: bootstrap.level)
    }
    guard let positiveClass else {
      notes.append("no class is the positive one: no operating point, net benefit or calibration line")
      return
    }
    let outcomes = try predictions.outcomes(of: positiveClass)
    do {
      calibration = try CalibrationLine(outcomes, level: bootstrap.level)
    } catch {
      notes.append("no calibration line: \(error)")
    }
    expectedCalibrationError = try CalibrationBins(outcomes, bootstrap: bootstrap).expectedError
    let prevalence = settings.prevalence ?? outcomes.prevalence
    let positive = predictions.classes.firstIndex(of: positiveClass)
    // Thresholds of folds differ, so what counts is what was called.
    let called = try BinaryOutcomes(
      probabilities: decided.choices.map { $0.label == positive ? 1 : 0 }, positive: outcomes.positive, series: series,
      classes: labels)
    operatingPoint = try DecisionFigures(called, threshold: 0.5, prevalence: prevalence, level: bootstrap.level)
    if let point = rule?.operatingPoint { operatingPoint?.threshold = point.probability }
    netBenefit = try DecisionCurve(
      outcomes, thresholds: [settings.thresholdProbability], prevalence: prevalence, level: bootstrap.level
    ).points.first
  }

  /// The same with words added to the method of every metric.
  func marked(_ marks: [ScoreMark]) -> DecisionScores {
    func mark(_ metric: Metric) -> Metric { metric.marked(marks) }
    var scores = self
    scores.coverage = mark(coverage)
    scores.expectedCalibrationError = expectedCalibrationError.map(mark)
    scores.errorAmongAnswered = errorAmongAnswered.map(mark)
    scores.riskCoverageArea = riskCoverageArea.map(mark)
    scores.refusedByGate = refusedByGate.map(mark)
    if var line = calibration {
      (line.slope, line.intercept, line.interceptInTheLarge) =
        (mark(line.slope), mark(line.intercept), mark(line.interceptInTheLarge))
      scores.calibration = line
    }
    if var point = operatingPoint {
      (point.sensitivity, point.specificity) = (mark(point.sensitivity), mark(point.specificity))
      point.positivePredictiveValue = point.positivePredictiveValue.map(mark)
      point.negativePredictiveValue = point.negativePredictiveValue.map(mark)
      scores.operatingPoint = point
    }
    if var point = netBenefit {
      point.netBenefit = mark(point.netBenefit)
      scores.netBenefit = point
    }
    return scores
  }

  /// For a person's terminal, every figure with its interval.
  package var lines: [String] {
    var lines = notes.map { "Decision: \($0)." }
    func add(_ name: String, _ metric: Metric?) {
      if let metric { lines.append(MetricText.line(name, metric)) }
    }
    add("calibration slope", calibration?.slope)
    add("calibration intercept", calibration?.intercept)
    add("expected calibration error", expectedCalibrationError)
    if let point = operatingPoint, let positiveClass {
      lines.append("Operating point: \(positiveClass) against the rest, \(operatingRule).")
      add("sensitivity there", point.sensitivity)
      add("specificity there", point.specificity)
      let common =
        "at a prevalence of \(MetricText.short(point.prevalence))"
        + (prevalenceIsStated ? "" : ", that of the scored pictures")
      add("positive predictive value \(common)", point.positivePredictiveValue)
      add("negative predictive value \(common)", point.negativePredictiveValue)
    }
    if let netBenefit {
      add("net benefit at threshold probability \(MetricText.short(netBenefit.threshold))", netBenefit.netBenefit)
    }
    lines.append("Abstention: \(abstentionRule).")
    add("coverage, the share of pictures answered", coverage)
    add("error among the answered", errorAmongAnswered)
    add("area under the risk-coverage curve", riskCoverageArea)
    add("refused by the gate as no kidney CT", refusedByGate)
    return lines
  }
}
