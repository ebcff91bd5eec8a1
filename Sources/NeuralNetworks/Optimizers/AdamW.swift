/// Adam with decoupled weight decay, as Keras 3's `AdamW` (Loshchilov and Hutter 2019; without decay it is Keras's
/// `Adam`).
///
/// With gradient `g`, step `t` from 1 and learning rate `r`, after weight decay:
/// - `m += (g - m)(1 - beta1)`, `v += (g² - v)(1 - beta2)`
/// - `w -= r √(1 - beta2^t) / (1 - beta1^t) * m / (√v + epsilon)`
///
/// As in Keras, epsilon is added to the root of the moment that is not corrected for its bias.
public final class AdamW: Optimizer {
  /// 0 or more; see `Optimizer.learningRate`.
  public var learningRate: Double
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double
  /// Decoupled from the gradient; see `Optimizer.decayed`.
  public let weightDecay: Double
  private var stepsDone = 0
  private var firstMoments = MomentTensors(kind: "first_moment")
  private var secondMoments = MomentTensors(kind: "second_moment")
  private static let stepsKey = "steps"

  /// - Parameters:
  ///   - learningRate: 0 or more.
  ///   - beta1: 0..<1, as `beta2`.
  ///   - epsilon: above 0.
  ///   - weightDecay: 0 or more.
  public init(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
    weightDecay: Double = 0.004
  ) {
    precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas must be in 0..<1: \(beta1), \(beta2)")
    precondition(epsilon > 0, "epsilon must be positive, is \(epsilon)")
    precondition(weightDecay >= 0, "weight decay must not be negative, is \(weightDecay)")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func step(_ parameters: [Parameter]) {
    stepsDone += 1
    for parameter in parameters where parameter.isTrainable {
      parameter.requireGradient().withUnsafeValues { gradient in
        firstMoments.update(parameter) { first in
          secondMoments.update(parameter) { second in
            parameter.update { self.descend($0, gradient, first, second) }
          }
        }
      }
    }
  }

  private func descend(
    _ weights: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>,
    _ first: UnsafeMutableBufferPointer<Float>, _ second: UnsafeMutableBufferPointer<Float>
  ) {
    let correction =
      (1 - power(beta2, stepsDone)).squareRoot() / (1 - power(beta1, stepsDone))
    let (rate, decay, epsilon) = (Float(learningRate), Float(weightDecay), Float(epsilon))
    let (share1, share2, alpha) = (Float(1 - beta1), Float(1 - beta2), Float(learningRate * correction))
    for index in weights.indices {
      let g = gradient[index]
      let weight = Self.decayed(weights[index], weightDecay: decay, learningRate: rate)
      first[index] += (g - first[index]) * share1
      second[index] += (g * g - second[index]) * share2
      weights[index] = weight - first[index] * alpha / (second[index].squareRoot() + epsilon)
    }
  }

  /// By squaring: the system's `pow` may differ from one machine to the next.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }

  /// - Returns: `first_moment/PARAMETER` and `second_moment/PARAMETER` for each parameter stepped, and `steps`, shape
  ///   `[3]`: the number of steps in digits of 20 bits, lowest first, which Float32 holds exactly.
  public func state() -> [String: Tensor] {
    let digits = (0..<3).map { Float(stepsDone >> (20 * $0) & 0xF_FFFF) }
    var state = firstMoments.state.merging(secondMoments.state) { first, _ in first }
    state[Self.stepsKey] = Tensor(shape: [3], values: digits)
    return state
  }

  public func restore(_ state: [String: Tensor], for parameters: [Parameter]?) throws {
    guard let digits = state[Self.stepsKey], digits.shape == [3],
      digits.values.allSatisfy({ (0..<0x10_0000).contains($0) && $0 == $0.rounded() })
    else {
      throw NeuralNetworkError.optimizerState(key: Self.stepsKey, reason: "AdamW needs three digits there")
    }
    var first = MomentTensors(kind: firstMoments.kind)
    var second = MomentTensors(kind: secondMoments.kind)
    for (key, tensor) in state where key != Self.stepsKey {
      guard try first.take(key, tensor, for: parameters) || second.take(key, tensor, for: parameters) else {
        throw NeuralNetworkError.optimizerState(key: key, reason: "AdamW has only first and second moments")
      }
    }
    guard first.tensors.mapValues(\.shape) == second.tensors.mapValues(\.shape) else {
      throw NeuralNetworkError.optimizerState(
        key: first.kind, reason: "first and second moments are not of the same parameters")
    }
    firstMoments = first
    secondMoments = second
    stepsDone = digits.values.enumerated().reduce(0) { $0 | Int($1.element) << (20 * $1.offset) }
  }
}
