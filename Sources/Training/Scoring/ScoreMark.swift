import Evaluation
import KidneyData

/// What makes a figure worth less than it looks, and stands in the method of every metric that comes of it.
enum ScoreMark: String, CaseIterable, Sendable {
  /// Slices of one series, or the pictures themselves, are on both sides of the split.
  case leaky = "LEAKY split"
  /// The model, or its thresholds or calibration, is younger than the first scoring of the test pictures.
  case opened = "OPENED test set"

  /// For the notes of a report.
  var meaning: String {
    switch self {
    case .leaky:
      "slices of one series, or the pictures themselves, are on both sides; these figures say nothing of new patients"
    case .opened:
      "the model, or its thresholds or calibration, was made after test pictures were first scored, and may have been chosen by them"
    }
  }
}

extension Metric {
  /// The same with marks added to its method.
  func marked(_ marks: [ScoreMark]) -> Metric {
    var metric = self
    for mark in marks { metric.method += ", " + mark.rawValue }
    return metric
  }
}

extension ClassificationReport {
  /// The same with marks added to the method of every metric, so that no figure can be quoted without them.
  func marked(_ marks: [ScoreMark]) -> ClassificationReport {
    var report = self
    report.metrics = report.metrics.mapped { $0.marked(marks) }
    for index in report.perClass.indices {
      report.perClass[index].sensitivity = report.perClass[index].sensitivity.marked(marks)
      report.perClass[index].f1 = report.perClass[index].f1.marked(marks)
      report.perClass[index].precision = report.perClass[index].precision?.marked(marks)
    }
    report.notes += marks.map { "\($0.rawValue): \($0.meaning)" }
    return report
  }
}
