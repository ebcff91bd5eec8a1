/// Stochastic gradient descent with momentum, as Keras 3's `SGD`.
///
/// With gradient `g`, learning rate `r` and momentum `m`, after weight decay:
/// - without momentum: `w -= r g`
/// - with momentum: `v = m v - r g`, then `w += v`
/// - with Nesterov's: `v = m v - r g`, then `w += m v - r g`
public final class SGD: Optimizer {
  /// 0 or more; see `Optimizer.learningRate`.
  public var learningRate: Double
  public let momentum: Double
  public let nesterov: Bool
  /// Decoupled from the gradient; see `Optimizer.decayed`.
  public let weightDecay: Double
  private var velocities = MomentTensors(kind: "velocity")

  /// - Parameters:
  ///   - learningRate: 0 or more.
  ///   - momentum: 0...1; 0 keeps no velocities.
  ///   - weightDecay: 0 or more.
  public init(learningRate: Double, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0) {
    precondition((0...1).contains(momentum), "momentum must be in 0...1, not \(momentum)")
    precondition(weightDecay >= 0, "weight decay must not be negative, is \(weightDecay)")
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  public func step(_ parameters: [Parameter]) {
    for parameter in parameters where parameter.isTrainable {
      parameter.requireGradient().withUnsafeValues { gradient in
        if momentum == 0 {
          parameter.update { self.descend($0, gradient) }
        } else {
          velocities.update(parameter) { velocity in
            parameter.update { self.descend($0, gradient, velocity) }
          }
        }
      }
    }
  }

  private func descend(_ weights: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>) {
    let (rate, decay) = (Float(learningRate), Float(weightDecay))
    for index in weights.indices {
      let weight = Self.decayed(weights[index], weightDecay: decay, learningRate: rate)
      weights[index] = weight - rate * gradient[index]
    }
  }

  private func descend(
    _ weights: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>,
    _ velocity: UnsafeMutableBufferPointer<Float>
  ) {
    let (rate, decay, momentum) = (Float(learningRate), Float(weightDecay), Float(momentum))
    for index in weights.indices {
      let weight = Self.decayed(weights[index], weightDecay: decay, learningRate: rate)
      let descent = rate * gradient[index]
      velocity[index] = momentum * velocity[index] - descent
      weights[index] = weight + (nesterov ? momentum * velocity[index] - descent : velocity[index])
    }
  }

  /// - Returns: `velocity/PARAMETER` for each parameter that has been stepped with momentum.
  public func state() -> [String: Tensor] { velocities.state }

  public func restore(_ state: [String: Tensor], for parameters: [Parameter]?) throws {
    if momentum == 0, let key = state.keys.min() {
      throw NeuralNetworkError.optimizerState(key: key, reason: "SGD without momentum has no state")
    }
    var restored = MomentTensors(kind: velocities.kind)
    for (key, tensor) in state {
      guard try restored.take(key, tensor, for: parameters) else {
        throw NeuralNetworkError.optimizerState(key: key, reason: "SGD has only velocities")
      }
    }
    velocities = restored
  }
}
