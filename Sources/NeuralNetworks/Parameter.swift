import Synchronization

/// A tensor that a layer learns, with its gradient.
///
/// Networks cut from one another share parameters. Everything here may be used from several threads; a training step
/// and an optimizer step on the same parameter must still follow one another.
public final class Parameter: Sendable {
  private struct State: Sendable {
    var value: Tensor
    var gradient: Tensor?
    var isTrainable = true
    var version: UInt64 = 0
  }

  /// The layer's name and the parameter's, such as `block1_conv1/kernel`.
  public let name: String
  /// The value's shape; it never changes.
  public let shape: [Int]
  private let state: Mutex<State>

  public init(name: String, value: Tensor) {
    self.name = name
    shape = value.shape
    state = Mutex(State(value: value))
  }

  /// The learned numbers. A value set here must have the parameter's shape; see `assign` for values from outside.
  public var value: Tensor {
    get { state.withLock { $0.value } }
    set {
      precondition(newValue.shape == shape, "\(name) has shape \(shape), not \(newValue.shape)")
      state.withLock { state in
        state.value = newValue
        state.version += 1
      }
    }
  }

  /// The gradient of the loss with respect to the value, from the last training step; nil before one and when frozen.
  public var gradient: Tensor? {
    get { state.withLock { $0.gradient } }
    set {
      precondition(newValue == nil || newValue?.shape == shape, "a gradient of \(name) must have shape \(shape)")
      state.withLock { $0.gradient = newValue }
    }
  }

  /// Overwrites the gradient, in the memory of the last one where nobody else holds it. A parameter that is frozen
  /// keeps none.
  ///
  /// - Parameter write: must write every element; it gets them undefined. Shape: `shape`.
  public func writeGradient(_ write: (UnsafeMutableBufferPointer<Float>) -> Void) {
    // Taken out, so that it is the only reference and a reader of other properties need not wait.
    let old = state.withLock { state in
      defer { state.gradient = nil }
      return state.gradient
    }
    var gradient = old ?? Tensor(uninitialized: shape)
    _ = consume old
    gradient.withUnsafeMutableValues(write)
    let written = gradient
    state.withLock { state in
      if state.isTrainable { state.gradient = written }
    }
  }

  /// Whether training changes the value. Freezing forgets the gradient.
  public var isTrainable: Bool {
    get { state.withLock { $0.isTrainable } }
    set {
      state.withLock { state in
        state.isTrainable = newValue
        if !newValue { state.gradient = nil }
      }
    }
  }

  /// Counts the changes of the value, so that what was computed from it can tell whether it is still right.
  public var version: UInt64 { state.withLock { $0.version } }

  /// A value and the version it belongs to.
  package var snapshot: (value: Tensor, version: UInt64) { state.withLock { ($0.value, $0.version) } }

  /// Sets the value to one from outside, such as a file.
  ///
  /// - Throws: `NeuralNetworkError.parameterShape` if its shape is another; the old value then stays.
  public func assign(_ value: Tensor) throws {
    guard value.shape == shape else {
      throw NeuralNetworkError.parameterShape(name: name, expected: shape, actual: value.shape)
    }
    self.value = value
  }

  /// Changes the value in place, without a copy where nobody else holds it.
  public func update(_ change: (UnsafeMutableBufferPointer<Float>) -> Void) {
    state.withLock { state in
      state.value.withUnsafeMutableValues(change)
      state.version += 1
    }
  }
}
