import Foundation

/// One number that divides the logits of all classes before softmax (Guo et al. 2017): above 1 it
/// lowers the confidence, and it never changes which class comes first.
public struct TemperatureScaling: Sendable, Equatable, Codable {
  /// More than 0; 1 changes nothing.
  public var temperature: Metric
  /// Of Newton's method.
  public var iterations: Int
  /// Mean log loss on the pictures of the fit, before and after; the second is flattering.
  public var lossBefore: Metric
  /// Mean log loss on the pictures of the fit, after it.
  public var lossAfter: Metric
  /// Number of pictures and series of the fit.
  public var images: Int
  /// Number of series of the fit.
  public var series: Int

  /// Probabilities below this count as this: a softmax in Float32 can give 0.
  static let smallest = 1e-12

  /// The temperature of least log loss: Newton's method on its inverse, in which the loss is convex.
  /// Logarithms of probabilities serve as logits, since a constant added to all logits changes nothing.
  ///
  /// - Parameter predictions: validation predictions, never those the model is judged on.
  /// - Throws: `EvaluationError.separable` where every picture is right (the loss falls for ever as the
  ///   temperature does), `temperatureNotPositive` where wrong answers are the surer ones,
  ///   `classWithoutPictures`, `didNotConverge`.
  public init(fitting predictions: Predictions, level: Double = 0.95) throws {
    let present = Set(predictions.labels)
    if let absent = predictions.classes.indices.first(where: { !present.contains($0) }) {
      throw EvaluationError.classWithoutPictures(predictions.classes[absent], classes: predictions.classes)
    }
    let logits = predictions.probabilities.map { $0.map { log(max($0, Self.smallest)) } }
    let ones = [Double](repeating: 1, count: logits.count)
    let fit = try Self.fit(logits, predictions.labels, weights: ones)
    let groups = SeriesGroups(
      series: predictions.series, labels: predictions.labels, classCount: predictions.classes.count)
    temperature = try groups.metrics(
      [
        .init(scale: .positive) { weights in
          (try? Self.fit(logits, predictions.labels, weights: weights)).map { 1 / $0.inverse } ?? .nan
        }
      ], level: level)[0]
    iterations = fit.iterations
    images = logits.count
    series = groups.seriesCount
    func loss(_ inverse: Double) throws -> Metric {
      let losses = logits.indices.map { picture in
        Self.slopes([logits[picture]], [predictions.labels[picture]], [1], inverse: inverse).loss
      }
      return try groups.mean(of: losses, scale: .positive, level: level)
    }
    lossBefore = try loss(1)
    lossAfter = try loss(fit.inverse)
  }

  /// A row of calibrated probabilities. Shape in and out: [classes], 0…1.
  public func calibrated(_ row: [Double]) -> [Double] {
    let scaled = row.map { log(max($0, Self.smallest)) / temperature.value }
    let highest = scaled.max() ?? 0
    let powers = scaled.map { exp($0 - highest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  static let maximumIterations = 200

  private static func fit(
    _ logits: [[Double]], _ labels: [Int], weights: [Double]
  ) throws -> (inverse: Double, iterations: Int) {
    let allRight = logits.indices.allSatisfy { picture in
      weights[picture] == 0 || logits[picture].allSatisfy { $0 <= logits[picture][labels[picture]] }
    }
    if allRight { throw EvaluationError.separable(fit: "temperature scaling") }
    var inverse = 1.0
    var current = slopes(logits, labels, weights, inverse: inverse)
    for iteration in 1...maximumIterations {
      let step = -current.first / current.second
      guard step.isFinite else { break }
      var share = 1.0
      var next = slopes(logits, labels, weights, inverse: inverse + step)
      while !(next.loss <= current.loss + 1e-12 * abs(current.loss)), share > 1e-9 {
        share /= 2
        next = slopes(logits, labels, weights, inverse: inverse + share * step)
      }
      inverse += share * step
      current = next
      if abs(step) <= 1e-11 * (1 + abs(inverse)) {
        guard inverse > 0 else { throw EvaluationError.temperatureNotPositive(inverse: inverse) }
        return (inverse, iteration)
      }
    }
    throw EvaluationError.didNotConverge(fit: "temperature scaling", iterations: maximumIterations)
  }

  /// The loss and its first and second derivative by the inverse temperature, summed over pictures.
  private static func slopes(
    _ logits: [[Double]], _ labels: [Int], _ weights: [Double], inverse: Double
  ) -> (loss: Double, first: Double, second: Double) {
    var (loss, first, second) = (0.0, 0.0, 0.0)
    for (picture, row) in logits.enumerated() where weights[picture] != 0 {
      var highest = -Double.infinity
      for logit in row { highest = max(highest, inverse * logit) }
      var (sum, mean, square) = (0.0, 0.0, 0.0)
      for logit in row {
        let power = exp(inverse * logit - highest)
        sum += power
        mean += power * logit
        square += power * logit * logit
      }
      mean /= sum
      let own = row[labels[picture]]
      loss += weights[picture] * (highest + log(sum) - inverse * own)
      first += weights[picture] * (mean - own)
      second += weights[picture] * (square / sum - mean * mean)
    }
    return (loss, first, second)
  }
}
