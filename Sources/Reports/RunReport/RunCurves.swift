import Evaluation

/// The curves of a run, each of the classes that curves are drawn for against the rest.
struct RunCurves {
  var roc: [ClassCurve<RocCurve>] = []
  var precisionRecall: [ClassCurve<PrecisionRecallCurve>] = []
  var calibration: [ClassCurve<CalibrationBins>] = []
  var lines: [ClassCurve<FittedLine>] = []
  var decision: [ClassCurve<DecisionCurve>] = []
  /// What a call at 0.5 is worth at other prevalences.
  var predictive: [ClassCurve<[DecisionFigures]>] = []
  var riskCoverage: RiskCoverage

  /// A calibration line, or why there is none: a report is not lost for it.
  enum FittedLine {
    case line(CalibrationLine)
    case none(ScoreText)

    init(_ outcomes: BinaryOutcomes, level: Double) throws {
      do {
        self = .line(try CalibrationLine(outcomes, level: level))
      } catch EvaluationError.separable {
        self = .none(.separable)
      } catch EvaluationError.constantProbabilities {
        self = .none(.constant)
      } catch EvaluationError.didNotConverge {
        self = .none(.notConverged)
      }
    }
  }

  /// Prevalences that predictive values are given for: rare as in screening, as in a clinic, and even.
  static let prevalences = [0.01, 0.1, 0.5]
  private static let thresholds = (1...99).map { Double($0) / 100 }

  init(_ run: RunReport) throws {
    let predictions = run.predictions
    let level = run.level
    for name in run.curveClasses {
      let outcomes = try predictions.outcomes(of: name)
      roc.append(.init(name, try RocCurve(outcomes, level: level)))
      precisionRecall.append(.init(name, try PrecisionRecallCurve(outcomes, level: level)))
      calibration.append(.init(name, try CalibrationBins(outcomes, bootstrap: run.report.bootstrap)))
      lines.append(.init(name, try FittedLine(outcomes, level: level)))
      decision.append(.init(name, try DecisionCurve(outcomes, thresholds: Self.thresholds, level: level)))
      predictive.append(
        .init(
          name,
          try Self.prevalences.map { try DecisionFigures(outcomes, threshold: 0.5, prevalence: $0, level: level) }))
    }
    riskCoverage = try RiskCoverage(predictions, level: level)
  }
}

extension RunReport {
  /// With two classes the positive one, since the other is its mirror image; else all.
  var curveClasses: [String] {
    report.classes.count == 2 ? [report.positiveClass ?? report.classes[1]] : report.classes
  }

  /// What stands on every figure: that the split leaks, that the test set was opened before the model was made.
  var marks: [MethodText] {
    (split.leak == nil ? [] : [MethodText.leaky])
      + (testSet?.modelPredatesFirstOpening == false ? [MethodText.openedTestSet] : [])
  }

  /// Figures of curves carry the marks like those of `scores.json`.
  func marked(_ metric: Metric) -> Metric {
    var metric = metric
    for mark in marks where !MethodText.isMarked(metric.method, mark) { metric.method += ", " + mark.phrase.english }
    return metric
  }
}
