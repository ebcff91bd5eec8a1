import TensorKernels

/// A run of an inference plan on one input.
struct InferenceRun {
  let plan: InferencePlan
  let steps: [Network.Step]
  /// The first sample of the whole batch; never written.
  let input: UnsafePointer<Float>
  let arena: UnsafeMutablePointer<Float>
  let phase: Phase
  let pool: ThreadPool

  /// What a layer gave for some samples of the batch: the layer's position, the samples, and the first value. The
  /// memory is the arena's, and overwritten afterwards.
  typealias Observer<Failure: Error> = (Int, Range<Int>, UnsafePointer<Float>) throws(Failure) -> Void

  /// - Parameter result: gets the output of the whole batch.
  func callAsFunction(into result: UnsafeMutablePointer<Float>) {
    produce(0..<plan.batch, group: plan.groups.count - 1, into: result) { (_, _, _) throws(Never) in }
  }

  /// Runs a plan with taps.
  ///
  /// - Parameter observe: called on this thread for each tap and chunk, a tap's samples in their order.
  func callAsFunction<Failure: Error>(observing observe: Observer<Failure>) throws(Failure) {
    guard case .arena(let offset) = plan.result else { preconditionFailure("a plan without taps shows nothing") }
    let last = plan.groups.count - 1
    for start in stride(from: 0, to: plan.batch, by: plan.groups[last].chunk) {
      let chunk = start..<min(start + plan.groups[last].chunk, plan.batch)
      try produce(chunk, group: last, into: arena + offset, observe)
    }
  }

  /// Writes what a group of layers gives for some samples of the batch.
  private func produce<Failure: Error>(
    _ samples: Range<Int>, group index: Int, into result: UnsafeMutablePointer<Float>, _ observe: Observer<Failure>
  ) throws(Failure) {
    let group = plan.groups[index]
    var start = samples.lowerBound
    while start < samples.upperBound {
      let chunk = start..<min(start + group.chunk, samples.upperBound)
      if case .arena(let offset) = group.input {
        try produce(chunk, group: index - 1, into: arena + offset, observe)
      }
      let output = result + (start - samples.lowerBound) * group.outputSize
      for call in group.calls {
        let written = run(call, of: group, on: chunk, into: output)
        if call.isTapped { try observe(call.isHalved ? call.step + 1 : call.step, chunk, written) }
      }
      start = chunk.upperBound
    }
  }

  /// - Returns: where the call has put its output.
  private func run(
    _ call: InferencePlan.Call, of group: InferencePlan.Group, on samples: Range<Int>,
    into result: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    let source: UnsafePointer<Float>
    switch call.source {
    case .caller: source = input + samples.lowerBound * group.inputSize
    case .arena(let offset): source = UnsafePointer(arena + offset)
    case .result: source = UnsafePointer(result)
    }
    let target: UnsafeMutablePointer<Float>
    if case .arena(let offset) = call.target { target = arena + offset } else { target = result }
    let step = steps[call.step]
    let context = step.context(batch: samples.count, firstSample: samples.lowerBound, phase: phase, pool: pool)
    if call.isHalved, let convolution = step.layer as? Convolution2D {
      convolution.forwardHalved(input: source, output: target, context: context)
    } else {
      step.layer.forward(input: source, output: target, context: context)
    }
    return UnsafePointer(target)
  }
}
