/// A chain of layers compiled for one batch size: which kernels run, on how many samples at a time, and where in one
/// arena each reads and writes. Nothing of the way is kept.
///
/// It holds no memory and no state, so many runs may share it, each with an arena of its own.
package struct InferencePlan: Sendable {
  /// A layer, or a convolution and the pooling behind it that halves its output, as one.
  struct Call: Sendable {
    let step: Int
    let isHalved: Bool
    /// Whether what it writes is one of the taps.
    let isTapped: Bool
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
  /// Where the last layer puts what it gives for a chunk, if only taps are wanted; the caller's memory otherwise.
  let result: Place
  /// Elements of the arena.
  package let arenaCount: Int

  /// - Parameters:
  ///   - steps: the layers, at least one.
  ///   - taps: positions of layers whose outputs somebody sees while they are there. If there are any, the last layer
  ///     is one of them, and its output passes like the others' instead of being gathered for the whole batch.
  ///   - budget: bytes for a layer's input and output together.
  init(steps: ArraySlice<Network.Step>, taps: [Int] = [], batch: Int, budget: Int) {
    precondition(taps.isEmpty || taps.last == steps.endIndex - 1, "nobody wants what the last layer gives")
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
      let calls = Self.calls(of: steps[layers], taps: taps, chunk: division.chunk, input: input, values: &values)
      groups.append(
        Group(
          calls: calls, chunk: division.chunk, input: input, inputSize: steps[layers.lowerBound].inputSize,
          outputSize: steps[layers.upperBound - 1].outputSize))
    }
    var result = Place.result
    if !taps.isEmpty {
      let top = groups.last!
      result = values.add(count: top.chunk * top.outputSize, at: top.calls.last!.step)
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
    self.result = layout.resolved(result)
    arenaCount = layout.count
  }

  /// The calls of one group, from its input to its result. The time of a value is the step that is run.
  private static func calls(
    of steps: ArraySlice<Network.Step>, taps: [Int], chunk: Int, input: Place, values: inout PlannedValues
  ) -> [Call] {
    var calls: [Call] = []
    var current = input
    var index = steps.startIndex
    while index < steps.endIndex {
      let layer = steps[index].layer
      let isHalved =
        index + 1 < steps.endIndex && !taps.contains(index) && canHalve(layer, steps[index + 1].layer)
      let next = index + (isHalved ? 2 : 1)
      let isLast = next == steps.endIndex
      let isTapped = taps.contains(next - 1)
      values.use(current, at: index)
      if layer.memory != .reshape || isLast || isTapped {
        let target: Place
        if isLast {
          target = .result
        } else if layer.memory != .newBuffer, case .arena = current {
          target = current
        } else {
          target = values.add(count: chunk * steps[next - 1].outputSize, at: index)
        }
        calls.append(Call(step: index, isHalved: isHalved, isTapped: isTapped, source: current, target: target))
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
