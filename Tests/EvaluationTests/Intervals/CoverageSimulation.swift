import Evaluation
import Foundation
import RandomStreams

/// Draws studies of which the true figures are known, and counts how often intervals hold them.
///
/// A picture's latent score is normal with variance 1 around ±separation/2, of which `correlation` is
/// shared by its series; its probability is the calibrated one.
struct CoverageSimulation: CustomStringConvertible {
  enum Sizes: String {
    case twenty = "20"
    case unequal = "5 to 40"
  }

  var positiveSeries: Int
  var negativeSeries: Int
  var correlation: Double
  var separation: Double
  /// Pictures of a series.
  var sizes = Sizes.unequal

  struct Tally {
    var held = 0
    var naiveHeld = 0
    var intervals = 0
    var truth = 0.0
  }

  static let figures = ["accuracy", "sensitivity", "specificity", "auc", "brier", "loss"]

  /// The separation of two normal distributions of variance 1 that gives a true AUC.
  static func separation(auc: Double) -> Double { 2.0.squareRoot() * normalQuantile(auc) }

  var description: String {
    "series \(positiveSeries)+\(negativeSeries) of \(sizes.rawValue), correlation \(correlation), separation \(separation)"
  }

  /// The figures of an infinite number of series, by numeric integration where there is no formula.
  var truth: [String: Double] {
    let correct = normalCumulative(separation / 2)
    var (brier, loss, mass) = (0.0, 0.0, 0.0)
    for step in -9000...9000 {
      let x = Double(step) / 1000
      let density = exp(-x * x / 2)
      let wrong = 1 / (1 + exp(separation * (x + separation / 2)))
      brier += density * wrong * wrong
      loss -= density * log(max(1e-7, 1 - wrong))
      mass += density
    }
    return [
      "accuracy": correct, "sensitivity": correct, "specificity": correct,
      "auc": normalCumulative(separation / 2.0.squareRoot()), "brier": brier / mass, "loss": loss / mass,
    ]
  }

  func study(_ number: Int, seed: UInt64) throws -> Predictions {
    var stream = RandomStream(seed: seed, UInt64(number))
    var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
    for current in 0..<positiveSeries + negativeSeries {
      let label = current < positiveSeries ? 1 : 0
      let shared = correlation.squareRoot() * stream.normal()
      for _ in 0..<(sizes == .twenty ? 20 : 5 + stream.index(below: 36)) {
        let centre = (label == 1 ? 0.5 : -0.5) * separation
        let latent = centre + shared + (1 - correlation).squareRoot() * stream.normal()
        let probability = 1 / (1 + exp(-separation * latent))
        labels.append(label)
        rows.append([1 - probability, probability])
        series.append(current)
      }
    }
    return try Predictions(classes: ["Normal", "Tumor"], labels: labels, probabilities: rows, series: series)
  }

  /// - Returns: for each figure how many of the 95 % intervals hold the truth, and how many would that
  ///   take pictures as independent: Wilson's, DeLong's for the AUC, mean ± 1.96 standard errors for
  ///   Brier score and loss.
  func run(studies: Int, resamples: Int, seed: UInt64) throws -> [String: Tally] {
    var tallies = truth.mapValues { Tally(truth: $0) }
    for number in 0..<studies {
      let predictions = try study(number, seed: seed)
      let report = try evaluate(
        predictions, bootstrap: BootstrapSettings(resamples: resamples, seed: seed &+ UInt64(number)))
      for (name, metric) in report.metrics.named {
        guard var tally = tallies[name], let low = metric.low, let high = metric.high else { continue }
        tally.intervals += 1
        if Interval(low: low, high: high).contains(tally.truth) { tally.held += 1 }
        if try naiveInterval(name, metric, predictions).contains(tally.truth) { tally.naiveHeld += 1 }
        tallies[name] = tally
      }
    }
    return tallies
  }

  private func naiveInterval(_ name: String, _ metric: Metric, _ predictions: Predictions) throws -> Interval {
    switch name {
    case "auc":
      return try AreaUnderCurve.deLong(
        scores: predictions.probabilities.map { $0[1] }, positive: predictions.labels.map { $0 == 1 }
      ).interval()
    case "brier", "loss":
      let score = name == "brier" ? ProbabilityScores.brier : ProbabilityScores.logLoss
      let squares = zip(predictions.probabilities, predictions.labels).reduce(0) { sum, item in
        let difference = score(item.0, item.1) - metric.value
        return sum + difference * difference
      }
      let count = Double(metric.images)
      let half = normalQuantile(0.975) * (squares / (count - 1) / count).squareRoot()
      return Interval(low: metric.value - half, high: metric.value + half)
    default:
      let images = Double(metric.images)
      return try wilsonInterval(successes: min(images, metric.value * images), trials: images)
    }
  }
}
