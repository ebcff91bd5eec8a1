import TensorKernels

extension Network {
  /// Answers: runs the layers on a batch and keeps nothing of the way.
  ///
  /// Wide layers are run on a few samples at a time, so that activations stay within tens of megabytes whatever the
  /// batch. How a batch is divided changes no bit of the result.
  ///
  /// - Parameter input: Shape: `[batch] + inputShape`, with a batch of at least 1.
  /// - Returns: Shape: `[batch] + outputShape`.
  /// - Throws: `NeuralNetworkError.networkInput` if the input has another shape.
  public func callAsFunction(_ input: Tensor, pool: ThreadPool = .shared) throws -> Tensor {
    var output = Tensor(uninitialized: [try batch(of: input)] + outputShape)
    try run(input, into: &output, pool: pool)
    return output
  }

  /// The same into a tensor that is there already; nothing is allocated if no copy of it is held elsewhere.
  ///
  /// - Parameter output: overwritten. Shape: `[batch] + outputShape`; another is our own bug.
  /// - Throws: `NeuralNetworkError.networkInput` if the input has another shape.
  public func run(_ input: Tensor, into output: inout Tensor, pool: ThreadPool = .shared) throws {
    let batch = try batch(of: input)
    precondition(
      output.shape.first == batch && output.shape.dropFirst().elementsEqual(outputShape),
      "the output has shape \(output.shape), not [\(batch)] + \(outputShape)")
    let plan = inferencePlan(batch: batch)
    let lease = ArenaLease(from: arenas, count: plan.arenaCount)
    // Only its address is used below; without this it might go back to the shelf meanwhile.
    defer { withExtendedLifetime(lease) {} }
    input.withUnsafeValues { input in
      output.withUnsafeMutableValues { output in
        InferenceRun(
          plan: plan, steps: steps, input: input.baseAddress!, arena: lease.arena.start, phase: .inference, pool: pool)(
            into: output.baseAddress!)
      }
    }
  }

  /// The bytes of activations that a run on a batch of this size holds at once, besides its input and its result.
  public func activationBytes(batch: Int) -> Int {
    precondition(batch > 0, "a batch has at least one sample")
    return inferencePlan(batch: batch).arenaCount * MemoryLayout<Float>.stride
  }

  package func inferencePlan(batch: Int) -> InferencePlan {
    plans.inference(.init(batch: batch, taps: [])) {
      InferencePlan(steps: steps[...], batch: batch, budget: activationBudget)
    }
  }
}
