import Evaluation
import Foundation
import RandomStreams
import Testing

struct DecisionTests {
  private let settings = BootstrapSettings(resamples: 200, seed: 1)

  /// Twelve series of four pictures each; the score says the class, but for a few pictures.
  private func outcomes(flipped: Set<Int> = [3, 9, 17, 30], series: Int = 12) throws -> BinaryOutcomes {
    var stream = RandomStream(seed: 4)
    let count = series * 4
    let positive = (0..<count).map { $0 / 4 % 2 == 1 }
    let probabilities = (0..<count).map { picture in
      let high = positive[picture] != flipped.contains(picture)
      return (high ? 0.6 : 0.1) + 0.3 * stream.uniform()
    }
    return try BinaryOutcomes(probabilities: probabilities, positive: positive, series: (0..<count).map { $0 / 4 })
  }

  private func predictions(_ outcomes: BinaryOutcomes) throws -> Predictions {
    try Predictions(
      classes: ["no", "yes"], labels: outcomes.positive.map { $0 ? 1 : 0 },
      probabilities: outcomes.probabilities.map { [1 - $0, $0] }, series: outcomes.series)
  }

  @Test func `every figure has an interval and says what it rests on`() throws {
    let data = try outcomes()
    let figures = try DecisionFigures(data, threshold: 0.5, prevalence: 0.2)
    let line = try CalibrationLine(data)
    let metrics = [
      figures.sensitivity, figures.specificity, try #require(figures.positivePredictiveValue),
      try #require(figures.negativePredictiveValue), try RocCurve(data).area,
      try PrecisionRecallCurve(data).averagePrecision, line.slope, line.intercept, line.interceptInTheLarge,
      try CalibrationBins(data, bootstrap: settings).expectedError,
      try DecisionCurve(data, thresholds: [0.3]).points[0].netBenefit, try RiskCoverage(predictions(data)).area,
    ]
    for metric in metrics {
      #expect(metric.low.map { $0 < metric.value } == true && metric.high.map { $0 > metric.value } == true)
    }
    #expect(figures.sensitivity.series == 6 && figures.sensitivity.images == 24)
    #expect(line.slope.series == 12 && line.slope.images == 48)
  }

  @Test func `one class of three against the rest has the intervals it has among all`() throws {
    var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
    for number in 0..<24 {
      for slice in 0..<(3 + number % 5) {
        let label = number % 3
        let answer = (number * 7 + slice) % 4 == 0 ? (label + 1 + number % 2) % 3 : label
        labels.append(label)
        rows.append((0..<3).map { $0 == answer ? 0.6 + 0.01 * Double(number) : 0.2 - 0.005 * Double(number) })
        series.append(number)
      }
    }
    let predictions = try Predictions(classes: ["a", "b", "c"], labels: labels, probabilities: rows, series: series)
    let report = try evaluate(predictions, positiveClass: "b", bootstrap: settings)
    let figures = try DecisionFigures(predictions.outcomes(of: "b"), threshold: 0.5, prevalence: 0.2)
    #expect(report.sensitivity.value < 1 && report.specificity.value < 1)
    func close(_ a: Metric, _ b: Metric) throws -> Bool {
      let lows = [try #require(a.low), try #require(b.low)]
      let highs = [try #require(a.high), try #require(b.high)]
      return abs(lows[0] - lows[1]) < 1e-9 && abs(highs[0] - highs[1]) < 1e-9 && a.method == b.method
        && abs(a.value - b.value) < 1e-12
    }
    #expect(try close(report.sensitivity, figures.sensitivity))
    #expect(try close(report.specificity, figures.specificity))
    #expect(try close(report.auc, RocCurve(predictions.outcomes(of: "b")).area))
  }

  @Test func `fewer than five series in a class leave every figure without an interval`() throws {
    let data = try outcomes(series: 8)
    let figures = try DecisionFigures(data, threshold: 0.5, prevalence: 0.2)
    let scaling = try PlattScaling(fitting: data)
    for metric in [
      figures.sensitivity, figures.specificity, try RocCurve(data).area, try CalibrationLine(data).slope,
      scaling.slope, try TemperatureScaling(fitting: predictions(data)).temperature,
      try CalibrationBins(data, bootstrap: settings).expectedError,
      try DecisionCurve(data, thresholds: [0.3]).points[0].netBenefit, try RiskCoverage(predictions(data)).area,
      try compareAreas(data.probabilities, data.probabilities.reversed(), positive: data.positive, series: data.series)
        .difference,
    ] {
      #expect(metric.method == "no interval: 4 series" && !metric.hasInterval)
    }
  }

  @Test func `predictive values follow the prevalence that is stated`() throws {
    let data = try outcomes()
    let values = try [0.01, 0.5, 0.9].map {
      try #require(try DecisionFigures(data, threshold: 0.5, prevalence: $0).positivePredictiveValue).value
    }
    #expect(values[0] < 0.2 && values[0] < values[1] && values[1] < values[2])
    let never = try DecisionFigures(data, threshold: 1, prevalence: 0.5)
    #expect(never.positivePredictiveValue == nil && never.sensitivity.value == 0)
  }

  /// 30 series of each class, four pictures each. Of `missed` positive series and of `raised` negative ones a picture is
  /// called wrongly.
  private func called(missed: Int, raised: Int) throws -> BinaryOutcomes {
    let positive = (0..<240).map { $0 / 4 % 2 == 1 }
    let probabilities = (0..<240).map { picture in
      let number = picture / 8
      let errs = picture % 4 == 0 && number < (positive[picture] ? missed : raised)
      return positive[picture] != errs ? 0.9 : 0.1
    }
    return try BinaryOutcomes(probabilities: probabilities, positive: positive, series: (0..<240).map { $0 / 4 })
  }

  @Test func `predictive values promise no more than sensitivity and specificity, where one of them is 1`() throws {
    let prevalence = 0.01
    let sure = try DecisionFigures(called(missed: 12, raised: 0), threshold: 0.5, prevalence: prevalence)
    let positive = try #require(sure.positivePredictiveValue)
    let (sensitivity, specificity) = (try #require(sure.sensitivity.low), try #require(sure.specificity.low))
    // Wilson's lower end of 30 of 30.
    #expect(sure.sensitivity.value == 0.9 && sure.specificity.value == 1 && abs(specificity - 0.8865) < 5e-4)
    let found = sensitivity * prevalence
    let lowest = found / (found + (1 - specificity) * (1 - prevalence))
    let low = try #require(positive.low)
    #expect(positive.value == 1 && positive.high == 1 && abs(low - lowest) < 1e-12)
    #expect(lowest < 0.08 && positive.method == "from the ends of sensitivity and specificity")
    let negative = try #require(sure.negativePredictiveValue)
    #expect(negative.method == positive.method)
    let ends = (low: try #require(negative.low), high: try #require(negative.high))
    #expect(ends.low < negative.value && ends.high > negative.value)

    // Of the other side: no tumour missed.
    let careful = try DecisionFigures(called(missed: 0, raised: 12), threshold: 0.5, prevalence: 0.5)
    let value = try #require(careful.negativePredictiveValue)
    #expect(value.value == 1 && careful.sensitivity.value == 1)
    let (missed, cleared) = (1 - (try #require(careful.sensitivity.low)), try #require(careful.specificity.low))
    let lower = try #require(value.low)
    #expect(abs(lower - cleared / (cleared + missed)) < 1e-12)

    // Where both vary, leaving out series shows it.
    let usual = try DecisionFigures(called(missed: 12, raised: 6), threshold: 0.5, prevalence: prevalence)
    #expect(usual.positivePredictiveValue?.method == "jackknife over series")
    // Too few series: none has an interval.
    let few = try DecisionFigures(outcomes(flipped: [], series: 8), threshold: 0.5, prevalence: prevalence)
    #expect(few.positivePredictiveValue?.method == "no interval: 4 series")
  }

  @Test func `one probability for every picture is told from probabilities that separate the classes`() throws {
    let data = try outcomes()
    let constant = try BinaryOutcomes(
      probabilities: data.probabilities.map { _ in 0.3 }, positive: data.positive, series: data.series)
    #expect(throws: EvaluationError.constantProbabilities(fit: "calibration line")) { try CalibrationLine(constant) }
    #expect(throws: EvaluationError.constantProbabilities(fit: "Platt scaling")) { try PlattScaling(fitting: constant) }
    #expect(EvaluationError.constantProbabilities(fit: "calibration line").description.contains("same probability"))
  }

  @Test func `probabilities of 0 and 1, some of them wrong, have an intercept in the large`() throws {
    let data = try BinaryOutcomes(
      probabilities: [1, 1, 0, 0, 0, 0], positive: [true, false, true, true, false, false], series: Array(0..<6))
    let line = try CalibrationLine(data)
    // Both of the first two count as positive, so a quarter of the other four must be.
    let expected = log((1 - 1e-12) / 1e-12) - log(3)
    #expect(abs(line.interceptInTheLarge.value - expected) < 1e-9)
    #expect(abs(line.slope.value) < 1e-9)
  }

  @Test func `the interval of the intercept in the large counts the chance of another share of positives`() throws {
    var draw = RandomStream(seed: 5, 1)
    let probabilities = (0..<400).map { _ in 0.05 + 0.9 * Double.random(in: 0..<1, using: &draw) }
    let positive = probabilities.map { Double.random(in: 0..<1, using: &draw) < $0 }
    let line = try CalibrationLine(
      BinaryOutcomes(probabilities: probabilities, positive: positive, series: Array(0..<400)))
    // What maximum likelihood gives for independent pictures.
    let expected = 1 / probabilities.reduce(0) { $0 + $1 * (1 - $1) }.squareRoot()
    let ends = (low: try #require(line.interceptInTheLarge.low), high: try #require(line.interceptInTheLarge.high))
    #expect(abs((ends.high - ends.low) / (2 * 1.966) / expected - 1) < 0.1)
  }

  @Test func `operating points do what they are asked for`() throws {
    let data = try outcomes()
    let sure = try OperatingPoint(choosing: .sensitivityAtLeast(1), from: data)
    let usual = try OperatingPoint(choosing: .sensitivityAtLeast(0.8), from: data)
    #expect(sure.sensitivity.value == 1 && usual.sensitivity.value >= 0.8 && usual.threshold > sure.threshold)
    #expect(usual.images == 48 && usual.series == 12)
    let rare = try OperatingPoint(choosing: .netBenefit(thresholdProbability: 0.5, prevalence: 0.01), from: data)
    let common = try OperatingPoint(choosing: .netBenefit(thresholdProbability: 0.02, prevalence: 0.5), from: data)
    #expect(rare.specificity.value > common.specificity.value)
    #expect(common.sensitivity.value == 1)
  }

  @Test func `a fit to separated classes is refused unless its targets are smoothed`() throws {
    let data = try outcomes(flipped: [])
    #expect(throws: EvaluationError.separable(fit: "Platt scaling")) {
      try PlattScaling(fitting: data, targets: .plain)
    }
    let smoothed = try PlattScaling(fitting: data)
    #expect(smoothed.slope.value.isFinite && smoothed.slope.value > 1 && smoothed.slope.hasInterval)
    #expect(throws: EvaluationError.separable(fit: "calibration line")) { try CalibrationLine(data) }
    #expect(throws: EvaluationError.separable(fit: "temperature scaling")) {
      try TemperatureScaling(fitting: predictions(data))
    }
    #expect(EvaluationError.separable(fit: "Platt scaling").description.contains("smoothed"))
  }

  @Test func `calibrating recovers what a known distortion did`() throws {
    // Outcomes drawn with the true probability; the model says its log odds tripled.
    var stream = RandomStream(seed: 8)
    var (said, positive) = ([Double](), [Bool]())
    for _ in 0..<10_000 {
      let odds = stream.normal()
      positive.append(stream.uniform() < 1 / (1 + exp(-odds)))
      said.append(1 / (1 + exp(-3 * odds - 1)))
    }
    let data = try BinaryOutcomes(
      probabilities: said, positive: positive, series: said.indices.map { $0 / 250 })
    let fit = try PlattScaling(fitting: data)
    // The standard error of the slope is about 0.01, of the intercept 0.02.
    #expect(abs(fit.slope.value - 1.0 / 3) < 0.035 && abs(fit.intercept.value + 1.0 / 3) < 0.08)
    let after = try BinaryOutcomes(
      probabilities: said.map(fit.calibrated), positive: positive, series: data.series)
    let line = try CalibrationLine(after)
    #expect(abs(line.slope.value - 1) < 1e-2 && abs(line.interceptInTheLarge.value) < 1e-2)
    let scaling = try TemperatureScaling(
      fitting: predictions(
        BinaryOutcomes(
          probabilities: said.map { 1 / (1 + ((1 - $0) / $0) * exp(1)) }, positive: positive, series: data.series)))
    #expect(abs(scaling.temperature.value - 3) < 0.2)
    let row = scaling.calibrated([0.05, 0.95])
    #expect(row[1] < 0.95 && row[1] > 0.5 && abs(row[0] + row[1] - 1) < 1e-12)
  }

  @Test func `a model that is surer when wrong has no temperature`() throws {
    let data = try outcomes(flipped: Set((0..<48).filter { $0 % 3 != 0 }))
    #expect {
      try TemperatureScaling(fitting: predictions(data))
    } throws: { error in
      if case EvaluationError.temperatureNotPositive = error { return true }
      return false
    }
  }

  @Test func `answering only the surest pictures lowers the risk of a model that knows when it errs`() throws {
    var stream = RandomStream(seed: 5)
    let count = 1200
    let positive = (0..<count).map { $0 / 20 % 2 == 1 }
    let probabilities = positive.map { 1 / (1 + exp(-($0 ? 1.2 : -1.2) - 1.5 * stream.normal())) }
    let data = try BinaryOutcomes(probabilities: probabilities, positive: positive, series: (0..<count).map { $0 / 20 })
    let curve = try RiskCoverage(predictions(data))
    let overall = try #require(curve.points.last).risk
    #expect(overall > 0.12)
    let point = try #require(curve.points.last { $0.risk <= 0.1 })
    #expect(point.coverage < 1 && point.coverage > 0.3)
    #expect(curve.area.value < overall && curve.area.series == 60)
    // Every answer wrong: no threshold helps.
    let hopeless = try RiskCoverage(predictions(outcomes(flipped: Set(0..<48))))
    #expect(hopeless.points.allSatisfy { $0.risk == 1 })
  }
}
