import Inference
import Reports

extension RuleFacts {
  /// The numbers between softmax and answer, from the model file, and what `scores.json` says of them.
  init(of file: ModelFile, scores: DecisionScores?) {
    let description = file.description
    self.init()
    if let fitted = description.calibration {
      switch fitted.map {
      case .none: calibration = .none
      case .temperature(let value): calibration = .temperature(value)
      case .platt(let name, let intercept, let slope):
        calibration = .platt(className: name, intercept: intercept, slope: slope)
      }
      calibrationBasis = .init(pictures: fitted.images, series: fitted.series)
      calibrationNote = fitted.note
    }
    if let rule = description.decision {
      threshold = rule.operatingPoint.map {
        .init(
          className: $0.positiveClass, probability: $0.probability, rule: $0.rule,
          basis: .init(pictures: $0.images, series: $0.series))
      }
      abstention = rule.abstention.map {
        .init(
          leastConfidence: $0.leastConfidence, rule: $0.rule, coverage: $0.coverage, risk: $0.risk,
          basis: .init(pictures: $0.images, series: $0.series))
      }
      notes = rule.notes
    }
    gate = description.gate.map {
      .init(
        layer: $0.layer, threshold: $0.threshold, largestColour: $0.largestColour,
        wantedRefusals: $0.fit.wantedRefusals,
        heldOutRefusals: $0.fit.heldOutRefusals, warning: $0.fit.warning,
        basis: .init(pictures: $0.fit.images, series: $0.fit.series))
    }
    measured = scores.map { scores in
      .init(
        className: scores.positiveClass, sensitivity: scores.operatingPoint?.sensitivity,
        specificity: scores.operatingPoint?.specificity, positiveValue: scores.operatingPoint?.positivePredictiveValue,
        negativeValue: scores.operatingPoint?.negativePredictiveValue, prevalence: scores.operatingPoint?.prevalence,
        coverage: scores.coverage, risk: scores.errorAmongAnswered, refusedByGate: scores.refusedByGate,
        notes: scores.notes)
    }
  }
}
