import Evaluation
import Testing

@Suite struct ShareTests {
  private func none(_ count: Int) -> [Int] { [Int](repeating: 0, count: count) }

  @Test func `a share has an interval over series`() throws {
    // Ten series of four pictures; whole series are right or wrong, so the interval is as wide as for ten pictures.
    let holds = (0..<40).map { $0 / 4 < 7 }
    let share = try Metric.share(of: holds, labels: none(40), series: (0..<40).map { $0 / 4 })
    #expect(share.value == 0.7)
    #expect(share.images == 40 && share.series == 10)
    let (low, high) = (try #require(share.low), try #require(share.high))
    #expect(low < 0.45 && high > 0.85)
    let single = try Metric.share(of: holds, labels: none(40), series: Array(0..<40))
    #expect(try #require(single.low) > low && #require(single.high) < high)
  }

  @Test func `few series give no interval, and no pictures no share`() throws {
    let few = try Metric.share(of: [true, false, true], labels: none(3), series: [0, 1, 1])
    #expect(!few.hasInterval && few.method.contains("2 series"))
    #expect(throws: EvaluationError.noPictures) { try Metric.share(of: [], labels: [], series: []) }
    #expect(throws: EvaluationError.self) { try Metric.share(of: [true], labels: [0], series: []) }
    #expect(throws: EvaluationError.self) { try Metric.share(of: [true], labels: [], series: [0]) }
  }

  /// Series of three pictures; every fourth picture is answered wrongly.
  private func predictions(_ series: [Int]) throws -> Predictions {
    var (labels, rows, numbers) = ([Int](), [[Double]](), [Int]())
    for (label, count) in series.enumerated() {
      for number in 0..<count {
        for slice in 0..<3 {
          let answer = (rows.count + number * slice) % 4 == 0 ? 1 - label : label
          labels.append(label)
          rows.append(answer == 1 ? [0.2, 0.8] : [0.7, 0.3])
          numbers.append(100 * label + number)
        }
      }
    }
    return try Predictions(classes: ["Normal", "Tumor"], labels: labels, probabilities: rows, series: numbers)
  }

  @Test(arguments: [[4, 12], [12, 4], [3, 3], [6, 9], [5, 5]])
  func `the risk of answering all is known as well as the accuracy that it is the complement of`(series: [Int]) throws {
    let predictions = try predictions(series)
    let accuracy = try evaluate(predictions, bootstrap: BootstrapSettings(resamples: 100, seed: 1)).accuracy
    let wrong = zip(predictions.predicted, predictions.labels).map { $0 != $1 }
    let risk = try Metric.share(of: wrong, labels: predictions.labels, series: predictions.series)
    #expect(abs(risk.value - (1 - accuracy.value)) < 1e-12 && risk.value > 0)
    #expect(risk.method == accuracy.method)
    #expect(risk.hasInterval == (series.min()! >= 5))
    if let low = risk.low, let high = risk.high {
      #expect(abs(low - (1 - accuracy.high!)) < 1e-9 && abs(high - (1 - accuracy.low!)) < 1e-9)
    } else {
      #expect(risk.method == "no interval: \(series.min()!) series")
    }
    // Numbers of classes are names: others give the same, and one that no picture has counts for nothing.
    let named = try Metric.share(of: wrong, labels: predictions.labels.map { 7 * $0 + 2 }, series: predictions.series)
    #expect(named == risk)
  }

  @Test func `a bin of a calibration has no interval where a side has too few series`() throws {
    for series in [[4, 12], [6, 6]] {
      let outcomes = try predictions(series).outcomes(of: "Tumor")
      let bins = try CalibrationBins(outcomes, bootstrap: BootstrapSettings(resamples: 100, seed: 1)).bins
      #expect(bins.count == 2)
      for bin in bins {
        #expect(bin.observed.hasInterval == (series[0] >= 5), "\(bin.observed)")
        if series[0] < 5 { #expect(bin.observed.method == "no interval: 4 series") }
      }
    }
  }
}
