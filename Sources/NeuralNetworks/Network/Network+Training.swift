import TensorKernels

/// A forward pass with what its backward pass needs.
public struct ForwardPass: Sendable {
  /// Shape: `[batch] + outputShape` of the network.
  public let output: Tensor
  /// Of the layers from `first` on.
  fileprivate var kept: [KeptState]
  fileprivate let first: Int
  fileprivate let reach: Network.BackwardReach

  /// The bytes of the values that are kept, each counted once.
  package var keptBytes: Int {
    var seen: Set<UnsafePointer<Float>> = []
    return kept.flatMap { [$0.input, $0.output] }.compactMap(\.self).reduce(0) { sum, tensor in
      let isNew = tensor.withUnsafeValues { seen.insert($0.baseAddress!).inserted }
      return sum + (isNew ? tensor.count * MemoryLayout<Float>.stride : 0)
    }
  }
}

extension Network {
  /// How far down a backward pass will go.
  public enum BackwardReach: Sendable {
    /// To the lowest layer with a trainable parameter: what training needs.
    case trainableLayers
    /// To the network's input: what an explanation of an answer needs.
    case input
  }

  /// Runs the layers on a batch and keeps what backward needs.
  ///
  /// Layers below the reach are run as in inference and keep nothing.
  ///
  /// - Parameter input: Shape: `[batch] + inputShape`.
  /// - Throws: `NeuralNetworkError.networkInput` if the input has another shape, `.nothingTrainable` if the reach is
  ///   `trainableLayers` and there are none.
  public func forward(
    _ input: Tensor, phase: Phase, reach: BackwardReach = .trainableLayers, pool: ThreadPool = .shared
  ) throws -> ForwardPass {
    let batch = try batch(of: input)
    let first: Int
    switch reach {
    case .input: first = 0
    case .trainableLayers:
      guard let lowest = layers.firstIndex(where: \.isTrainable) else { throw NeuralNetworkError.nothingTrainable }
      first = lowest
    }
    var current = run(layers: first, on: input, batch: batch, phase: phase, pool: pool)
    var kept: [KeptState] = []
    for step in steps[first...] {
      let context = step.context(batch: batch, firstSample: 0, phase: phase, pool: pool)
      let output = step.layer.output(for: current, context: context)
      let keeps = step.layer.keeps
      kept.append(
        KeptState(
          context: context, input: keeps.contains(.input) ? current : nil,
          output: keeps.contains(.output) ? output : nil))
      current = output
    }
    return ForwardPass(output: current, kept: kept, first: first, reach: reach)
  }

  /// Computes the gradients of the trainable parameters within reach of a forward pass, and stores them in
  /// `Parameter.gradient`. What the pass kept is freed on the way.
  ///
  /// - Parameters:
  ///   - pass: a forward pass of this network.
  ///   - outputGradient: the gradient of the loss with respect to the output. Shape: that of `pass.output`.
  /// - Returns: the gradient with respect to the input, with the input's shape; nil if the pass does not reach so far.
  /// - Throws: `NeuralNetworkError.gradientShape` if the gradient has another shape than the output.
  @discardableResult
  public func backward(_ pass: consuming ForwardPass, outputGradient: consuming Tensor) throws -> Tensor? {
    guard outputGradient.shape == pass.output.shape else {
      throw NeuralNetworkError.gradientShape(expected: pass.output.shape, actual: outputGradient.shape)
    }
    precondition(pass.first + pass.kept.count == steps.count, "the forward pass is another network's")
    var gradient = outputGradient
    while let state = pass.kept.popLast() {
      let index = pass.first + pass.kept.count
      let wantsInputGradient = index > pass.first || pass.reach == .input
      guard
        let below = steps[index].layer.backward(
          state, outputGradient: consume gradient, wantsInputGradient: wantsInputGradient)
      else { return nil }
      gradient = below
    }
    return gradient
  }

  /// One training step on one batch: forward, loss, backward. The gradients are then in `Parameter.gradient`, for an
  /// optimizer; those of the step before are overwritten.
  ///
  /// The same input, seed, step and parameters give the same bits on any number of threads.
  ///
  /// - Parameters:
  ///   - input: Shape: `[batch] + inputShape`.
  ///   - seed: the run's seed; with `step` it names what dropout draws.
  ///   - step: the number of this step in the run.
  ///   - lossGradient: gets the logits, shape `[batch] + outputShape`, and returns the gradient of the loss with
  ///     respect to them in the same shape.
  /// - Throws: `NeuralNetworkError` as `forward` and `backward` do, and what `lossGradient` throws.
  public func trainingStep(
    input: Tensor, seed: UInt64, step: UInt64, pool: ThreadPool = .shared,
    lossGradient: (_ logits: Tensor) throws -> Tensor
  ) throws {
    let pass = try forward(input, phase: .training(seed: seed, step: step), pool: pool)
    let gradient = try lossGradient(pass.output)
    try backward(pass, outputGradient: gradient)
  }
}

extension Layer {
  /// The layer's output in memory of its own; only a reshape shares the input's.
  fileprivate func output(for input: Tensor, context: LayerContext) -> Tensor {
    let shape = [context.batch] + context.outputShape
    if memory == .reshape { return input.reshaped(shape) }
    var output = Tensor(uninitialized: shape)
    input.withUnsafeValues { input in
      output.withUnsafeMutableValues { output in
        forward(input: input.baseAddress!, output: output.baseAddress!, context: context)
      }
    }
    return output
  }
}
