/// Changes trainable parameters against their gradients, with the formulas of Keras 3.
///
/// An optimizer remembers what it needs of each parameter by the parameter's name.
public protocol Optimizer: AnyObject {
  /// How much of the gradient, or of what is made of it and of earlier ones, a step takes from each weight: 0 or more,
  /// without a unit. It may be changed between steps, as a schedule says.
  var learningRate: Double { get set }

  /// Updates every parameter that is trainable; frozen ones are left alone.
  ///
  /// - Parameter parameters: each trainable one has a gradient from a training step; without one it is a bug.
  func step(_ parameters: [Parameter])

  /// What must be saved to go on bit by bit, by key. The settings, learning rate included, are not part of it.
  func state() -> [String: Tensor]

  /// Takes over a saved state in place of the current one.
  ///
  /// - Parameter parameters: what will be stepped; the state must fit their names and shapes. Nil skips that check,
  ///   and a state that does not fit is then a bug that stops the next step.
  /// - Throws: `NeuralNetworkError.optimizerState` if a key or a shape does not fit; nothing is changed then.
  func restore(_ state: [String: Tensor], for parameters: [Parameter]?) throws
}

extension Optimizer {
  /// Takes over a saved state whose fit to the parameters is known.
  public func restore(_ state: [String: Tensor]) throws { try restore(state, for: nil) }

  /// Keras's `weight_decay`: before the step, each weight loses the share `learningRate * weightDecay` of itself
  /// (Loshchilov and Hutter 2019: decoupled from the gradient, and from momentum). Biases too, as in Keras.
  ///
  /// - Returns: what a weight is after decay.
  @inline(__always)
  static func decayed(_ weight: Float, weightDecay: Float, learningRate: Float) -> Float {
    weight - weight * weightDecay * learningRate
  }
}

extension Parameter {
  /// The gradient of a trainable parameter.
  func requireGradient() -> Tensor {
    guard let gradient else {
      preconditionFailure("\(name) is trainable and has no gradient: run a training step first")
    }
    return gradient
  }
}

/// Tensors that an optimizer keeps beside parameters, by the parameter's name.
struct MomentTensors {
  /// The first part of the keys in a saved state.
  let kind: String
  private(set) var tensors: [String: Tensor] = [:]

  init(kind: String) {
    self.kind = kind
  }

  /// Changes the tensor kept beside a parameter, which is zero at first.
  mutating func update(_ parameter: Parameter, _ change: (UnsafeMutableBufferPointer<Float>) -> Void) {
    if let shape = tensors[parameter.name]?.shape {
      precondition(
        shape == parameter.shape,
        "the optimizer's state for \(parameter.name) has shape \(shape), not \(parameter.shape)")
    }
    // In place: nothing else may hold the tensor here, or it would be copied.
    tensors[parameter.name, default: Tensor(shape: parameter.shape)].withUnsafeMutableValues(change)
  }

  var state: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: tensors.map { ("\(kind)/\($0.key)", $0.value) })
  }

  /// Takes the entry of a saved state if its key is of this kind.
  ///
  /// - Throws: `NeuralNetworkError.optimizerState` if it is of none of the parameters, or has another shape.
  mutating func take(_ key: String, _ tensor: Tensor, for parameters: [Parameter]?) throws -> Bool {
    guard key.hasPrefix(kind + "/") else { return false }
    let name = String(key.dropFirst(kind.count + 1))
    if let parameters {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw NeuralNetworkError.optimizerState(key: key, reason: "there is no such parameter")
      }
      guard parameter.shape == tensor.shape else {
        throw NeuralNetworkError.optimizerState(
          key: key, reason: "the parameter has shape \(parameter.shape), the state \(tensor.shape)")
      }
    }
    tensors[name] = tensor
    return true
  }
}
