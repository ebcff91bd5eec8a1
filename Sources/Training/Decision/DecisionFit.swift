import Evaluation
import Inference

/// Calibration and decision rule for one model, fitted to answers for pictures that it was not trained on.
public struct DecisionFit: Equatable, Sendable {
  /// What makes probabilities of the softmax; says in words where it is none.
  public var calibration: Calibration
  /// Threshold and abstention, each nil where it is not wanted or could not be fitted.
  public var rule: DecisionRule
  /// What was asked for and is missing; the words of calibration and rule say so too.
  public var faults: [Fault]

  /// Something that was asked for and could not be fitted.
  public struct Fault: Equatable, Sendable {
    /// What is fitted.
    public enum Part: String, Sendable {
      case calibration, abstention
      case operatingPoint = "operating point"
    }

    /// What is missing.
    public var part: Part
    /// Why, in words.
    public var reason: String

    /// - Parameter reason: in words, such as "3 series".
    public init(_ part: Part, reason: String) {
      self.part = part
      self.reason = reason
    }

    /// Such as "no calibration: 3 series".
    public var words: String { "no \(part.rawValue): \(reason)" }
  }

  /// With fewer series in a class nothing is fitted: an interval would say nothing either.
  public static let fewestSeries = BootstrapSettings.minimumSeries

  /// - Parameters:
  ///   - predictions: softmax of pictures of series that the model was neither trained nor will be judged on.
  ///   - positiveClass: that a threshold is for; nil if there is none.
  ///   - settings: what is wanted.
  ///   - fewestSeries: of a class, below which nothing is fitted.
  public init(
    _ predictions: Predictions, positiveClass: String?, settings: DecisionSettings,
    fewestSeries: Int = Self.fewestSeries
  ) {
    let fewest =
      predictions.classes.indices.map { label in
        Set(zip(predictions.labels, predictions.series).filter { $0.0 == label }.map(\.1)).count
      }.min() ?? 0
    guard fewest >= fewestSeries else {
      self = Self.unfitted(
        reason: "\(fewest) series (of the class with the fewest; at least \(fewestSeries) of each are needed)",
        settings: settings)
      return
    }
    faults = []
    rule = DecisionRule(operatingPoint: nil, abstention: nil, notes: [])
    do {
      calibration = try Self.calibration(predictions, positiveClass: positiveClass, settings: settings)
    } catch {
      let fault = Fault(.calibration, reason: "\(error)")
      calibration = Self.uncalibrated(fault.words)
      faults.append(fault)
    }
    let calibrated = predictions.probabilities.map { calibration.applied(to: $0, classes: predictions.classes) }
    do {
      rule.operatingPoint = try Self.threshold(
        predictions, calibrated: calibrated, positiveClass: positiveClass, settings: settings)
    } catch {
      add(.operatingPoint, reason: "\(error)")
    }
    do {
      rule.abstention = try Self.abstention(
        predictions, calibrated: calibrated, threshold: rule.operatingPoint, settings: settings,
        fewestSeries: fewestSeries)
      if let abstention = rule.abstention, abstention.refersEveryPicture { rule.notes.append(abstention.words) }
    } catch {
      add(.abstention, reason: "\(error)")
    }
  }

  /// A fault of the rule.
  private mutating func add(_ part: Fault.Part, reason: String) {
    faults.append(Fault(part, reason: reason))
    rule.notes.append(faults[faults.count - 1].words)
  }

  /// Whether it changes anything.
  public var isFitted: Bool {
    calibration.map != .none || rule.operatingPoint != nil || rule.abstention != nil
  }

  /// What a model file holds.
  public init(calibration: Calibration, rule: DecisionRule) {
    self.calibration = calibration
    self.rule = rule
    faults = []
  }

  /// What a model gets where nothing could be fitted, with the reason beside everything that was wanted.
  public static func unfitted(reason: String, settings: DecisionSettings) -> DecisionFit {
    var fit = DecisionFit(
      calibration: uncalibrated(noneAskedFor), rule: DecisionRule(operatingPoint: nil, abstention: nil, notes: []))
    if settings.calibration != .none {
      let fault = Fault(.calibration, reason: reason)
      fit.calibration.note = fault.words
      fit.faults.append(fault)
    }
    if settings.operatingPoint != .plain { fit.add(.operatingPoint, reason: reason) }
    if settings.abstention != .none { fit.add(.abstention, reason: reason) }
    return fit
  }

  // MARK: -

  private static func calibration(
    _ predictions: Predictions, positiveClass: String?, settings: DecisionSettings
  ) throws -> Calibration {
    let (images, series) = (predictions.labels.count, Set(predictions.series).count)
    func found(_ map: Calibration.Map, _ words: String) -> Calibration {
      Calibration(map: map, images: images, series: series, note: words)
    }
    switch settings.calibration {
    case .none:
      return uncalibrated(noneAskedFor)
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
  }

  private static let noneAskedFor = "no calibration: none was asked for"

  private static func uncalibrated(_ note: String) -> Calibration {
    Calibration(map: .none, images: 0, series: 0, note: note)
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
    _ predictions: Predictions, calibrated: [[Double]], threshold: DecisionRule.Threshold?, settings: DecisionSettings,
    fewestSeries: Int
  ) throws -> DecisionRule.Abstention? {
    guard settings.abstention != .none else { return nil }
    let choices = calibrated.map {
      DecisionRule.choice(
        $0, classes: predictions.classes, threshold: threshold.map { ($0.positiveClass, $0.probability) })
    }
    let curve = try RiskCoverage(
      confidence: choices.map(\.confidence), wrong: zip(choices, predictions.labels).map { $0.label != $1 },
      labels: predictions.labels, series: predictions.series, classCount: predictions.classes.count)
    func kept(_ point: RiskCoverage.Point?, _ words: String) -> DecisionRule.Abstention {
      DecisionRule.Abstention(
        leastConfidence: point?.threshold, rule: words, coverage: point?.coverage ?? 0, risk: point?.risk,
        images: predictions.labels.count, series: Set(predictions.series).count)
    }
    switch settings.abstention {
    case .none: return nil
    case .coverage:
      let wanted = settings.abstentionCoverage
      // The last point answers all.
      let point = curve.points.first { $0.coverage >= wanted - 1e-12 } ?? curve.points[curve.points.count - 1]
      return kept(point, "the surest \(wanted) of the pictures")
    case .risk:
      let wanted = settings.abstentionRisk
      let promise = "at most \(wanted) of the answers wrong"
      // A promise that cannot be kept is kept by no answer.
      guard let point = curve.points.last(where: { $0.risk <= wanted }) else {
        return kept(nil, promise + ", which no confidence reaches")
      }
      // A few sure pictures of one patient promise nothing.
      let answered = Set(choices.indices.filter { choices[$0].confidence >= point.threshold }.map { predictions.series[$0] })
      guard answered.count >= fewestSeries else {
        return kept(nil, promise + ", which only pictures of \(answered.count) series reach")
      }
      return kept(point, promise)
    }
  }
}

/// Why a threshold that was asked for was not chosen.
enum DecisionError: Error, CustomStringConvertible {
  case noPositiveClass([String])
  case thresholdAtEnd(Double)

  var description: String {
    switch self {
    case .noPositiveClass(let classes): "none of the classes \(classes.joined(separator: ", ")) is the positive one"
    case .thresholdAtEnd(let threshold): "the threshold found is \(threshold), which would name one class always"
    }
  }
}

extension TemperatureScaling {
  fileprivate var losses: String { words(lossBefore, lossAfter) }
}

extension PlattScaling {
  fileprivate var losses: String { words(lossBefore, lossAfter) }
}

private func words(_ before: Metric, _ after: Metric) -> String {
  func text(_ metric: Metric) -> String {
    guard let low = metric.low, let high = metric.high else { return "\(short(metric.value)) (\(metric.method))" }
    return "\(short(metric.value)) (\(short(low)) to \(short(high)))"
  }
  return "\(text(before)) before, \(text(after)) after, on the same pictures"
}

private func short(_ number: Double) -> String { String((number * 1000).rounded() / 1000) }
