import TensorKernels

/// A chain of layers compiled for one batch size: which kernels run, on how many samples at a time, and where in one
/// arena each reads and writes. Nothing of the way is kept.
///
/// It holds no memory and no state, so many runs may share it, each with an arena of its own.
package struct InferencePlan: Sendable {
  /// A layer, or a convolution and the pooling behind it that halves its output, as one.
  struct Call: Sendable {
    let step: Int
    let isHalved: Bool
    var source: Place
    var target: Place
  }

  /// Layers that run over the same chunks of samples.
  struct Group: Sendable {
    var calls: [Call]
    let chunk: Int
    /// Where its input is; the caller's for the first group.
    var input: Place
    /// Elements of a sample.
    let inputSize: Int
    let outputSize: Int
  }

  let groups: [Group]
  let batch: Int
  /// Elements of the arena.
  package let arenaCount: Int

  /// - Parameters:
  ///   - steps: the layers, at least one.
  ///   - budget: bytes for a layer's input and output together.
  init(steps: ArraySlice<Network.Step>, batch: Int, budget: Int) {
    let sizes = [steps.first!.inputSize] + steps.map(\.outputSize)
    var values = PlannedValues()
    var groups: [Group] = []
    for division in BatchDivision(sizes: sizes, batch: batch, budget: budget).groups {
      let layers = division.layers.lowerBound + steps.startIndex..<division.layers.upperBound + steps.startIndex
      var input = Place.caller
      if !groups.isEmpty {
        // While it is filled the groups below run, again and again: it lives from their first step on.
        input = values.add(count: division.chunk * steps[layers.lowerBound].inputSize, at: steps.startIndex)
      }
      let calls = Self.calls(of: steps[layers], chunk: division.chunk, input: input, values: &values)
      groups.append(
        Group(
          calls: calls, chunk: division.chunk, input: input, inputSize: steps[layers.lowerBound].inputSize,
          outputSize: steps[layers.upperBound - 1].outputSize))
    }
    let layout = ArenaLayout(values.values)
    for index in groups.indices {
      groups[index].input = layout.resolved(groups[index].input)
      groups[index].calls = groups[index].calls.map { call in
        var call = call
        call.source = layout.resolved(call.source)
        call.target = layout.resolved(call.target)
        return call
      }
    }
    self.groups = groups
    self.batch = batch
    arenaCount = layout.count
  }

  /// The calls of one group, from its input to its result. The time of a value is the step that is run.
  private static func calls(
    of steps: ArraySlice<Network.Step>, chunk: Int, input: Place, values: inout PlannedValues
  ) -> [Call] {
    var calls: [Call] = []
    var current = input
    var index = steps.startIndex
    while index < steps.endIndex {
      let layer = steps[index].layer
      let isHalved = index + 1 < steps.endIndex && canHalve(layer, steps[index + 1].layer)
      let next = index + (isHalved ? 2 : 1)
      let isLast = next == steps.endIndex
      values.use(current, at: index)
      if layer.memory != .reshape || isLast {
        let target: Place
        if isLast {
          target = .result
        } else if layer.memory == .inPlace, case .arena = current {
          target = current
        } else {
          target = values.add(count: chunk * steps[next - 1].outputSize, at: index)
        }
        calls.append(Call(step: index, isHalved: isHalved, source: current, target: target))
        current = target
      }
      index = next
    }
    return calls
  }

  /// Whether a pooling halves what the convolution before it gives: the two run in one pass over memory.
  private static func canHalve(_ layer: any Layer, _ next: any Layer) -> Bool {
    layer is Convolution2D && (next as? MaxPooling2D)?.halves == true
  }
}

/// A run of an inference plan on one input.
struct InferenceRun {
  let plan: InferencePlan
  let steps: [Network.Step]
  /// The first sample of the whole batch; never written.
  let input: UnsafePointer<Float>
  let arena: UnsafeMutablePointer<Float>
  let phase: Phase
  let pool: ThreadPool

  /// - Parameter result: gets the output of the whole batch.
  func callAsFunction(into result: UnsafeMutablePointer<Float>) {
    produce(0..<plan.batch, group: plan.groups.count - 1, into: result)
  }

  /// Writes what a group of layers gives for some samples of the batch.
  private func produce(_ samples: Range<Int>, group index: Int, into result: UnsafeMutablePointer<Float>) {
    let group = plan.groups[index]
    var start = samples.lowerBound
    while start < samples.upperBound {
      let chunk = start..<min(start + group.chunk, samples.upperBound)
      if case .arena(let offset) = group.input { produce(chunk, group: index - 1, into: arena + offset) }
      let output = result + (start - samples.lowerBound) * group.outputSize
      for call in group.calls { run(call, of: group, on: chunk, into: output) }
      start = chunk.upperBound
    }
  }

  private func run(
    _ call: InferencePlan.Call, of group: InferencePlan.Group, on samples: Range<Int>,
    into result: UnsafeMutablePointer<Float>
  ) {
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
  }
}
