/// Where weights live: among all features, or in the span of the rows.
protocol WeightSpace {
  var rowCount: Int { get }
  /// The logits that coordinates give each row, without biases.
  ///
  /// - Parameter coordinates: Shape: [classes, coordinates].
  /// - Returns: Shape: [classes, rows].
  func logits(of coordinates: [Double]) -> [Double]
  /// The gradient of Σ residuals · logits by the weights, as coordinates.
  ///
  /// - Parameter residuals: Shape: [classes, rows].
  func gradient(_ residuals: [Double]) -> [Double]
  /// The inner product of the weights behind two vectors.
  func product(_ first: WeightVector, _ second: WeightVector) -> Double
  /// Coordinates of a class.
  var dimension: Int { get }
}

/// Weights and biases, or a change or a gradient of them, with the logits they give each row without biases.
struct WeightVector {
  var coordinates: [Double]
  var logits: [Double]
  var biases: [Double]

  /// self += factor * other
  mutating func add(_ other: WeightVector, times factor: Double) {
    Self.add(&coordinates, other.coordinates, factor)
    Self.add(&logits, other.logits, factor)
    Self.add(&biases, other.biases, factor)
  }

  func scaled(by factor: Double) -> WeightVector {
    WeightVector(
      coordinates: coordinates.map { $0 * factor }, logits: logits.map { $0 * factor }, biases: biases.map { $0 * factor })
  }

  private static func add(_ target: inout [Double], _ source: [Double], _ factor: Double) {
    target.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        for index in target.indices { target[index] += factor * source[index] }
      }
    }
  }
}

/// Where a minimization ended.
struct SoftmaxSolution {
  /// Shape: [classes, coordinates].
  var coordinates: [Double]
  var biases: [Double]
  var objective: Double
  var iterations: Int
  var hasConverged: Bool
}

extension SoftmaxObjective {
  /// L-BFGS (Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithm 7.4) from zero; the search along a
  /// line is by Newton's method, as logits are linear on it.
  func minimize(in space: some WeightSpace, settings: LogisticRegression.Settings) -> SoftmaxSolution {
    func product(_ first: WeightVector, _ second: WeightVector) -> Double {
      space.product(first, second) + dot(first.biases, second.biases)
    }
    var place = WeightVector(
      coordinates: [Double](repeating: 0, count: classCount * space.dimension),
      logits: [Double](repeating: 0, count: classCount * rowCount), biases: [Double](repeating: 0, count: classCount))
    var memory = QuasiNewtonMemory()
    var residuals = place.logits
    func measure() -> (value: Double, gradient: WeightVector) {
      let loss = value(withBiases(place), residuals: &residuals)
      var coordinates = space.gradient(residuals)
      for index in coordinates.indices { coordinates[index] += lambda * place.coordinates[index] }
      let biases = (0..<classCount).map { label in residuals[label * rowCount..<(label + 1) * rowCount].reduce(0, +) }
      let gradient = WeightVector(coordinates: coordinates, logits: space.logits(of: coordinates), biases: biases)
      return (loss + lambda / 2 * space.product(place, place), gradient)
    }
    var (objective, gradient) = measure()
    var iterations = 0
    var isDone = product(gradient, gradient).squareRoot() <= settings.gradientTolerance
    while !isDone, iterations < settings.maximumIterations {
      let direction = memory.direction(against: gradient, product: product)
      guard let step = step(from: place, along: direction, space: space, isFirst: memory.isEmpty) else { break }
      iterations += 1
      place.add(direction, times: step)
      let before = gradient
      (objective, gradient) = measure()
      var change = gradient
      change.add(before, times: -1)
      memory.remember(step: direction.scaled(by: step), change: change, product: product)
      isDone = product(gradient, gradient).squareRoot() <= settings.gradientTolerance
    }
    return SoftmaxSolution(
      coordinates: place.coordinates, biases: place.biases, objective: objective, iterations: iterations,
      hasConverged: isDone)
  }

  private func withBiases(_ vector: WeightVector) -> [Double] {
    var logits = vector.logits
    for label in 0..<classCount {
      for row in 0..<rowCount { logits[label * rowCount + row] += vector.biases[label] }
    }
    return logits
  }

  /// How far to go: until the slope is a tenth of that at the start, and the objective is lower.
  ///
  /// - Returns: nil where rounding leaves nothing to gain.
  private func step(
    from place: WeightVector, along direction: WeightVector, space: some WeightSpace, isFirst: Bool
  ) -> Double? {
    let (start, slopes) = (withBiases(place), withBiases(direction))
    let (own, mixed, square) = (
      space.product(place, place), space.product(place, direction), space.product(direction, direction)
    )
    func measure(_ step: Double) -> (value: Double, first: Double, second: Double) {
      let loss = alongLine(start, slopes, at: step)
      return (
        loss.value + lambda / 2 * (own + 2 * step * mixed + step * step * square),
        loss.first + lambda * (mixed + step * square), loss.second + lambda * square
      )
    }
    let origin = measure(0)
    guard origin.first < 0, origin.second > 0 else { return nil }
    var (low, high) = (0.0, Double.infinity)
    var step = isFirst ? -origin.first / origin.second : 1
    for _ in 0..<60 {
      let here = measure(step)
      let allowed = origin.value + 1e-4 * step * origin.first + 1e-15 * abs(origin.value)
      if abs(here.first) <= 0.1 * abs(origin.first), here.value <= allowed { return step }
      if here.first > 0 || here.value > allowed { high = step } else { low = step }
      let newton = step - here.first / here.second
      if newton > low, newton < high, newton.isFinite {
        step = newton
      } else {
        step = high.isFinite ? (low + high) / 2 : 4 * step
      }
      if high - low <= 1e-15 * high { break }
    }
    return low > 0 ? low : nil
  }
}

/// The last steps and how the gradient changed in them.
private struct QuasiNewtonMemory {
  private var pairs: [(step: WeightVector, change: WeightVector, curvature: Double)] = []
  /// The scale of the inverse Hessian by the last pair.
  private var scale = 1.0

  private static let size = 20

  var isEmpty: Bool { pairs.isEmpty }

  mutating func remember(
    step: WeightVector, change: WeightVector, product: (WeightVector, WeightVector) -> Double
  ) {
    let curvature = product(step, change)
    let square = product(change, change)
    guard curvature > 0, square > 0 else { return }
    if pairs.count == Self.size { pairs.removeFirst() }
    pairs.append((step, change, curvature))
    scale = curvature / square
  }

  func direction(
    against gradient: WeightVector, product: (WeightVector, WeightVector) -> Double
  ) -> WeightVector {
    var result = gradient.scaled(by: -1)
    var factors = [Double](repeating: 0, count: pairs.count)
    for index in pairs.indices.reversed() {
      factors[index] = product(pairs[index].step, result) / pairs[index].curvature
      result.add(pairs[index].change, times: -factors[index])
    }
    result = result.scaled(by: scale)
    for (index, pair) in pairs.enumerated() {
      result.add(pair.step, times: factors[index] - product(pair.change, result) / pair.curvature)
    }
    return result
  }
}
