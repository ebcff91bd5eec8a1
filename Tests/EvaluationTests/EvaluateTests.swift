import Evaluation
import Foundation
import RandomStreams
import TestSupport
import Testing

struct EvaluateTests {
  private let settings = BootstrapSettings(seed: 1)

  /// Series of ten pictures each, of one class each; the last `wrong` pictures of a series are mistaken.
  private func predictions(
    classes: [String] = ["Normal", "Tumor"], wrong: [(label: Int, wrong: Int)]
  ) throws -> Predictions {
    var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
    for (number, item) in wrong.enumerated() {
      for picture in 0..<10 {
        let predicted = picture < 10 - item.wrong ? item.label : (item.label + 1) % classes.count
        labels.append(item.label)
        rows.append(classes.indices.map { $0 == predicted ? 0.8 : 0.2 / Double(classes.count - 1) })
        series.append(100 - number)
      }
    }
    return try Predictions(classes: classes, labels: labels, probabilities: rows, series: series)
  }

  @Test func `the standard error of equal series is that of their mean`() throws {
    // Sensitivity is the mean of five shares: 1, 0.9, 0.7, 0.6, 0.3.
    let shares = [0, 1, 3, 4, 7]
    let report = try evaluate(
      predictions(wrong: shares.map { (1, $0) } + [1, 2, 3, 4, 5, 6].map { (0, $0) }),
      bootstrap: settings)
    let mean = 0.7
    #expect(abs(report.sensitivity.value - mean) < 1e-12)
    let squares = shares.map { pow(1 - Double($0) / 10 - mean, 2) }.reduce(0, +)
    let standardError = (squares / 4 / 5).squareRoot()
    let expected = try effectiveSampleInterval(
      share: mean, variance: standardError * standardError, degreesOfFreedom: 4)
    let actual = [try #require(report.sensitivity.low), try #require(report.sensitivity.high)]
    #expect(relativeError(actual, [expected.low, expected.high]) < 1e-9, "\(actual) \(expected)")
    #expect(report.sensitivity.method == "jackknife over series")
    #expect(report.loss.method == "cluster bootstrap")
    #expect(report.sensitivity.images == 50 && report.sensitivity.series == 5)
    #expect(report.specificity.images == 60 && report.specificity.series == 6)
    #expect(report.accuracy.images == 110 && report.accuracy.series == 11)
  }

  @Test func `the interval of an AUC is as wide as Obuchowski's variance says`() throws {
    let cell = CoverageSimulation(positiveSeries: 25, negativeSeries: 25, correlation: 0.5, separation: 1.5)
    let predictions = try cell.study(0, seed: 11)
    let auc = try evaluate(predictions, bootstrap: settings).auc
    let clustered = try AreaUnderCurve.obuchowski(
      scores: predictions.probabilities.map { $0[1] }, positive: predictions.labels.map { $0 == 1 },
      series: predictions.series
    ).interval(degreesOfFreedom: 48)
    let width = try #require(auc.high) - #require(auc.low)
    #expect(abs(width / (clustered.high - clustered.low) - 1) < 0.15)
  }

  @Test func `a class with fewer than five series leaves what rests on it without an interval`() throws {
    let report = try evaluate(
      predictions(wrong: [(1, 1), (1, 2), (1, 3), (1, 0)] + (1...6).map { (0, $0) }), bootstrap: settings)
    for (name, metric) in report.metrics.named where name != "specificity" {
      #expect(metric.low == nil && metric.high == nil, "\(name)")
      #expect(metric.method == "no interval: 4 series", "\(name)")
    }
    #expect(report.specificity.method == "jackknife over series" && report.specificity.hasInterval)
    #expect(report.perClass.map(\.sensitivity.hasInterval) == [true, false])
    #expect(report.perClass.map(\.f1.hasInterval) == [false, false])
  }

  @Test func `a single series gives figures without intervals`() throws {
    let predictions = try Predictions(
      classes: ["a", "b"], labels: [0, 1], probabilities: [[0.9, 0.1], [0.6, 0.4]], series: [5, 5])
    let report = try evaluate(predictions, bootstrap: settings)
    #expect(report.accuracy.value == 0.5 && report.auc.value == 1)
    #expect(report.metrics.named.allSatisfy { $0.metric.method == "no interval: 1 series" && !$0.metric.hasInterval })
  }

  @Test func `where every picture is right the interval is Wilson's over series`() throws {
    let report = try evaluate(predictions(wrong: (0..<12).map { ($0 % 2, 0) }), bootstrap: settings)
    let wilson = try wilsonInterval(successes: 6, trials: 6)
    for metric in [report.accuracy, report.sensitivity, report.auc, report.macroF1] {
      #expect(metric.value == 1 && metric.high == 1)
      #expect(metric.low == wilson.low)
      #expect(metric.method == "Wilson over series, which do not differ")
    }
    #expect(report.loss.method == "no interval: series do not differ" && report.loss.low == nil)
  }

  @Test func `a class never predicted has no precision, and the notes say so`() throws {
    let predictions = try Predictions(
      classes: ["Cyst", "Normal", "Tumor"], labels: [0, 1, 2, 0, 1, 2],
      probabilities: [
        [0.1, 0.8, 0.1], [0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.3, 0.2, 0.5], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8],
      ], series: [0, 1, 2, 3, 4, 5])
    let report = try evaluate(predictions, bootstrap: settings)
    #expect(report.perClass[0].precision == nil)
    #expect(report.perClass[0].f1.value == 0 && report.perClass[0].sensitivity.value == 0)
    #expect(report.perClass[1].precision?.value == 2.0 / 3)
    #expect(report.notes.contains("class Cyst was never predicted: its precision is undefined"))
    #expect(report.counts.map(\.predicted) == [0, 3, 3])
    #expect(report.counts.map(\.images) == [2, 2, 2] && report.counts.map(\.series) == [2, 2, 2])
    let text = try String(decoding: JSONEncoder().encode(report.perClass[0]), as: UTF8.self)
    #expect(text.contains(#""precision":null"#))
  }

  @Test func `the seed alone decides the intervals, and not the order of pictures' series numbers`() throws {
    let cell = CoverageSimulation(positiveSeries: 9, negativeSeries: 11, correlation: 0.5, separation: 1.5)
    let first = try cell.study(1, seed: 5)
    let renumbered = try Predictions(
      classes: first.classes, labels: first.labels, probabilities: first.probabilities,
      series: first.series.map { 1_000_000 - 17 * $0 })
    let report = try evaluate(first, bootstrap: settings)
    #expect(try evaluate(renumbered, bootstrap: settings) == report)
    let other = try evaluate(first, bootstrap: BootstrapSettings(seed: 2))
    #expect(other.accuracy == report.accuracy && other.auc == report.auc)
    #expect(other.loss.value == report.loss.value && other.loss.low != report.loss.low)
  }

  @Test func `series that hold several classes are resampled whole`() throws {
    var stream = RandomStream(seed: 9)
    let count = 300
    let labels = (0..<count).map { _ in stream.index(below: 3) }
    let rows = labels.map { label in
      let row = (0..<3).map { exp(2 * stream.uniform() + ($0 == label ? 1 : 0)) }
      return row.map { $0 / row.reduce(0, +) }
    }
    let predictions = try Predictions(
      classes: ["a", "b", "c"], labels: labels, probabilities: rows, series: (0..<count).map { $0 / 15 })
    let report = try evaluate(predictions, bootstrap: settings)
    #expect(report.series == 20 && report.counts.allSatisfy { $0.series > 10 })
    for (name, metric) in report.metrics.named {
      let (low, high) = (try #require(metric.low, "\(name)"), try #require(metric.high, "\(name)"))
      #expect(low < metric.value && metric.value < high, "\(name)")
    }
  }

  @Test func `a higher level gives a wider interval`() throws {
    let data = try predictions(wrong: (0..<14).map { ($0 % 2, $0 % 5) })
    let usual = try evaluate(data, bootstrap: BootstrapSettings(seed: 1, level: 0.9)).accuracy
    let wide = try evaluate(data, bootstrap: BootstrapSettings(seed: 1, level: 0.99)).accuracy
    #expect(try #require(wide.low) < #require(usual.low) && #require(usual.high) < #require(wide.high))
  }

  @Test func `a report survives JSON with the keys it promises`() throws {
    let report = try evaluate(
      predictions(classes: ["a", "b", "c"], wrong: (0..<15).map { ($0 % 3, $0 % 4) }), bootstrap: settings)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(ClassificationReport.self, from: data) == report)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "classes", "positive_class", "metrics", "per_class", "confusion_matrix", "counts", "images", "series",
        "bootstrap", "notes",
      ])
    let metrics = try #require(object["metrics"] as? [String: [String: Any]])
    #expect(Set(metrics.keys) == Set(report.metrics.named.map(\.name)))
    #expect(metrics.values.allSatisfy { Set($0.keys) == ["value", "low", "high", "method", "images", "series"] })
    #expect(object["positive_class"] is NSNull)
  }
}
