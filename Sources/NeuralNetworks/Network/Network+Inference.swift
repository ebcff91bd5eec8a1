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
    let batch = try batch(of: input)
    return run(layers: steps.count, on: input, batch: batch, phase: .inference, pool: pool)
  }

  /// The bytes of activations that a run on a batch of this size holds at once, besides its input and its result.
  public func activationBytes(batch: Int) -> Int {
    precondition(batch > 0, "a batch has at least one sample")
    return plan(layers: steps.count, batch: batch).workspaceCount * MemoryLayout<Float>.stride
  }

  private func plan(layers: Int, batch: Int) -> ActivationPlan {
    let shapes = [inputShape] + steps[..<layers].map(\.outputShape)
    return ActivationPlan(sizes: shapes.map { $0.reduce(1, *) }, batch: batch, budget: activationBudget)
  }

  /// Runs the first `layers` layers, keeping nothing but the result.
  ///
  /// - Returns: Shape: `[batch]` and the shape after those layers.
  func run(layers: Int, on input: Tensor, batch: Int, phase: Phase, pool: ThreadPool) -> Tensor {
    if layers == 0 { return input }
    let plan = plan(layers: layers, batch: batch)
    let workspace = takeWorkspace(count: plan.workspaceCount)
    defer { giveBack(workspace) }
    var output = Tensor(uninitialized: [batch] + steps[layers - 1].outputShape)
    input.withUnsafeValues { input in
      output.withUnsafeMutableValues { output in
        let run = PlannedRun(
          steps: steps, plan: plan, input: input.baseAddress!, workspace: workspace.start, phase: phase, pool: pool)
        run.produce(0..<batch, group: plan.groups.count - 1, into: output.baseAddress!)
      }
    }
    return output
  }

  /// One workspace waits in the network between runs, since getting memory from the system takes a tenth of the time of
  /// a single picture. Runs at the same time each have their own.
  private func takeWorkspace(count: Int) -> Workspace {
    let idle = idleWorkspace.withLock { workspace in
      defer { workspace = nil }
      return workspace
    }
    if let idle, idle.count >= count { return idle }
    return Workspace(count: count)
  }

  private func giveBack(_ workspace: Workspace) {
    idleWorkspace.withLock { $0 = workspace }
  }
}

/// A run of an activation plan on one input.
private struct PlannedRun {
  let steps: [Network.Step]
  let plan: ActivationPlan
  /// The first sample of the whole batch; never written.
  let input: UnsafePointer<Float>
  let workspace: UnsafeMutablePointer<Float>
  let phase: Phase
  let pool: ThreadPool

  /// Writes what a group of layers gives for some samples of the batch.
  ///
  /// - Parameter destination: where the first of these samples goes.
  func produce(_ samples: Range<Int>, group index: Int, into destination: UnsafeMutablePointer<Float>) {
    let group = plan.groups[index]
    let inputSize = steps[group.layers.lowerBound].inputShape.reduce(1, *)
    let outputSize = steps[group.layers.upperBound - 1].outputShape.reduce(1, *)
    for start in stride(from: samples.lowerBound, to: samples.upperBound, by: group.chunk) {
      let chunk = start..<min(start + group.chunk, samples.upperBound)
      let output = destination + (start - samples.lowerBound) * outputSize
      if let offset = group.inputOffset {
        produce(chunk, group: index - 1, into: workspace + offset)
        run(group, on: UnsafePointer(workspace + offset), writable: workspace + offset, samples: chunk, into: output)
      } else {
        run(group, on: input + start * inputSize, writable: nil, samples: chunk, into: output)
      }
    }
  }

  /// Runs a group's layers, one after the other, on one chunk.
  ///
  /// - Parameter writable: the input's memory if it may be overwritten.
  private func run(
    _ group: ActivationPlan.Group, on input: UnsafePointer<Float>, writable: UnsafeMutablePointer<Float>?,
    samples: Range<Int>, into destination: UnsafeMutablePointer<Float>
  ) {
    var current = input
    var writable = writable
    var index = group.layers.lowerBound
    while index < group.layers.upperBound {
      let layer = steps[index].layer
      let halved = index + 1 < group.layers.upperBound ? convolutionToHalve(at: index) : nil
      let next = index + (halved == nil ? 1 : 2)
      let isLast = next == group.layers.upperBound
      let context = steps[index].context(
        batch: samples.count, firstSample: samples.lowerBound, phase: phase, pool: pool)
      index = next
      if layer.memory == .reshape && !isLast { continue }
      let output: UnsafeMutablePointer<Float>
      if isLast {
        output = destination
      } else if layer.memory == .inPlace, let writable {
        output = writable
      } else {
        output = current == UnsafePointer(workspace) ? workspace + plan.turnCount : workspace
      }
      if let halved {
        halved.forwardHalved(input: current, output: output, context: context)
      } else {
        layer.forward(input: current, output: output, context: context)
      }
      current = UnsafePointer(output)
      writable = output
    }
  }

  /// A convolution whose output a pooling behind it halves: the two run as one.
  private func convolutionToHalve(at index: Int) -> Convolution2D? {
    guard let pooling = steps[index + 1].layer as? MaxPooling2D, pooling.halves else { return nil }
    return steps[index].layer as? Convolution2D
  }
}
