import Evaluation
import Foundation
import RandomStreams
import Testing

struct ComparisonTests {
  /// A study of two models whose errors go together within series; the first may be better.
  private struct Study {
    var first: [Double] = []
    var second: [Double] = []
    var positive: [Bool] = []
    var series: [Int] = []
    var labels: [Int] { positive.map { $0 ? 1 : 0 } }
  }

  private func study(_ number: Int, advantage: Double) -> Study {
    var stream = RandomStream(seed: 21, UInt64(number))
    var study = Study()
    for current in 0..<60 {
      let label = current % 2 == 1
      let shared = stream.normal()
      let (own, other) = (stream.normal(), stream.normal())
      for _ in 0..<20 {
        let noise = stream.normal()
        let centre = label ? 0.9 : -0.9
        study.first.append(centre * (1 + advantage) + 0.5 * (shared + own + noise + stream.normal()))
        study.second.append(centre + 0.5 * (shared + other + noise + stream.normal()))
        study.positive.append(label)
        study.series.append(current)
      }
    }
    return study
  }

  private func right(_ scores: [Double], _ positive: [Bool]) -> [Bool] { zip(scores, positive).map { ($0 > 0) == $1 } }

  @Test func `equal models are called equal about nineteen times of twenty, slices would not`() throws {
    let studies = 300
    var (areas, accuracies, naive) = (0, 0, 0)
    for number in 0..<studies {
      let data = study(number, advantage: 0)
      let area = try compareAreas(data.first, data.second, positive: data.positive, series: data.series)
      let (one, two) = (right(data.first, data.positive), right(data.second, data.positive))
      if area.verdict == .undecided { areas += 1 }
      let accuracy = try compareAccuracies(one, two, labels: data.labels, classCount: 2, series: data.series)
      if accuracy.verdict == .undecided { accuracies += 1 }
      if try McNemar(one, two, labels: data.labels, classCount: 2, series: data.series).exactPValue > 0.05 { naive += 1 }
    }
    print("undecided of \(studies): areas \(areas), accuracies \(accuracies); McNemar over slices \(naive)")
    // With a true share of 0.95 fewer than 273 of 300 have a chance of 2e-3; all 300, of 2e-7.
    #expect((273...298).contains(areas) && (273...298).contains(accuracies))
    // Over slices 204 of 300 were: McNemar's test then errs six times as often as it says.
    #expect(naive < 240)
  }

  @Test func `a better model is called better, and its opponent worse`() throws {
    let data = study(1, advantage: 1)
    let areas = try compareAreas(data.first, data.second, positive: data.positive, series: data.series)
    let reversed = try compareAreas(data.second, data.first, positive: data.positive, series: data.series)
    #expect(areas.verdict == .better && reversed.verdict == .worse)
    #expect(try #require(areas.pValue) < 0.05 && areas.difference.images == 1200 && areas.difference.series == 60)
    let (one, two) = (right(data.first, data.positive), right(data.second, data.positive))
    #expect(try compareAccuracies(one, two, labels: data.labels, classCount: 2, series: data.series).verdict == .better)
    #expect(try compareAccuracies(two, one, labels: data.labels, classCount: 2, series: data.series).verdict == .worse)
  }

  @Test func `a model and itself do not differ`() throws {
    let data = study(2, advantage: 0)
    let same = try compareAreas(data.first, data.first, positive: data.positive, series: data.series)
    #expect(same.verdict == .unknown && same.difference.value == 0 && same.pValue == nil)
    #expect(same.difference.method == "no interval: series do not differ")
    let one = right(data.first, data.positive)
    let test = try McNemar(one, one, labels: data.labels, classCount: 2, series: data.series)
    #expect(test.exactPValue == 1 && test.clusteredStatistic == nil)
  }

  @Test func `lists of different lengths, one class and few series are refused or said`() throws {
    #expect(throws: EvaluationError.differentLengths(array: "second", expected: 2, actual: 1)) {
      try compareAreas([1, 2], [1], positive: [true, false], series: [0, 1])
    }
    #expect(throws: EvaluationError.differentLengths(array: "series", expected: 2, actual: 1)) {
      try compareAccuracies([true, false], [true, true], labels: [0, 1], classCount: 2, series: [0])
    }
    #expect(throws: EvaluationError.differentLengths(array: "labels", expected: 2, actual: 1)) {
      try McNemar([true, false], [true, true], labels: [0], classCount: 2, series: [0, 1])
    }
    #expect(throws: EvaluationError.labelOutOfRange(picture: 1, actual: 2, classes: 2)) {
      try compareAccuracies([true, false], [true, true], labels: [0, 2], classCount: 2, series: [0, 1])
    }
    #expect(throws: EvaluationError.oneSideOnly(positives: 2, negatives: 0)) {
      try compareAreas([1, 2], [1, 2], positive: [true, true], series: [0, 1])
    }
    #expect(throws: EvaluationError.notFinite(picture: 1, column: "score")) {
      try compareAreas([1, .nan], [1, 2], positive: [true, false], series: [0, 1])
    }
    #expect(throws: EvaluationError.noPictures) { try McNemar([], [], labels: [], classCount: 2, series: []) }
  }

  @Test(arguments: [1, 4]) func `a class of few series gives no interval and no p, however many others there are`(
    few: Int
  ) throws {
    // Series 0..<12 are negative; the positives have one series, or four.
    let series = (0..<12 + few).flatMap { number in [number, number, number] }
    let positive = series.map { $0 >= 12 }
    let labels = positive.map { $0 ? 1 : 0 }
    let scores = series.indices.map { Double($0 * 7 % 11) }
    let other = series.indices.map { Double($0 * 5 % 13) }
    let areas = try compareAreas(scores, other, positive: positive, series: series)
    #expect(areas.difference.method == "no interval: \(few) series" && areas.pValue == nil)
    let values = try [scores, other].map { try AreaUnderCurve.value(scores: $0, positive: positive) }
    #expect(areas.difference.value == values[0] - values[1] && areas.verdict == .unknown)
    // The first model is right throughout, the second nowhere.
    let (all, none) = (series.map { _ in true }, series.map { _ in false })
    let accuracies = try compareAccuracies(all, none, labels: labels, classCount: 2, series: series)
    #expect(accuracies.difference.value == 1 && accuracies.verdict == .unknown && accuracies.pValue == nil)
    #expect(accuracies.difference.method == "no interval: \(few) series")
    let test = try McNemar(all, none, labels: labels, classCount: 2, series: series)
    #expect(test.clusteredStatistic != nil && test.clusteredPValue == nil && test.method == "no p: \(few) series")
  }

  @Test func `models of several classes are compared whole, on the same pictures only`() throws {
    var stream = RandomStream(seed: 6)
    let labels = (0..<480).map { $0 / 8 % 3 }
    func model(_ strength: Double) throws -> Predictions {
      let rows = labels.map { label in
        let powers = (0..<3).map { exp(($0 == label ? strength : 0) + stream.normal()) }
        return powers.map { $0 / powers.reduce(0, +) }
      }
      return try Predictions(
        classes: ["a", "b", "c"], labels: labels, probabilities: rows, series: (0..<480).map { $0 / 8 })
    }
    let (good, poor) = (try model(2), try model(0.5))
    let comparison = try ModelComparison(good, poor)
    #expect(comparison.auc.verdict == .better && comparison.accuracy.verdict == .better)
    let settings = BootstrapSettings(resamples: 100, seed: 1)
    let areas = try [good, poor].map { try evaluate($0, bootstrap: settings).auc.value }
    #expect(abs(comparison.auc.difference.value - (areas[0] - areas[1])) < 1e-12)
    #expect(comparison.mcNemar.onlyFirst > comparison.mcNemar.onlySecond)
    let shuffled = try Predictions(
      classes: good.classes, labels: good.labels, probabilities: good.probabilities, series: good.series.map { $0 / 2 })
    #expect(throws: EvaluationError.notTheSamePictures(array: "series")) { try ModelComparison(good, shuffled) }
    let renamed = try Predictions(
      classes: ["a", "c", "b"], labels: good.labels, probabilities: good.probabilities, series: good.series)
    #expect(throws: EvaluationError.notTheSamePictures(array: "classes")) { try ModelComparison(good, renamed) }
  }
}
