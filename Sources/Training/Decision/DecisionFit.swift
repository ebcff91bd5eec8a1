import Evaluation
import Inference

/// Calibration and decision rule for one model, fitted to answers for pictures that it was not trained on.
public struct DecisionFit: Equatable, Sendable {
  public var calibration: Calibration
  public var rule: DecisionRule

  /// With fewer series in a class nothing is fitted: an interval would say nothing either.
  public static let fewestSeries = BootstrapSettings.minimumSeries

  /// - Parameters:
  ///   - predictions: softmax of pictures of series that the model was neither trained nor will be judged on.
  ///   - positiveClass: that a threshold is for; nil if there is none.
  ///   - settings: what is wanted.
  public init(_ predictions: Predictions, positiveClass: String?, settings: DecisionSettings) {
    let fewest = predictions.classes.indices.map { label in
      Set(zip(predictions.labels, predictions.series).filter { $0.0 == label }.map(\.1)).count
    }.min() ?? 0
    guard fewest >= Self.fewestSeries else {
      self = Self.unfitted(
        reason: "\(fewest) validation series of a class, at least \(Self.fewestSeries) of each are needed",
        settings: settings)
      return
    }
    calibration = Self.calibration(predictions, positiveClass: positiveClass, settings: settings)
    rule = DecisionRule(operatingPoint: nil, abstention: nil, notes: [])
    let calibrated = predictions.probabilities.map { calibration.applied(to: $0, classes: predictions.classes) }
    do {
      rule.operatingPoint = try Self.threshold(
        predictions, calibrated: calibrated, positiveClass: positiveClass, settings: settings)
    } catch {
      rule.notes.append("no operating point: \(error)")
    }
    do {
      rule.abstention = try Self.abstention(
        predictions, calibrated: calibrated, threshold: rule.operatingPoint, settings: settings)
    } catch {
      rule.notes.append("no abstention: \(error)")
    }
  }

  /// Whether it changes anything.
  public var isFitted: Bool {
    calibration.map != .none || rule.operatingPoint != nil || rule.abstention != nil
  }

  /// What a model file holds.
  public init(calibration: Calibration, rule: DecisionRule) {
    self.calibration = calibration
    self.rule = rule
  }

  /// What a model gets where nothing could be fitted, with the reason beside everything that was wanted.
  public static func unfitted(reason: String, settings: DecisionSettings) -> DecisionFit {
    var notes: [String] = []
    if settings.operatingPoint != .plain { notes.append("no operating point: \(reason)") }
    if settings.abstention != .none { notes.append("no abstention: \(reason)") }
    return DecisionFit(
      calibration: Calibration(
        map: .none, images: 0, series: 0,
        note: settings.calibration == .none ? "no calibration: none was asked for" : "no calibration: \(reason)"),
      rule: DecisionRule(operatingPoint: nil, abstention: nil, notes: notes))
  }

  // MARK: -

  private static func calibration(
    _ predictions: Predictions, positiveClass: String?, settings: DecisionSettings
  ) -> Calibration {
    let (images, series) = (predictions.labels.count, Set(predictions.series).count)
    func found(_ map: Calibration.Map, _ words: String) -> Calibration {
      Calibration(map: map, images: images, series: series, note: words)
    }
    do {
      switch settings.calibration {
      case .none:
        return Calibration(map: .none, images: 0, series: 0, note: "no calibration: none was asked for")
      case .temperature:
        let fit = try TemperatureScaling(fitting: predictions)
        return found(.temperature(value: fit.temperature.value), "temperature scaling; log loss \(fit.losses)")
      case .platt:
        let positive = positiveClass ?? predictions.classes[1]
        let fit = try PlattScaling(fitting: predictions.outcomes(of: positive))
        return found(
          .platt(positiveClass: positive, intercept: fit.intercept.value, slope: fit.slope.value),
          "Platt scaling; log loss \(fit.losses)")
      }
    } catch {
      return Calibration(map: .none, images: 0, series: 0, note: "no calibration: \(error)")
    }
  }

  private static func threshold(
    _ predictions: Predictions, calibrated: [[Double]], positiveClass: String?, settings: DecisionSettings
  ) throws -> DecisionRule.Threshold? {
    guard settings.operatingPoint != .plain else { return nil }
    guard let positiveClass else { throw DecisionError.noPositiveClass(predictions.classes) }
    let outcomes = try Predictions(
      classes: predictions.classes, labels: predictions.labels, probabilities: calibrated, series: predictions.series
    ).outcomes(of: positiveClass)
    let (rule, words): (OperatingPoint.Rule, String) =
      switch settings.operatingPoint {
      case .plain, .youden: (.youden, "the highest sensitivity + specificity")
      case .sensitivity:
        (.sensitivityAtLeast(settings.sensitivityAtLeast), "sensitivity at least \(settings.sensitivityAtLeast)")
      case .netBenefit:
        (
          .netBenefit(
            thresholdProbability: settings.thresholdProbability, prevalence: settings.prevalence ?? outcomes.prevalence),
          "the highest net benefit at threshold probability \(settings.thresholdProbability)"
        )
      }
    let point = try OperatingPoint(choosing: rule, from: outcomes)
    guard point.threshold > 0, point.threshold < 1 else { throw DecisionError.thresholdAtEnd(point.threshold) }
    return DecisionRule.Threshold(
      positiveClass: positiveClass, probability: point.threshold, rule: words, images: point.images, series: point.series)
  }

  private static func abstention(
    _ predictions: Predictions, calibrated: [[Double]], threshold: DecisionRule.Threshold?, settings: DecisionSettings
  ) throws -> DecisionRule.Abstention? {
    guard settings.abstention != .none else { return nil }
    let choices = calibrated.map {
      DecisionRule.choice(
        $0, classes: predictions.classes, threshold: threshold.map { ($0.positiveClass, $0.probability) })
    }
    let curve = try RiskCoverage(
      confidence: choices.map(\.confidence), wrong: zip(choices, predictions.labels).map { $0.label != $1 },
      labels: predictions.labels, series: predictions.series, classCount: predictions.classes.count)
    func kept(_ point: RiskCoverage.Point, _ words: String) -> DecisionRule.Abstention {
      DecisionRule.Abstention(
        leastConfidence: point.threshold, rule: words, coverage: point.coverage, risk: point.risk,
        images: predictions.labels.count, series: Set(predictions.series).count)
    }
    switch settings.abstention {
    case .none: return nil
    case .coverage:
      let wanted = settings.abstentionCoverage
      guard let point = curve.points.first(where: { $0.coverage >= wanted - 1e-12 }) else { return nil }
      return kept(point, "the surest \(wanted) of the pictures")
    case .risk:
      let wanted = settings.abstentionRisk
      guard let point = curve.points.last(where: { $0.risk <= wanted }) else {
        throw DecisionError.riskOutOfReach(wanted)
      }
      // A few sure pictures of one patient promise nothing.
      let answered = Set(choices.indices.filter { choices[$0].confidence >= point.threshold }.map { predictions.series[$0] })
      guard answered.count >= fewestSeries else { throw DecisionError.answersOfFewSeries(wanted, answered.count) }
      return kept(point, "at most \(wanted) of the answers wrong")
    }
  }
}

/// Why a threshold that was asked for was not chosen.
enum DecisionError: Error, CustomStringConvertible {
  case noPositiveClass([String])
  case thresholdAtEnd(Double)
  case riskOutOfReach(Double)
  case answersOfFewSeries(Double, Int)

  var description: String {
    switch self {
    case .noPositiveClass(let classes): "none of the classes \(classes.joined(separator: ", ")) is the positive one"
    case .thresholdAtEnd(let threshold): "the threshold found is \(threshold), which would name one class always"
    case .riskOutOfReach(let risk): "at no confidence are at most \(risk) of the answers wrong"
    case .answersOfFewSeries(let risk, let series):
      "at most \(risk) of the answers are wrong only among pictures of \(series) series"
    }
  }
}

extension TemperatureScaling {
  fileprivate var losses: String { "\(short(lossBefore.value)) before, \(short(lossAfter.value)) after, on the same pictures" }
}

extension PlattScaling {
  fileprivate var losses: String { "\(short(lossBefore.value)) before, \(short(lossAfter.value)) after, on the same pictures" }
}

private func short(_ number: Double) -> String { String((number * 1000).rounded() / 1000) }
