import Inference
import NeuralNetworks
import TensorKernels

/// A linear head on rooted features, with means and scales folded into its numbers.
package struct LinearHead: Equatable {
  package let classCount: Int
  package let featureCount: Int
  /// Shape: [features, classes], as a dense layer holds them.
  package let kernel: [Float]
  /// Shape: [classes].
  package let bias: [Float]
  /// Rows it was fitted to.
  package let rowCount: Int
  package let iterations: Int
  package let hasConverged: Bool

  /// A head that was fitted before.
  init(kernel: [Float], bias: [Float], rowCount: Int, iterations: Int, hasConverged: Bool) {
    classCount = bias.count
    featureCount = kernel.count / bias.count
    self.kernel = kernel
    self.bias = bias
    self.rowCount = rowCount
    self.iterations = iterations
    self.hasConverged = hasConverged
  }

  /// Fits a head.
  ///
  /// Each block of features is centred and scaled so that the mean squared length of its rows is one over the number of
  /// blocks: every block weighs alike, however many features it has and however large they are. Copies of pictures have
  /// no part in that.
  ///
  /// - Parameters:
  ///   - rows: those of pictures as they are, then those of their copies. Shape: [rows, features].
  ///   - blocks: the features of each block; together all of them.
  ///   - labels: of each row; every class has some.
  ///   - importance: of each row, above 0; each class's rows weigh the same in all.
  ///   - unchangedRows: how many rows are of pictures as they are.
  /// - Throws: `LogisticRegressionError`.
  package init(
    rows: [Float], labels: [Int], importance: [Double], unchangedRows: Int, blocks: [Range<Int>], classCount: Int,
    lambda: Double, iterations: Int, pool: ThreadPool
  ) throws {
    let features = blocks.last?.upperBound ?? 0
    let means = columnMeans(of: Array(rows[..<(unchangedRows * features)]), features: features)
    var scales = [Double](repeating: 0, count: features)
    for block in blocks {
      var sum = 0.0
      for row in 0..<unchangedRows {
        for feature in block {
          let difference = Double(rows[row * features + feature]) - means[feature]
          sum += difference * difference
        }
      }
      let length = (sum / Double(unchangedRows)).squareRoot()
      for feature in block { scales[feature] = length > 0 ? 1 / (length * Double(blocks.count).squareRoot()) : 0 }
    }
    var scaled = rows
    for index in scaled.indices {
      scaled[index] = Float((Double(rows[index]) - means[index % features]) * scales[index % features])
    }
    let fit = try LogisticRegression(
      rows: scaled, features: features, labels: labels, importance: importance, classCount: classCount,
      settings: .init(
        lambda: lambda, classWeights: .balanced, maximumIterations: iterations, gradientTolerance: 1e-6),
      pool: pool)
    var kernel = [Float](repeating: 0, count: features * classCount)
    var bias = fit.biases
    for feature in 0..<features {
      for label in 0..<classCount {
        let weight = fit.weights[label * features + feature] * scales[feature]
        kernel[feature * classCount + label] = Float(weight)
        bias[label] -= weight * means[feature]
      }
    }
    self.classCount = classCount
    featureCount = features
    self.kernel = kernel
    self.bias = bias.map { Float($0) }
    rowCount = labels.count
    self.iterations = fit.iterations
    hasConverged = fit.hasConverged
  }

  /// The same head for some of its classes: probabilities among these alone.
  package func columns(_ classes: [Int]) -> LinearHead {
    LinearHead(
      kernel: (0..<featureCount).flatMap { feature in classes.map { kernel[feature * classCount + $0] } },
      bias: classes.map { bias[$0] }, rowCount: rowCount, iterations: iterations, hasConverged: hasConverged)
  }

  /// - Parameter rows: Shape: [rows, features], not scaled.
  /// - Returns: Shape: [rows][classes], 0…1; each sums to 1.
  package func probabilities(of rows: [Float]) -> [[Double]] {
    (0..<rows.count / featureCount).map { row in
      var logits = bias.map(Double.init)
      for feature in 0..<featureCount {
        let value = Double(rows[row * featureCount + feature])
        for label in 0..<classCount { logits[label] += value * Double(kernel[feature * classCount + label]) }
      }
      return softmax(logits)
    }
  }

  /// Puts its numbers into a network's head.
  func assign(to network: ClassifierNetwork) throws {
    try network.head.parameter(named: ClassifierNetwork.denseName + "/kernel")
      .assign(Tensor(shape: [featureCount, classCount], values: kernel))
    try network.head.parameter(named: ClassifierNetwork.denseName + "/bias")
      .assign(Tensor(shape: [classCount], values: bias))
  }
}
