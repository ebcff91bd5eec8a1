import ParallelWork

/// Sums over samples by fold, from which mean and covariance without any one fold follow.
struct GateScatter: Sendable {
  let folds: Int
  private let size: Int
  /// Of unchanged and of changed samples, by fold.
  private let sums: [[Sums]]

  private struct Sums: Sendable {
    var weight = 0.0
    var first: [Double]
    /// The lower triangle of the sum of x x'. Shape: [size, size].
    var second: [Double]
  }

  /// What a gate is made of.
  struct Components: Sendable {
    var mean: [Double]
    /// Shape: [directions, size].
    var directions: [Double]
    var variances: [Double]
    var residual: Double
  }

  /// A series of n samples weighs as the root of n, so that long ones do not drown short ones.
  init(_ samples: [GateFit.Sample], foldOf: [Int], folds: Int) {
    let size = samples[0].features.count
    let counts = samples.reduce(into: [Int: Int]()) { $0[$1.series, default: 0] += 1 }
    self.size = size
    self.folds = folds
    sums = parallelMap(folds) { fold in
      var pair = [Bool](arrayLiteral: false, true).map { _ in
        Sums(first: [Double](repeating: 0, count: size), second: [Double](repeating: 0, count: size * size))
      }
      for index in samples.indices where foldOf[index] == fold {
        let sample = samples[index]
        let weight = 1 / Double(counts[sample.series]!).squareRoot()
        Self.add(sample.features, weight, to: &pair[sample.isChanged ? 1 : 0])
      }
      return pair
    }
  }

  private static func add(_ features: [Float], _ weight: Double, to sums: inout Sums) {
    sums.weight += weight
    let x = features.map(Double.init)
    x.withUnsafeBufferPointer { x in
      for i in x.indices { sums.first[i] += weight * x[i] }
      sums.second.withUnsafeMutableBufferPointer { second in
        for i in x.indices {
          let factor = weight * x[i]
          let row = second.baseAddress! + i * x.count
          for j in 0...i { row[j] += factor * x[j] }
        }
      }
    }
  }

  /// - Parameter fold: left out; nil leaves out none.
  /// - Throws: `SymmetricEigen.NotConverged`.
  func components(without fold: Int?, directions wanted: Int) throws(SymmetricEigen.NotConverged) -> Components {
    var mean = [Double](repeating: 0, count: size)
    var covariance = [Double](repeating: 0, count: size * size)
    let weights = (0...1).map { kind in
      sums.indices.reduce(0) { $1 == fold ? $0 : $0 + sums[$1][kind].weight }
    }
    // Where there are both kinds, each is half of all.
    let kinds = weights.count { $0 > 0 }
    for kind in 0...1 where weights[kind] > 0 {
      let share = 1 / weights[kind] / Double(kinds)
      for number in sums.indices where number != fold {
        for index in mean.indices { mean[index] += share * sums[number][kind].first[index] }
        for index in covariance.indices { covariance[index] += share * sums[number][kind].second[index] }
      }
    }
    for i in 0..<size { for j in 0...i { covariance[i * size + j] -= mean[i] * mean[j] } }
    let trace = (0..<size).reduce(0) { $0 + max(0, covariance[$1 * size + $1]) }
    let eigen = try SymmetricEigen(covariance, size: size)
    let count = min(wanted, size - 1)
    let values = eigen.values.prefix(count).map { max($0, 0) }
    let average = values.reduce(0, +) / Double(count)
    // A tenth of the way to their mean: the smaller ones are estimated too small.
    let floor = max(trace, 1e-12) * 1e-9
    return Components(
      mean: mean, directions: Array(eigen.vectors.prefix(count * size)),
      variances: values.map { max(0.9 * $0 + 0.1 * average, floor) },
      residual: max((trace - values.reduce(0, +)) / Double(size - count), floor))
  }
}
