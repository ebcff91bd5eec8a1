import Evaluation
import Foundation
import TestSupport
import Testing

/// Numbers that scikit-learn, SciPy and direct formulas gave; written by `Reference/evaluation/golden.py`.
private struct Golden: Decodable {
  var cases: [Case]
  var wilson: [Wilson]
  var normal: [Quantile]
  var student: [Quantile]

  struct Case: Decodable {
    var name: String
    var labels, series: [Int]
    var probabilities: [[Double]]
    var loss, accuracy, balancedAccuracy, macroF1, brier, auc: Double
    var sensitivities, precisions, f1s, specificities, aucs, delong, obuchowski: [Double]
    var confusion: [[Int]]

    var classes: [String] { confusion.indices.map { "class \($0)" } }
  }

  struct Wilson: Decodable {
    var successes, trials, level, low, high: Double
  }

  struct Quantile: Decodable {
    var probability: Double
    var freedom: Double?
    var quantile: Double
  }

  static func load() throws -> Golden {
    let url = packageRoot.appending(path: "Reference/evaluation/golden.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }
}

struct OracleTests {
  private let golden: Golden

  init() throws {
    golden = try Golden.load()
    try #require(golden.cases.count == 6)
  }

  @Test func `figures equal scikit-learn's`() throws {
    for item in golden.cases {
      let predictions = try Predictions(
        classes: item.classes, labels: item.labels, probabilities: item.probabilities, series: item.series)
      let report = try evaluate(predictions, bootstrap: BootstrapSettings(resamples: 100, seed: 1))
      let two = item.classes.count == 2
      let actual = [
        report.loss, report.accuracy, report.balancedAccuracy, report.macroF1, report.brier, report.auc,
        report.sensitivity, report.specificity,
      ].map(\.value)
      let expected = [
        item.loss, item.accuracy, item.balancedAccuracy, item.macroF1, item.brier, item.auc,
        two ? item.sensitivities[1] : item.balancedAccuracy,
        two ? item.specificities[1] : item.specificities.reduce(0, +) / Double(item.classes.count),
      ]
      #expect(largestDifference(actual, expected) < 1e-12, "\(item.name)")
      #expect(
        largestDifference(report.perClass.map(\.sensitivity.value), item.sensitivities) < 1e-12, "\(item.name)")
      #expect(
        largestDifference(report.perClass.map { $0.precision?.value ?? -1 }, item.precisions) < 1e-12, "\(item.name)")
      #expect(largestDifference(report.perClass.map(\.f1.value), item.f1s) < 1e-12, "\(item.name)")
      #expect(report.confusionMatrix == item.confusion, "\(item.name)")
    }
  }

  @Test func `a named positive class is judged against the rest`() throws {
    for item in golden.cases {
      for label in item.classes.indices {
        let predictions = try Predictions(
          classes: item.classes, labels: item.labels, probabilities: item.probabilities, series: item.series)
        let report = try evaluate(
          predictions, positiveClass: item.classes[label], bootstrap: BootstrapSettings(resamples: 100, seed: 1))
        #expect(report.positiveClass == item.classes[label])
        #expect(
          largestDifference(
            [report.sensitivity.value, report.specificity.value, report.auc.value],
            [item.sensitivities[label], item.specificities[label], item.aucs[label]]) < 1e-12, "\(item.name)")
      }
    }
  }

  @Test func `AUC and its variances equal the direct formulas`() throws {
    for item in golden.cases {
      for label in item.classes.indices {
        let scores = item.probabilities.map { $0[label] }
        let positive = item.labels.map { $0 == label }
        let independent = try AreaUnderCurve.deLong(scores: scores, positive: positive)
        let clustered = try AreaUnderCurve.obuchowski(scores: scores, positive: positive, series: item.series)
        #expect(
          largestDifference(
            [
              try AreaUnderCurve.value(scores: scores, positive: positive), independent.value, clustered.value,
              independent.variance, clustered.variance,
            ],
            [item.aucs[label], item.aucs[label], item.aucs[label], item.delong[label], item.obuchowski[label]]
          ) < 1e-12, "\(item.name)")
      }
    }
  }

  @Test func `with one picture a series Obuchowski's variance is DeLong's`() throws {
    for item in golden.cases {
      let scores = item.probabilities.map { $0[0] }
      let positive = item.labels.map { $0 == 0 }
      let independent = try AreaUnderCurve.deLong(scores: scores, positive: positive)
      let clustered = try AreaUnderCurve.obuchowski(
        scores: scores, positive: positive, series: Array(scores.indices.reversed()))
      #expect(abs(independent.variance - clustered.variance) < 1e-14, "\(item.name)")
      #expect(
        abs(independent.variance - item.obuchowski[0]) > 1e-6, "series must matter in \(item.name)")
    }
  }

  @Test func `Wilson's interval equals SciPy's`() throws {
    #expect(golden.wilson.count == 6)
    for item in golden.wilson {
      let interval = try wilsonInterval(successes: item.successes, trials: item.trials, level: item.level)
      #expect(largestDifference([interval.low, interval.high], [item.low, item.high]) < 1e-12)
    }
  }

  @Test func `quantiles equal SciPy's`() throws {
    #expect(golden.normal.count == 10 && golden.student.count == 36)
    for item in golden.normal {
      #expect(abs(normalQuantile(item.probability) - item.quantile) < 1e-12 * max(1, abs(item.quantile)))
      #expect(abs(normalCumulative(item.quantile) / item.probability - 1) < 1e-12)
    }
    for item in golden.student {
      let freedom = try #require(item.freedom)
      let actual = studentQuantile(item.probability, degreesOfFreedom: freedom)
      #expect(abs(actual - item.quantile) < 1e-10 * max(1, abs(item.quantile)), "t \(item.probability) \(freedom)")
      #expect(abs(studentCumulative(item.quantile, degreesOfFreedom: freedom) - item.probability) < 1e-12)
    }
  }
}

/// Infinite where the counts differ, so that a missing number cannot pass.
func largestDifference(_ actual: [Double], _ expected: [Double]) -> Double {
  guard actual.count == expected.count, !expected.isEmpty else { return .infinity }
  let differences = zip(actual, expected).map { abs($0 - $1) }
  return differences.contains { $0.isNaN } ? .infinity : differences.max() ?? .infinity
}
