import Inference
import Reports

extension Project {
  /// The numbers between softmax and answer, from the model file, and what `scores.json` says of them.
  func rules(of file: ModelFile, scores: DecisionScores?) -> RuleFacts {
    let description = file.description
    var rules = RuleFacts()
    if let calibration = description.calibration {
      switch calibration.map {
      case .none: rules.calibration = .none
      case .temperature(let value): rules.calibration = .temperature(value)
      case .platt(let name, let intercept, let slope):
        rules.calibration = .platt(className: name, intercept: intercept, slope: slope)
      }
      rules.calibrationBasis = .init(pictures: calibration.images, series: calibration.series)
      rules.calibrationNote = calibration.note
    }
    if let rule = description.decision {
      rules.threshold = rule.operatingPoint.map {
        .init(
          className: $0.positiveClass, probability: $0.probability, rule: $0.rule,
          basis: .init(pictures: $0.images, series: $0.series))
      }
      rules.abstention = rule.abstention.map {
        .init(
          leastConfidence: $0.leastConfidence, rule: $0.rule, coverage: $0.coverage, risk: $0.risk,
          basis: .init(pictures: $0.images, series: $0.series))
      }
      rules.notes = rule.notes
    }
    rules.gate = description.gate.map {
      .init(
        layer: $0.layer, threshold: $0.threshold, largestColour: $0.largestColour,
        wantedRefusals: $0.fit.wantedRefusals,
        heldOutRefusals: $0.fit.heldOutRefusals, warning: $0.fit.warning,
        basis: .init(pictures: $0.fit.images, series: $0.fit.series))
    }
    rules.measured = scores.map { scores in
      .init(
        className: scores.positiveClass, sensitivity: scores.operatingPoint?.sensitivity,
        specificity: scores.operatingPoint?.specificity, positiveValue: scores.operatingPoint?.positivePredictiveValue,
        negativeValue: scores.operatingPoint?.negativePredictiveValue, prevalence: scores.operatingPoint?.prevalence,
        coverage: scores.coverage, risk: scores.errorAmongAnswered, refusedByGate: scores.refusedByGate,
        notes: scores.notes)
    }
    return rules
  }
}
