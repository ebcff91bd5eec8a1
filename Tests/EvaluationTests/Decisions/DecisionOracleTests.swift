import Evaluation
import Foundation
import TestSupport
import Testing

/// Numbers that scikit-learn, statsmodels, dcurves, pROC, rms and direct formulas gave; written by
/// `Reference/evaluation/decisions.py`.
private struct DecisionGolden: Decodable {
  var thresholds: [Double]
  var cases: [Case]
  var temperatures: [Temperature]
  var beta: [Beta]
  var effective: [Effective]

  struct Case: Decodable {
    var name: String
    var first, second: [Double]
    var positive: [Bool]
    var series: [Int]
    var rocFalsePositiveRates, rocSensitivities, precisions, recalls, precisionThresholds: [Double]
    var netBenefits, treatAll, riskThresholds, coverages, risks: [Double]
    var averagePrecision, intercept, slope, interceptInTheLarge: Double
    var positivePredictiveValue, negativePredictiveValue, expectedError: Double
    var plattIntercept, plattSlope, riskArea: Double
    var onlyFirst, onlySecond: Int
    var exactPValue, durkalski: Double
    var areaDifference, areaDifferenceVariance, accuracyDifference, accuracyDifferenceVariance: Double
    var sensitivityThreshold, sensitivitySpecificity: Double
    var r: FromR

    func outcomes() throws -> BinaryOutcomes {
      try BinaryOutcomes(probabilities: first, positive: positive, series: series)
    }
  }

  struct FromR: Decodable {
    var auc, variance, covariance, statistic, low, youden, intercept, slope, brier: Double
  }

  struct Temperature: Decodable {
    var labels: [Int]
    var probabilities: [[Double]]
    var temperature, lossBefore, lossAfter: Double
  }

  struct Beta: Decodable { var probability, a, b, quantile: Double }
  struct Effective: Decodable { var share, variance, freedom, low, high: Double }
}

struct DecisionOracleTests {
  private let golden: DecisionGolden

  init() throws {
    let url = packageRoot.appending(path: "Reference/evaluation/decisions.json")
    golden = try JSONDecoder().decode(DecisionGolden.self, from: Data(contentsOf: url))
    try #require(golden.cases.count == 3)
  }

  @Test func `curves and average precision equal scikit-learn's`() throws {
    for item in golden.cases {
      let roc = try RocCurve(item.outcomes())
      #expect(largestDifference(roc.points.map(\.falsePositiveRate), item.rocFalsePositiveRates) < 1e-12)
      #expect(largestDifference(roc.points.map(\.sensitivity), item.rocSensitivities) < 1e-12)
      #expect(abs(roc.area.value - item.r.auc) < 1e-12)
      let curve = try PrecisionRecallCurve(item.outcomes())
      #expect(largestDifference(curve.points.map(\.threshold), item.precisionThresholds) < 1e-12)
      #expect(largestDifference(curve.points.map(\.precision), item.precisions) < 1e-12)
      #expect(largestDifference(curve.points.map(\.sensitivity), item.recalls) < 1e-12)
      #expect(abs(curve.averagePrecision.value - item.averagePrecision) < 1e-12)
    }
  }

  @Test func `DeLong's variance and paired test equal pROC's`() throws {
    for item in golden.cases {
      let first = try AreaUnderCurve.deLong(scores: item.first, positive: item.positive)
      #expect(abs(first.value - item.r.auc) < 1e-9 && abs(first.variance - item.r.variance) < 1e-9)
      #expect(try abs(first.interval().low - item.r.low) < 1e-9)
      let second = try AreaUnderCurve.deLong(scores: item.second, positive: item.positive)
      let difference = try AreaUnderCurve.difference(
        item.first, item.second, positive: item.positive, series: Array(item.first.indices))
      let covariance = (first.variance + second.variance - difference.variance) / 2
      #expect(abs(covariance - item.r.covariance) < 1e-9)
      #expect(abs(difference.value / difference.variance.squareRoot() - item.r.statistic) < 1e-9)
    }
  }

  @Test func `clustered differences equal the direct formulas`() throws {
    for item in golden.cases {
      let difference = try AreaUnderCurve.difference(
        item.first, item.second, positive: item.positive, series: item.series)
      #expect(abs(difference.value - item.areaDifference) < 1e-12)
      #expect(abs(difference.variance - item.areaDifferenceVariance) < 1e-12)
      let areas = try compareAreas(item.first, item.second, positive: item.positive, series: item.series)
      #expect(abs(areas.difference.value - item.areaDifference) < 1e-12)

      let (right, other) = correct(item)
      let labels = item.positive.map { $0 ? 1 : 0 }
      let accuracies = try compareAccuracies(right, other, labels: labels, classCount: 2, series: item.series)
      #expect(abs(accuracies.difference.value - item.accuracyDifference) < 1e-12)
      let low = try #require(accuracies.difference.low)
      let freedom = Double(Set(item.series).count - 1)
      let error = (item.accuracyDifference - low) / studentQuantile(0.975, degreesOfFreedom: freedom)
      #expect(abs(error * error - item.accuracyDifferenceVariance) < 1e-12)
      let test = try McNemar(right, other, labels: labels, classCount: 2, series: item.series)
      #expect(test.onlyFirst == item.onlyFirst && test.onlySecond == item.onlySecond)
      #expect(abs(test.exactPValue - item.exactPValue) < 1e-9)
      #expect(abs(try #require(test.clusteredStatistic) - item.durkalski) < 1e-9)
    }
  }

  @Test func `calibration line equals statsmodels' and rms's`() throws {
    for item in golden.cases {
      let line = try CalibrationLine(item.outcomes())
      let actual = [line.intercept, line.slope, line.interceptInTheLarge].map(\.value)
      #expect(largestDifference(actual, [item.intercept, item.slope, item.interceptInTheLarge]) < 1e-8)
      #expect(largestDifference(Array(actual.prefix(2)), [item.r.intercept, item.r.slope]) < 1e-6 * item.slope)
      #expect(line.slope.hasInterval && line.interceptInTheLarge.hasInterval, "\(item.name)")
      let predictions = try Predictions(
        classes: ["no", "yes"], labels: item.positive.map { $0 ? 1 : 0 },
        probabilities: item.first.map { [1 - $0, $0] }, series: item.series)
      let brier = try evaluate(predictions, bootstrap: BootstrapSettings(resamples: 100, seed: 1)).brier
      #expect(abs(brier.value - item.r.brier) < 1e-9)
      let bins = try CalibrationBins(item.outcomes(), bootstrap: BootstrapSettings(resamples: 100, seed: 1))
      #expect(abs(bins.expectedError.value - item.expectedError) < 1e-12)
      #expect(bins.bins.reduce(0) { $0 + $1.observed.images } == item.first.count)
    }
  }

  @Test func `net benefit equals dcurves' and predictive values the formula`() throws {
    for item in golden.cases {
      let curve = try DecisionCurve(item.outcomes(), thresholds: golden.thresholds)
      #expect(largestDifference(curve.points.map(\.netBenefit.value), item.netBenefits) < 1e-9)
      #expect(largestDifference(curve.points.map(\.treatAll), item.treatAll) < 1e-9)
      let figures = try DecisionFigures(item.outcomes(), threshold: 0.5, prevalence: 0.1)
      #expect(abs(try #require(figures.positivePredictiveValue).value - item.positivePredictiveValue) < 1e-12)
      #expect(abs(try #require(figures.negativePredictiveValue).value - item.negativePredictiveValue) < 1e-12)
    }
  }

  @Test func `Platt's fit equals statsmodels' with the same targets`() throws {
    for item in golden.cases {
      let fit = try PlattScaling(fitting: item.outcomes())
      let actual = [fit.intercept, fit.slope].map(\.value)
      #expect(largestDifference(actual, [item.plattIntercept, item.plattSlope]) < 1e-8)
      #expect(fit.images == item.first.count && fit.series == Set(item.series).count)
      #expect(fit.lossAfter.value < fit.lossBefore.value)
    }
  }

  @Test func `the temperature is where the loss has no slope`() throws {
    #expect(golden.temperatures.count == 2)
    for item in golden.temperatures {
      let predictions = try Predictions(
        classes: item.probabilities[0].indices.map { "class \($0)" }, labels: item.labels,
        probabilities: item.probabilities, series: Array(item.labels.indices))
      let fit = try TemperatureScaling(fitting: predictions)
      #expect(abs(fit.temperature.value / item.temperature - 1) < 1e-8)
      #expect(abs(fit.lossBefore.value - item.lossBefore) < 1e-9 && abs(fit.lossAfter.value - item.lossAfter) < 1e-9)
      #expect(fit.temperature.hasInterval)
    }
  }

  @Test func `abstention and operating points equal the direct formulas`() throws {
    for item in golden.cases {
      let predictions = try Predictions(
        classes: ["no", "yes"], labels: item.positive.map { $0 ? 1 : 0 },
        probabilities: item.first.map { [1 - $0, $0] }, series: item.series)
      let curve = try RiskCoverage(predictions)
      #expect(largestDifference(curve.points.map(\.threshold), item.riskThresholds) < 1e-12)
      #expect(largestDifference(curve.points.map(\.coverage), item.coverages) < 1e-12)
      #expect(largestDifference(curve.points.map(\.risk), item.risks) < 1e-12)
      #expect(abs(curve.area.value - item.riskArea) < 1e-12)
      let point = try OperatingPoint(choosing: .sensitivityAtLeast(0.9), from: item.outcomes())
      #expect(point.threshold == item.sensitivityThreshold)
      #expect(abs(point.specificity.value - item.sensitivitySpecificity) < 1e-12)
      let youden = try OperatingPoint(choosing: .youden, from: item.outcomes())
      #expect(abs(youden.sensitivity.value + youden.specificity.value - 1 - item.r.youden) < 1e-9)
    }
  }

  @Test func `beta quantiles and effective-sample intervals equal SciPy's`() throws {
    #expect(golden.beta.count == 20 && golden.effective.count == 4)
    for item in golden.beta {
      let actual = betaQuantile(item.probability, item.a, item.b)
      #expect(abs(actual / item.quantile - 1) < 1e-9, "\(item.probability) \(item.a) \(item.b)")
    }
    for item in golden.effective {
      let interval = try effectiveSampleInterval(
        share: item.share, variance: item.variance, degreesOfFreedom: item.freedom)
      #expect(largestDifference([interval.low, interval.high], [item.low, item.high]) < 1e-9)
    }
  }

  private func correct(_ item: DecisionGolden.Case) -> ([Bool], [Bool]) {
    func right(_ scores: [Double]) -> [Bool] { zip(scores, item.positive).map { ($0 > 0.5) == $1 } }
    return (right(item.first), right(item.second))
  }
}
