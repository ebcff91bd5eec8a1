import Evaluation
import Foundation
import RandomStreams
import Testing

@Suite struct RepeatedEvaluationTests {
  private let settings = BootstrapSettings(resamples: 200, seed: 1)

  /// Studies of the same pictures, each answered with noise of its own.
  private func repeats(_ count: Int, series: Int = 16) throws -> [Predictions] {
    try (0..<count).map { number in
      var noise = RandomStream(seed: 4, UInt64(number))
      var (labels, rows, groups) = ([Int](), [[Double]](), [Int]())
      for group in 0..<series {
        for _ in 0..<6 {
          let label = group % 2
          let probability = min(max((label == 1 ? 0.6 : 0.4) + noise.uniform(in: -0.35..<0.35), 0), 1)
          labels.append(label)
          groups.append(group)
          rows.append([1 - probability, probability])
        }
      }
      return try Predictions(classes: ["Normal", "Tumor"], labels: labels, probabilities: rows, series: groups)
    }
  }

  @Test func `every figure is the mean of the repeats' figures`() throws {
    let all = try repeats(3)
    let together = try evaluate(repeats: all, bootstrap: settings)
    let single = try all.map { try evaluate($0, bootstrap: settings) }
    for (index, item) in together.metrics.named.enumerated() {
      let mean = single.reduce(0) { $0 + $1.metrics.named[index].metric.value } / 3
      #expect(abs(item.metric.value - mean) < 1e-12, "\(item.name)")
      // Not three times the pictures: they are the same ones.
      #expect(item.metric.images == single[0].metrics.named[index].metric.images)
      #expect(item.metric.series == single[0].metrics.named[index].metric.series)
    }
    #expect(together.confusionMatrix == single[0].confusionMatrix)
    #expect(together.notes.contains { $0.contains("mean over 3 repeats") })
  }

  @Test func `one repeat, and the same answers again, give the figures and intervals of one set`() throws {
    let one = try repeats(1)
    let single = try evaluate(one[0], bootstrap: settings)
    #expect(try evaluate(repeats: one, bootstrap: settings) == single)
    let again = try evaluate(repeats: [one[0], one[0], one[0]], bootstrap: settings)
    for (first, second) in zip(again.metrics.named, single.metrics.named) {
      #expect(abs(first.metric.value - second.metric.value) < 1e-12)
      #expect(abs(try #require(first.metric.low) - #require(second.metric.low)) < 1e-9, "\(first.name)")
      #expect(abs(try #require(first.metric.high) - #require(second.metric.high)) < 1e-9, "\(first.name)")
    }
  }

  @Test func `a mean over repeats is not the figure of averaged answers`() throws {
    let all = try repeats(8)
    let rows = all[0].labels.indices.map { picture in
      (0..<2).map { column in all.reduce(0) { $0 + $1.probabilities[picture][column] } / 8 }
    }
    let committee = try evaluate(
      Predictions(classes: all[0].classes, labels: all[0].labels, probabilities: rows, series: all[0].series),
      bootstrap: settings)
    let mean = try evaluate(repeats: all, bootstrap: settings)
    #expect(committee.auc.value > mean.auc.value + 0.02)
  }

  @Test func `repeats of other pictures, and none at all, are errors`() throws {
    let all = try repeats(2)
    let other = try Predictions(
      classes: all[0].classes, labels: all[0].labels.map { 1 - $0 }, probabilities: all[0].probabilities,
      series: all[0].series)
    #expect(throws: EvaluationError.notTheSamePictures(array: "labels")) {
      try evaluate(repeats: [all[0], other], bootstrap: settings)
    }
    #expect(throws: EvaluationError.notTheSamePictures(array: "series")) {
      try evaluate(
        repeats: [all[0], repeats(1, series: 8)[0]].map { item in
          try Predictions(
            classes: item.classes, labels: Array(item.labels.prefix(48)), probabilities: Array(item.probabilities.prefix(48)),
            series: item.labels.count > 48 ? Array(item.series.prefix(48)) : item.series.map { $0 + 1 })
        }, bootstrap: settings)
    }
    #expect(throws: EvaluationError.noPictures) { try evaluate(repeats: [], bootstrap: settings) }
  }
}
