import Foundation

/// Learns to tell classes by their files' format alone, and answers pictures of series it has not seen.
///
/// Each trait is cut into at most eight ranges by its quantiles over the training pictures, so that "512 or 630 pixels
/// wide" can be learned as well as "wider"; a softmax regression with an L2 penalty does the rest. Folds keep series
/// together, so that what it finds holds for files it was not shown.
public struct ShortcutDetector: Sendable {
  /// Probabilities for each picture. Shape: [pictures, classes], Double, 0…1, each row sums to 1.
  public let probabilities: [[Double]]
  public let folds: Int

  /// - Parameters:
  ///   - traits: shape [pictures][traits].
  ///   - labels: the class of each picture, 0-based.
  ///   - series: of each picture, 0-based.
  /// - Throws: `KidneyDataError.tooFewSeries` if a class has fewer than two series.
  public init(traits: [[Double]], labels: [Int], series: [Int], classes: [String], seed: UInt64) throws {
    precondition(traits.count == labels.count && labels.count == series.count && !traits.isEmpty, "one row a picture")
    let fewest = Splitter.seriesPerClass(labels: labels, series: series).min() ?? 0
    folds = max(2, min(5, fewest))
    let foldOf = try Splitter.groupedFolds(
      labels: labels, series: series, classes: classes, folds: folds, seed: seed)
    var answers = [[Double]](repeating: [], count: labels.count)
    for fold in 0..<folds {
      let training = labels.indices.filter { foldOf[$0] != fold }
      let coding = RangeCoding(training.map { traits[$0] })
      let model = SoftmaxRegression(
        rows: training.map { coding.active(traits[$0]) }, inputs: coding.count, labels: training.map { labels[$0] },
        classes: classes.count)
      for index in labels.indices where foldOf[index] == fold {
        answers[index] = model.probabilities(coding.active(traits[index]))
      }
    }
    probabilities = answers
  }
}

/// Traits as places in a row of zeros and ones: one place for each range of each trait.
private struct RangeCoding {
  /// Upper ends of the ranges, the last one left out. Shape: [traits][ranges - 1].
  private let bounds: [[Double]]
  private let starts: [Int]
  let count: Int

  init(_ rows: [[Double]]) {
    let traits = rows[0].count
    var bounds: [[Double]] = []
    var starts: [Int] = []
    var count = 0
    for trait in 0..<traits {
      let values = rows.map { $0[trait] }.sorted()
      var cuts: [Double] = []
      for part in 1..<8 {
        // Halfway to the next different value, so that equal values are never parted.
        let value = values[values.count * part / 8]
        guard let next = values.first(where: { $0 > value }) else { continue }
        let cut = (value + next) / 2
        if cuts.last != cut { cuts.append(cut) }
      }
      bounds.append(cuts)
      starts.append(count)
      count += cuts.count + 1
    }
    (self.bounds, self.starts, self.count) = (bounds, starts, count)
  }

  func active(_ row: [Double]) -> [Int] {
    row.enumerated().map { trait, value in starts[trait] + (bounds[trait].firstIndex { value < $0 } ?? bounds[trait].count) }
  }
}

/// Multinomial logistic regression on rows of few ones, by full gradient steps with momentum.
private struct SoftmaxRegression {
  private var weights: [[Double]]
  private var bias: [Double]

  private static let penalty = 0.01

  private struct Example: Hashable {
    var row: [Int]
    var label: Int
  }

  private static let steps = 200

  init(rows: [[Int]], inputs: Int, labels: [Int], classes: Int) {
    weights = Array(repeating: Array(repeating: 0, count: inputs), count: classes)
    bias = Array(repeating: 0, count: classes)
    // Each class weighs the same, however many pictures it has.
    var counts = Array(repeating: 0.0, count: classes)
    for label in labels { counts[label] += 1 }
    let present = Double(counts.count { $0 > 0 })
    // Equal rows of one class are one row of more weight.
    var shares: [Example: Double] = [:]
    for (row, label) in zip(rows, labels) { shares[Example(row: row, label: label), default: 0] += 1 / (counts[label] * present) }
    let examples = shares.sorted { ($0.key.label, $0.key.row.description) < ($1.key.label, $1.key.row.description) }
    // The gradient's Lipschitz constant is at most half the squared length of a row, its ones and the bias.
    let rate = 1 / (0.5 * Double((rows.first?.count ?? 0) + 1) + Self.penalty)
    var velocity = weights
    var biasVelocity = bias
    for step in 0..<Self.steps {
      let momentum = Double(step) / Double(step + 3)
      var gradient = weights.map { $0.map { $0 * Self.penalty } }
      var biasGradient = bias.map { _ in 0.0 }
      for (example, share) in examples {
        var errors = probabilities(example.row)
        errors[example.label] -= 1
        for label in 0..<classes {
          let error = errors[label] * share
          biasGradient[label] += error
          for place in example.row { gradient[label][place] += error }
        }
      }
      for label in 0..<classes {
        biasVelocity[label] = momentum * biasVelocity[label] - rate * biasGradient[label]
        bias[label] += biasVelocity[label]
        for place in 0..<inputs {
          velocity[label][place] = momentum * velocity[label][place] - rate * gradient[label][place]
          weights[label][place] += velocity[label][place]
        }
      }
    }
  }

  func probabilities(_ row: [Int]) -> [Double] {
    let logits = weights.indices.map { label in row.reduce(bias[label]) { $0 + weights[label][$1] } }
    let highest = logits.max() ?? 0
    let powers = logits.map { exp($0 - highest) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }
}
