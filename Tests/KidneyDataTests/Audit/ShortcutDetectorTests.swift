import Foundation
import KidneyData
import RandomStreams
import Testing

@Suite struct ShortcutDetectorTests {
  /// Series of five pictures; the traits depend on the class as `trait` says.
  private func accuracy(series count: Int, _ trait: (_ label: Int, _ series: Int, inout RandomStream) -> [Double]) throws -> Double {
    var stream = RandomStream(seed: 2, 7)
    var (traits, labels, series): ([[Double]], [Int], [Int]) = ([], [], [])
    for number in 0..<count {
      for _ in 0..<5 {
        labels.append(number % 2)
        series.append(number)
        traits.append(trait(number % 2, number, &stream))
      }
    }
    let detector = try ShortcutDetector(traits: traits, labels: labels, series: series, classes: ["A", "B"], seed: 1)
    for row in detector.probabilities { #expect(abs(row.reduce(0, +) - 1) < 1e-9) }
    let right = zip(detector.probabilities, labels).count { row, label in row[label] > 0.5 }
    return Double(right) / Double(labels.count)
  }

  @Test func `a trait that is the class is found, though it is not in order`() throws {
    // One class is narrow or wide, the other in between.
    let found = try accuracy(series: 40) { label, series, stream in
      [stream.uniform(), label == 0 ? (series % 4 == 0 ? 256 : 787) : 512]
    }
    #expect(found > 0.95)
  }

  @Test func `traits of the series that have nothing to do with the class tell nothing of unseen series`() throws {
    // Each series has a size of its own: within series it would tell everything.
    let found = try accuracy(series: 60) { _, series, stream in
      var own = RandomStream(seed: 9, UInt64(series))
      return [own.uniform() * 100, own.uniform() * 100, stream.uniform()]
    }
    #expect((0.3...0.7).contains(found))
  }

  @Test func `one series in a class is an error that names it`() {
    let error = #expect(throws: KidneyDataError.self) {
      try ShortcutDetector(
        traits: [[1], [2], [3]], labels: [0, 0, 1], series: [0, 1, 2], classes: ["Normal", "Tumor"], seed: 1)
    }
    #expect(error?.description.contains("Tumor") == true)
  }
}
