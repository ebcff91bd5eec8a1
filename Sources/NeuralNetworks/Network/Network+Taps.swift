import TensorKernels

/// What a layer gave for some neighbouring samples of a batch, while it is there.
public struct LayerOutput {
  /// The layer's name.
  public let layer: String
  /// Positions in the batch.
  public let samples: Range<Int>
  /// Of one sample, such as `[height, width, channels]`.
  public let shape: [Int]
  /// The samples one after the other, each row-major; must not leave the closure that gets it.
  public let values: UnsafeBufferPointer<Float>
}

extension Network {
  /// What some layers put out, in one pass that stops behind the last of them.
  ///
  /// Layers behind that one are not run, and their weights not packed. The bits are those of `prefix(through:)` for
  /// each of the layers, and of a plain run for the last layer. All of it is held at once: VGG-16's `block2_pool` at
  /// 320 x 320 takes 3.1 MiB a picture. Who reduces it as it comes uses `withOutputs`.
  ///
  /// - Parameters:
  ///   - layerNames: in any order; one may be named twice.
  ///   - input: Shape: `[batch] + inputShape`, with a batch of at least 1.
  /// - Returns: one tensor for each name, in their order. Shape: `[batch]` and the layer's output shape.
  /// - Throws: `NeuralNetworkError.networkInput` if the input has another shape, `.unknownLayer` if there is none of a
  ///   name.
  public func outputs(at layerNames: [String], of input: Tensor, pool: ThreadPool = .shared) throws -> [Tensor] {
    let batch = try batch(of: input)
    var outputs: [String: Tensor] = [:]
    for name in layerNames { outputs[name] = Tensor(uninitialized: [batch] + (try outputShape(of: name))) }
    try withOutputs(at: layerNames, of: input, pool: pool) { part in
      let first = part.samples.lowerBound * part.shape.reduce(1, *)
      outputs[part.layer]!.withUnsafeMutableValues {
        ($0.baseAddress! + first).update(from: part.values.baseAddress!, count: part.values.count)
      }
    }
    return layerNames.map { outputs[$0]! }
  }

  /// What some layers put out, shown in parts while a pass runs that stops behind the last of them.
  ///
  /// A part is what the plan runs at once: one picture for VGG-16's first block, up to the whole batch for the last. So
  /// a caller who needs means of each channel never holds the maps of a batch.
  ///
  /// - Parameters:
  ///   - layerNames: in any order; one named twice is shown once.
  ///   - input: Shape: `[batch] + inputShape`, with a batch of at least 1.
  ///   - body: called on the caller's thread. Each layer's samples come once, in their order; parts of several layers
  ///     are interleaved. What it throws ends the pass.
  /// - Throws: as `outputs(at:of:pool:)`, and what `body` throws.
  public func withOutputs(
    at layerNames: [String], of input: Tensor, pool: ThreadPool = .shared, _ body: (LayerOutput) throws -> Void
  ) throws {
    let batch = try batch(of: input)
    let taps = Set(try layerNames.map(index(of:))).sorted()
    guard !taps.isEmpty else { return }
    let plan = inferencePlan(batch: batch, taps: taps)
    let lease = ArenaLease(from: arenas, count: plan.arenaCount)
    defer { withExtendedLifetime(lease) {} }
    try input.withUnsafeValues { input in
      let run = InferenceRun(
        plan: plan, steps: steps, input: input.baseAddress!, arena: lease.arena.start, phase: .inference, pool: pool)
      try run { index, samples, start in
        let step = steps[index]
        try body(
          LayerOutput(
            layer: step.layer.name, samples: samples, shape: step.outputShape,
            values: UnsafeBufferPointer(start: start, count: samples.count * step.outputSize)))
      }
    }
  }

  /// - Parameter taps: positions of layers, ascending, at least one.
  package func inferencePlan(batch: Int, taps: [Int]) -> InferencePlan {
    plans.inference(.init(batch: batch, taps: taps)) {
      InferencePlan(steps: steps[...taps.last!], taps: taps, batch: batch, budget: activationBudget)
    }
  }
}
