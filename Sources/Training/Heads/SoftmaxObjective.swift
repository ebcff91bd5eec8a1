import Foundation

/// What a logistic regression minimizes, as a function of its logits; arrays are class by class. Shape: [classes, rows].
struct SoftmaxObjective {
  let labels: [Int]
  let classCount: Int
  let lambda: Double
  /// How much each row counts; they add up to 1.
  let rowWeights: [Double]

  var rowCount: Int { labels.count }

  /// - Throws: `LogisticRegressionError`.
  init(labels: [Int], importance: [Double]?, classCount: Int, settings: LogisticRegression.Settings) throws {
    func refuse(_ setting: String, _ actual: some CustomStringConvertible, _ range: String) -> LogisticRegressionError {
      .settingOutOfRange(setting: setting, actual: "\(actual)", range: range)
    }
    guard classCount >= 2 else { throw refuse("The number of classes", classCount, "2 or more") }
    guard settings.lambda > 0, settings.lambda.isFinite else { throw refuse("lambda", settings.lambda, "more than 0") }
    guard settings.maximumIterations >= 1 else {
      throw refuse("The number of iterations", settings.maximumIterations, "1 or more")
    }
    guard settings.gradientTolerance > 0 else {
      throw refuse("The gradient's tolerance", settings.gradientTolerance, "more than 0")
    }
    guard !labels.isEmpty else { throw LogisticRegressionError.noRows }
    let importance = importance ?? [Double](repeating: 1, count: labels.count)
    guard importance.count == labels.count else {
      throw LogisticRegressionError.differentLengths(rows: importance.count, labels: labels.count, features: 1)
    }
    if let wrong = importance.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw refuse("The importance of a row", wrong, "more than 0")
    }
    var counts = [Int](repeating: 0, count: classCount)
    var totals = [Double](repeating: 0, count: classCount)
    for (row, label) in labels.enumerated() {
      guard counts.indices.contains(label) else {
        throw LogisticRegressionError.labelOutOfRange(row: row, label: label, classes: classCount)
      }
      counts[label] += 1
      totals[label] += importance[row]
    }
    if let only = counts.firstIndex(of: labels.count) {
      throw LogisticRegressionError.oneClassOnly(label: only, rows: labels.count)
    }
    if let absent = counts.firstIndex(of: 0) {
      throw LogisticRegressionError.classWithoutRows(label: absent, classes: classCount)
    }
    self.labels = labels
    self.classCount = classCount
    lambda = settings.lambda
    let whole = totals.reduce(0, +)
    rowWeights = zip(labels, importance).map { label, importance in
      switch settings.classWeights {
      case .plain: importance / whole
      case .balanced: importance / (Double(classCount) * totals[label])
      }
    }
  }

  /// The weighted cross-entropy, and its derivative by each logit.
  ///
  /// - Parameter logits: biases included.
  func value(_ logits: [Double], residuals: inout [Double]) -> Double {
    var row = [Double](repeating: 0, count: classCount)
    var sum = 0.0
    for index in 0..<rowCount {
      for label in 0..<classCount { row[label] = logits[label * rowCount + index] }
      sum += rowWeights[index] * (logSumExp(row) - row[labels[index]])
      for (label, probability) in softmax(row).enumerated() {
        residuals[label * rowCount + index] = rowWeights[index] * (probability - (label == labels[index] ? 1 : 0))
      }
    }
    return sum
  }

  /// The weighted cross-entropy on a line of logits, and its first two derivatives there.
  ///
  /// - Parameters:
  ///   - logits: where the line starts.
  ///   - slopes: how each logit changes along it.
  func alongLine(_ logits: [Double], _ slopes: [Double], at step: Double) -> (value: Double, first: Double, second: Double) {
    var (value, first, second) = (0.0, 0.0, 0.0)
    logits.withUnsafeBufferPointer { logits in
      slopes.withUnsafeBufferPointer { slopes in
        for index in 0..<rowCount {
          var highest = -Double.infinity
          for label in 0..<classCount {
            highest = max(highest, logits[label * rowCount + index] + step * slopes[label * rowCount + index])
          }
          var (total, mean, square) = (0.0, 0.0, 0.0)
          for label in 0..<classCount {
            let slope = slopes[label * rowCount + index]
            let share = exp(logits[label * rowCount + index] + step * slope - highest)
            total += share
            mean += share * slope
            square += share * slope * slope
          }
          mean /= total
          let own = labels[index] * rowCount + index
          let weight = rowWeights[index]
          value += weight * (highest + log(total) - logits[own] - step * slopes[own])
          first += weight * (mean - slopes[own])
          second += weight * max(0, square / total - mean * mean)
        }
      }
    }
    return (value, first, second)
  }
}

/// log Σ exp, without overflow.
func logSumExp(_ row: [Double]) -> Double {
  let highest = row.max() ?? 0
  return highest + log(row.reduce(0) { $0 + exp($1 - highest) })
}

/// - Returns: probabilities that sum to 1.
func softmax(_ row: [Double]) -> [Double] {
  let highest = row.max() ?? 0
  let shares = row.map { exp($0 - highest) }
  let total = shares.reduce(0, +)
  return shares.map { $0 / total }
}
