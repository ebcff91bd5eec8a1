import Evaluation
import Foundation
import RandomStreams

/// Draws studies of two models on the same pictures, of which the true difference is known, and counts how often
/// intervals of the difference hold it.
///
/// Series have 5 to 40 pictures. A model's score for a picture is its class's centre plus noise of variance 1, of which
/// `correlation` is shared by the series; half of the noise, of series and of picture, is the same for both models.
struct ComparisonSimulation: CustomStringConvertible {
  /// Shared out evenly between the classes.
  var series: Int
  var correlation: Double
  /// The true AUC of each model with two classes. With three classes both models are alike.
  var areas = (first: 0.85, second: 0.85)
  var classCount = 2

  struct Tally {
    var held = 0
    var intervals = 0

    mutating func count(_ metric: Metric, truth: Double) {
      guard let low = metric.low, let high = metric.high else { return }
      intervals += 1
      if Interval(low: low, high: high).contains(truth) { held += 1 }
    }
  }

  struct Tallies {
    var area = Tally()
    var accuracy = Tally()
  }

  var description: String {
    "\(series) series, \(classCount) classes, correlation \(correlation), AUC \(areas.first) and \(areas.second)"
  }

  private var separations: [Double] { [areas.first, areas.second].map(CoverageSimulation.separation(auc:)) }

  /// First model minus second: AUC and accuracy.
  private var truth: (area: Double, accuracy: Double) {
    let accuracies = separations.map { normalCumulative($0 / 2) }
    return (areas.first - areas.second, accuracies[0] - accuracies[1])
  }

  private func study(_ number: Int, seed: UInt64) throws -> [Predictions] {
    var stream = RandomStream(seed: seed, UInt64(number))
    // One number a class, or one in all for two classes.
    let width = classCount == 2 ? 1 : classCount
    func noise() -> [[Double]] {
      let common = (0..<width).map { _ in stream.normal() }
      return (0..<2).map { _ in common.map { 0.5.squareRoot() * ($0 + stream.normal()) } }
    }
    var (labels, numbers) = ([Int](), [Int]())
    var rows = [[[Double]]](repeating: [], count: 2)
    for current in 0..<series {
      let label = current % classCount
      let shared = noise()
      for _ in 0..<5 + stream.index(below: 36) {
        let own = noise()
        labels.append(label)
        numbers.append(current)
        for model in 0..<2 {
          let latent = (0..<width).map {
            correlation.squareRoot() * shared[model][$0] + (1 - correlation).squareRoot() * own[model][$0]
          }
          rows[model].append(row(latent, label: label, separation: separations[model]))
        }
      }
    }
    let classes = (0..<classCount).map { "class \($0)" }
    return try rows.map { try Predictions(classes: classes, labels: labels, probabilities: $0, series: numbers) }
  }

  private func row(_ latent: [Double], label: Int, separation: Double) -> [Double] {
    if classCount == 2 {
      let score = latent[0] + (label == 1 ? 0.5 : -0.5) * separation
      let probability = 1 / (1 + exp(-separation * score))
      return [1 - probability, probability]
    }
    let powers = latent.indices.map { exp(latent[$0] + ($0 == label ? separation : 0)) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  func run(studies: Int, seed: UInt64) throws -> Tallies {
    precondition(classCount == 2 || areas.first == areas.second, "with more classes only the difference 0 is known")
    var tallies = Tallies()
    for number in 0..<studies {
      let models = try study(number, seed: seed)
      let comparison = try ModelComparison(models[0], models[1])
      tallies.area.count(comparison.auc.difference, truth: truth.area)
      tallies.accuracy.count(comparison.accuracy.difference, truth: truth.accuracy)
    }
    return tallies
  }
}
