import Evaluation
import Training

extension ClassificationMetrics {
  /// Each by the name that it has in `scores.json`.
  var byName: [String: Metric] { Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.metric) }) }
}

extension Scores {
  /// Every metric of `scores.json` by one name: those of the whole as they are called there, those of a class with the
  /// class behind a dot, those of the decision with `decision.` before them.
  var figures: [String: Metric] {
    var figures = report.metrics.byName
    for item in report.perClass {
      figures["sensitivity.\(item.className)"] = item.sensitivity
      figures["precision.\(item.className)"] = item.precision
      figures["f1.\(item.className)"] = item.f1
    }
    guard let decision else { return figures }
    let optional: [(String, Metric?)] = [
      ("coverage", decision.coverage), ("expected_calibration_error", decision.expectedCalibrationError),
      ("error_among_answered", decision.errorAmongAnswered), ("risk_coverage_area", decision.riskCoverageArea),
      ("refused_by_gate", decision.refusedByGate), ("calibration.slope", decision.calibration?.slope),
      ("calibration.intercept", decision.calibration?.intercept),
      ("calibration.intercept_in_the_large", decision.calibration?.interceptInTheLarge),
      ("sensitivity", decision.operatingPoint?.sensitivity), ("specificity", decision.operatingPoint?.specificity),
      ("positive_predictive_value", decision.operatingPoint?.positivePredictiveValue),
      ("negative_predictive_value", decision.operatingPoint?.negativePredictiveValue),
    ]
    for (name, metric) in optional { figures["decision.\(name)"] = metric }
    return figures
  }
}
