import TensorKernels

/// A forward pass with what its backward pass needs, in an arena of its own until it is used or let go.
public struct ForwardPass: ~Copyable, Sendable {
  /// Shape: `[batch] + outputShape` of the network.
  public let output: Tensor
  fileprivate let owner: ObjectIdentifier
  fileprivate let plan: TrainingPlan
  fileprivate let lease: ArenaLease
  fileprivate let input: Tensor
  fileprivate let phase: Phase
  fileprivate let pool: ThreadPool

  /// The bytes of the values that are kept, each counted once.
  package var keptBytes: Int { plan.keptBytes }
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
    let plan = try trainingPlan(batch: batch(of: input), reach: reach)
    let lease = ArenaLease(from: arenas, count: plan.arenaCount)
    var output = Tensor(uninitialized: [plan.batch] + outputShape)
    withRun(of: plan, on: input, lease, phase: phase, pool: pool) { run in
      run.forward()
      output.withUnsafeMutableValues { $0.baseAddress!.update(from: run.output, count: $0.count) }
    }
    return ForwardPass(
      output: output, owner: ObjectIdentifier(self), plan: plan, lease: lease, input: input, phase: phase, pool: pool)
  }

  /// Computes the gradients of the trainable parameters within reach of a forward pass, and stores them in
  /// `Parameter.gradient`.
  ///
  /// - Parameters:
  ///   - pass: a forward pass of this network; it is used up, since gradients take the place of what it kept.
  ///   - outputGradient: the gradient of the loss with respect to the output. Shape: that of `pass.output`.
  /// - Returns: the gradient with respect to the input, with the input's shape; nil if the pass does not reach so far.
  /// - Throws: `NeuralNetworkError.gradientShape` if the gradient has another shape than the output.
  @discardableResult
  public func backward(_ pass: consuming ForwardPass, outputGradient: Tensor) throws -> Tensor? {
    guard outputGradient.shape == pass.output.shape else {
      throw NeuralNetworkError.gradientShape(expected: pass.output.shape, actual: outputGradient.shape)
    }
    precondition(pass.owner == ObjectIdentifier(self), "the forward pass is another network's")
    let (input, plan) = (pass.input, pass.plan)
    return withRun(of: plan, on: input, pass.lease, phase: pass.phase, pool: pass.pool) { run in
      outputGradient.withUnsafeValues { run.outputGradient.update(from: $0.baseAddress!, count: $0.count) }
      run.backward()
      guard let start = run.inputGradient else { return nil }
      var gradient = Tensor(uninitialized: input.shape)
      gradient.withUnsafeMutableValues { $0.baseAddress!.update(from: start, count: $0.count) }
      return gradient
    }
  }

  /// One training step on one batch: forward, loss, backward. The gradients are then in `Parameter.gradient`, for an
  /// optimizer; those of the step before are overwritten, in their own memory.
  ///
  /// After the first step on a batch of one size, a step allocates no memory for numbers: activations and gradients
  /// between layers lie in an arena that is kept. The same input, seed, step and parameters give the same bits on any
  /// number of threads.
  ///
  /// - Parameters:
  ///   - input: Shape: `[batch] + inputShape`.
  ///   - seed: the run's seed; with `step` it names what dropout draws.
  ///   - step: the number of this step in the run.
  ///   - loss: gets the logits, shape `[batch] + outputShape`, and writes the gradient of the loss with respect to
  ///     them, in the same shape; the pointers must not leave it.
  /// - Throws: `NeuralNetworkError` as `forward` does, and what `loss` throws.
  public func trainingStep(
    input: Tensor, seed: UInt64, step: UInt64, pool: ThreadPool = .shared,
    loss: (_ logits: UnsafeBufferPointer<Float>, _ gradient: UnsafeMutableBufferPointer<Float>) throws -> Void
  ) throws {
    let plan = try trainingPlan(batch: batch(of: input), reach: .trainableLayers)
    let lease = ArenaLease(from: arenas, count: plan.arenaCount)
    let outputCount = plan.batch * steps[steps.count - 1].outputSize
    try withRun(of: plan, on: input, lease, phase: .training(seed: seed, step: step), pool: pool) { run in
      run.forward()
      try loss(
        UnsafeBufferPointer(start: run.output, count: outputCount),
        UnsafeMutableBufferPointer(start: run.outputGradient, count: outputCount))
      run.backward()
    }
  }

  /// The same with tensors.
  ///
  /// - Parameter lossGradient: gets the logits, shape `[batch] + outputShape`, and returns the gradient of the loss
  ///   with respect to them in the same shape.
  /// - Throws: `NeuralNetworkError` as `forward` and `backward` do, and what `lossGradient` throws.
  public func trainingStep(
    input: Tensor, seed: UInt64, step: UInt64, pool: ThreadPool = .shared,
    lossGradient: (_ logits: Tensor) throws -> Tensor
  ) throws {
    let pass = try forward(input, phase: .training(seed: seed, step: step), pool: pool)
    let gradient = try lossGradient(pass.output)
    try backward(pass, outputGradient: gradient)
  }

  package func trainingPlan(batch: Int, reach: BackwardReach) throws -> TrainingPlan {
    let first: Int
    switch reach {
    case .input: first = 0
    case .trainableLayers:
      guard let lowest = layers.firstIndex(where: \.isTrainable) else { throw NeuralNetworkError.nothingTrainable }
      first = lowest
    }
    let keeps = layers[first...].map(\.keeps)
    let key = PlanCache.TrainingKey(
      batch: batch, first: first, reachesInput: reach == .input, keeps: keeps.map(\.rawValue))
    return plans.training(key) {
      TrainingPlan(
        steps: steps, first: first, keeps: keeps, reachesInput: reach == .input, batch: batch,
        budget: activationBudget)
    }
  }

  private func withRun<Result>(
    of plan: TrainingPlan, on input: Tensor, _ lease: ArenaLease, phase: Phase, pool: ThreadPool,
    _ body: (TrainingRun) throws -> Result
  ) rethrows -> Result {
    defer { withExtendedLifetime(lease) {} }
    return try input.withUnsafeValues { input in
      try body(
        TrainingRun(
          plan: plan, steps: steps, input: input.baseAddress!, arena: lease.arena.start, phase: phase, pool: pool))
    }
  }
}
