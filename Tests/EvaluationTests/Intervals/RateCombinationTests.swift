import Evaluation
import Foundation
import RandomStreams
import TestSupport
import Testing

/// Balanced accuracy and net benefit where a sensitivity or specificity is 1 on every series.
@Suite struct RateCombinationTests {
  private let settings = BootstrapSettings(resamples: 100, seed: 1)

  /// Series of ten pictures each of one class; of series `n` of a class so many are mistaken.
  private func predictions(_ wrong: [[Int]]) throws -> Predictions {
    var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
    for (label, counts) in wrong.enumerated() {
      for count in counts {
        let number = (series.last ?? -1) + 1
        for picture in 0..<10 {
          let answer = picture < count ? (label + 1) % wrong.count : label
          labels.append(label)
          rows.append(wrong.indices.map { $0 == answer ? 0.8 : 0.2 / Double(wrong.count - 1) })
          series.append(number)
        }
      }
    }
    return try Predictions(
      classes: wrong.indices.map { "class \($0)" }, labels: labels, probabilities: rows, series: series)
  }

  /// Zou and Donner's formula, written out for two rates.
  private func bound(_ rates: [Metric], _ weights: [Double], up: Bool) -> Double {
    let squares = zip(rates, weights).reduce(0) { sum, item in
      let (rate, weight) = item
      let end = up == (weight > 0) ? rate.high! : rate.low!
      return sum + pow(weight * (end - rate.value), 2)
    }
    return zip(rates, weights).reduce(0) { $0 + $1.0.value * $1.1 } + (up ? 1 : -1) * squares.squareRoot()
  }

  @Test func `a sensitivity of 1 on every series adds what its own interval leaves open`() throws {
    let predictions = try predictions([[0, 1, 3, 4, 7, 2], [0, 0, 0, 0, 0]])
    let report = try evaluate(predictions, bootstrap: settings)
    let rates = report.perClass.map(\.sensitivity)
    #expect(rates[1].value == 1 && rates[1].method.hasPrefix("Wilson"))
    let metric = report.balancedAccuracy
    #expect(metric.method == "from the intervals of its rates")
    #expect(abs(metric.low! - bound(rates, [0.5, 0.5], up: false)) < 1e-12)
    #expect(abs(metric.high! - bound(rates, [0.5, 0.5], up: true)) < 1e-12)
    // Leaving out series alone would not go lower than the other rate allows.
    #expect(metric.low! < (rates[0].low! + 1) / 2)
    #expect(metric.low! >= 0 && metric.high! <= 1 && metric.high! > metric.value)
  }

  @Test func `rates that vary, or are too few for an interval, leave the metric as it was`() throws {
    let varying = try evaluate(predictions([[0, 1, 3, 4, 7], [0, 0, 0, 0, 1]]), bootstrap: settings)
    #expect(varying.balancedAccuracy.method == "jackknife over series")
    let few = try evaluate(predictions([[0, 1, 3, 4, 7], [0, 0, 0, 0]]), bootstrap: settings)
    #expect(few.balancedAccuracy.method == "no interval: 4 series")
    let perfect = try evaluate(predictions([[0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]), bootstrap: settings)
    #expect(perfect.balancedAccuracy.value == 1 && perfect.balancedAccuracy.high == 1)
  }

  @Test func `with more classes the mean sensitivity is the balanced accuracy, interval and all`() throws {
    let report = try evaluate(
      predictions([[0, 1, 3, 4, 7], [0, 0, 0, 0, 0], [1, 2, 1, 0, 0, 5]]), bootstrap: settings)
    #expect(report.balancedAccuracy.method == "from the intervals of its rates")
    #expect(report.sensitivity == report.balancedAccuracy)
    let third = 1.0 / 3
    #expect(
      abs(report.balancedAccuracy.low! - bound(report.perClass.map(\.sensitivity), [third, third, third], up: false))
        < 1e-12)
  }

  @Test func `net benefit counts what a specificity of 1 leaves open, and is exact where all are called`() throws {
    let outcomes = try predictions([[0, 0, 0, 0, 0, 0], [0, 1, 3, 4, 7]]).outcomes(of: "class 1")
    let points = try DecisionCurve(outcomes, thresholds: [0, 0.5], prevalence: 0.2).points
    #expect(points[0].netBenefit.value == 0.2 && points[0].netBenefit.method == "no interval: series do not differ")
    let figures = try DecisionFigures(outcomes, threshold: 0.5, prevalence: 0.2)
    let metric = points[1].netBenefit
    #expect(figures.specificity.value == 1 && metric.method == "from the intervals of its rates")
    // Sensitivity counts 0.2, specificity 0.8 at odds of 1: net benefit is their sum less 0.8.
    let rates = [figures.sensitivity, figures.specificity]
    #expect(abs(metric.low! - (bound(rates, [0.2, 0.8], up: false) - 0.8)) < 1e-12)
    #expect(abs(metric.high! - (bound(rates, [0.2, 0.8], up: true) - 0.8)) < 1e-12)
  }

  // MARK: - How often the intervals hold the truth

  /// Studies with series of 20 slices: of positives each slice is mistaken with a small probability, of negatives a share
  /// of series is mistaken in half of its slices.
  private struct Cell {
    var positives: Int
    var negatives: Int
    var mistaken: Double
    var halfWrong: Double

    var balancedAccuracy: Double { (1 - mistaken + 1 - halfWrong / 2) / 2 }
    /// At prevalence and threshold one half.
    var netBenefit: Double { balancedAccuracy - 0.5 }

    struct Tally {
      var still = 0
      var held = 0
      var heldWhereStill = 0
      var narrowHeldWhereStill = 0
      var benefitHeld = 0
      var benefits = 0
    }

    func study(_ number: Int, seed: UInt64) throws -> Predictions {
      var stream = RandomStream(seed: seed, UInt64(number))
      var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
      for current in 0..<positives + negatives {
        let label = current < positives ? 1 : 0
        let isHalfWrong = label == 0 && stream.uniform() < halfWrong
        for slice in 0..<20 {
          let wrong = label == 1 ? stream.uniform() < mistaken : isHalfWrong && slice < 10
          labels.append(label)
          rows.append((label == 1) != wrong ? [0.1, 0.9] : [0.9, 0.1])
          series.append(current)
        }
      }
      return try Predictions(classes: ["Normal", "Tumor"], labels: labels, probabilities: rows, series: series)
    }

    /// What leaving out series alone gives where one of the rates is 1 throughout: the other's variance, a quarter. Nil
    /// where none of them is, or both are.
    func narrow(_ predictions: Predictions, value: Double) throws -> Interval? {
      let right = zip(predictions.predicted, predictions.labels).map { $0 == $1 ? 1.0 : 0 }
      let spreads = [0..<positives, positives..<positives + negatives].map { series in
        let shares = series.map { current in right[current * 20..<current * 20 + 20].reduce(0, +) / 20 }
        let count = Double(series.count)
        let mean = shares.reduce(0, +) / count
        return (variance: shares.reduce(0) { $0 + pow($1 - mean, 2) } / (count - 1) / count, freedom: count - 1)
      }
      let varying = spreads.filter { $0.variance > 0 }
      guard varying.count == 1 else { return nil }
      return try effectiveSampleInterval(
        share: value, variance: varying[0].variance / 4, degreesOfFreedom: varying[0].freedom)
    }

    func run(studies: Int, seed: UInt64) throws -> Tally {
      var tally = Tally()
      for number in 0..<studies {
        let predictions = try study(number, seed: seed)
        let report = try evaluate(predictions, bootstrap: BootstrapSettings(resamples: 100, seed: 1))
        let metric = report.balancedAccuracy
        let holds = metric.low! <= balancedAccuracy && balancedAccuracy <= metric.high!
        if holds { tally.held += 1 }
        let benefit = try DecisionCurve(predictions.outcomes(of: "Tumor"), thresholds: [0.5], prevalence: 0.5)
          .points[0].netBenefit
        if let low = benefit.low, let high = benefit.high {
          tally.benefits += 1
          if low <= netBenefit, netBenefit <= high { tally.benefitHeld += 1 }
        }
        guard let narrow = try narrow(predictions, value: metric.value) else { continue }
        tally.still += 1
        if holds { tally.heldWhereStill += 1 }
        if narrow.contains(balancedAccuracy) { tally.narrowHeldWhereStill += 1 }
      }
      return tally
    }
  }

  private static let seed: UInt64 = 5

  @Test func `the interval holds the truth where the one without the perfect rate does not`() throws {
    let cell = Cell(positives: 12, negatives: 8, mistaken: 0.003, halfWrong: 0.1)
    let studies = 120
    let tally = try cell.run(studies: studies, seed: Self.seed)
    // With a true share of 0.95 fewer than 106 have a chance of 1e-3.
    #expect(tally.held >= 106, "\(tally)")
    #expect(tally.benefits == studies && tally.benefitHeld >= 106, "\(tally)")
    #expect(tally.still >= 30, "\(tally)")
    #expect(Double(tally.heldWhereStill) >= 0.9 * Double(tally.still), "\(tally)")
    #expect(Double(tally.narrowHeldWhereStill) < 0.8 * Double(tally.still), "the simpler interval would do: \(tally)")
  }

  @Test(.enabled(if: TestRun.isFull, "SKIPPED, the large run takes minutes: set NEFRO_TEST_FULL=1"))
  func `table of balanced accuracies with a perfect rate`() throws {
    let studies = 2000
    print("| positive, negative series | sensitivity | specificity | one of them 1 throughout | balanced accuracy | where one is 1 | there without its interval | net benefit |")
    print("|---|---|---|---|---|---|---|---|")
    func share(_ held: Int, _ count: Int) -> String {
      count == 0 ? "-" : String(format: "%.3f", Double(held) / Double(count))
    }
    for (positives, negatives) in [(6, 6), (12, 8), (15, 15), (30, 30)] {
      for (mistaken, halfWrong) in [(0.003, 0.1), (0.003, 0.4), (0.001, 0.2)] {
        let cell = Cell(positives: positives, negatives: negatives, mistaken: mistaken, halfWrong: halfWrong)
        let tally = try cell.run(studies: studies, seed: Self.seed)
        print(
          "| \(positives), \(negatives) | \(1 - mistaken) | \(1 - halfWrong / 2) | \(share(tally.still, studies)) | "
            + "\(share(tally.held, studies)) | \(share(tally.heldWhereStill, tally.still)) | "
            + "\(share(tally.narrowHeldWhereStill, tally.still)) | \(share(tally.benefitHeld, tally.benefits)) |")
        #expect(Double(tally.held) >= 0.93 * Double(studies), "\(cell): \(tally)")
      }
    }
  }
}
