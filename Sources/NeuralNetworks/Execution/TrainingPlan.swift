import TensorKernels

/// A forward and a backward pass compiled for one batch size: the kernel calls of both, and where in one arena every
/// activation, every gradient between layers and the loss's gradient lie. What backward needs is kept until it has been
/// used; its place is then free for gradients.
///
/// It holds no memory and no state, so many runs may share it, each with an arena of its own.
package struct TrainingPlan: Sendable {
  struct ForwardCall: Sendable {
    let step: Int
    var source: Place
    var target: Place
  }

  struct BackwardCall: Sendable {
    let step: Int
    /// What of the forward pass is kept for it.
    var input: Place?
    var output: Place?
    var outputGradient: Place
    /// Nil where it is not wanted; the place of `outputGradient` where the layer works in place.
    var inputGradient: Place?
  }

  let batch: Int
  /// The layers below the reach of backward, if there are any.
  let below: InferencePlan?
  /// Where their arena begins in this one.
  let belowArena: Place
  /// Where their result goes.
  let belowResult: Place
  let forward: [ForwardCall]
  let output: Place
  let outputGradient: Place
  /// From the last layer down.
  let backward: [BackwardCall]
  /// Where the gradient of the network's input is at the end, if the pass reaches so far.
  let inputGradient: Place?
  /// Elements of the arena.
  package let arenaCount: Int
  /// Bytes of what is kept for backward, each value counted once.
  package let keptBytes: Int

  /// - Parameters:
  ///   - steps: all layers.
  ///   - first: the lowest layer that backward goes through.
  ///   - keeps: what each layer from there on keeps. It is asked once, since another thread may freeze a parameter
  ///     meanwhile and a plan must fit one answer.
  ///   - reachesInput: whether the gradient of the network's input is wanted; `first` is then 0.
  ///   - budget: bytes, for the layers below.
  init(
    steps: [Network.Step], first: Int, keeps: [KeptValues], reachesInput: Bool, batch: Int, budget: Int
  ) {
    var maker = TrainingPlanMaker(steps: steps, first: first, keeps: keeps, batch: batch)
    below = first > 0 ? InferencePlan(steps: steps[..<first], batch: batch, budget: budget) : nil
    let belowArena = maker.values.add(count: below?.arenaCount ?? 0, at: 0)
    let belowResult = first > 0 ? maker.values.add(count: batch * steps[first].inputSize, at: 0) : Place.caller
    let forward = maker.forwardCalls(from: belowResult)
    let outputGradient = maker.values.add(count: batch * steps[steps.count - 1].outputSize, at: maker.lossTime)
    let (backward, inputGradient) = maker.backwardCalls(from: outputGradient, reachesInput: reachesInput)

    let layout = ArenaLayout(maker.values.values)
    self.batch = batch
    self.belowArena = layout.resolved(belowArena)
    self.belowResult = layout.resolved(belowResult)
    self.forward = forward.map {
      ForwardCall(step: $0.step, source: layout.resolved($0.source), target: layout.resolved($0.target))
    }
    output = layout.resolved(maker.outputs[steps.count - 1]!)
    self.outputGradient = layout.resolved(outputGradient)
    self.backward = backward.map { call in
      BackwardCall(
        step: call.step, input: call.input.map(layout.resolved), output: call.output.map(layout.resolved),
        outputGradient: layout.resolved(call.outputGradient), inputGradient: call.inputGradient.map(layout.resolved))
    }
    self.inputGradient = inputGradient.map(layout.resolved)
    arenaCount = layout.count
    keptBytes = maker.keptBytes
  }
}

/// Finds a training plan's calls and the lives of its values.
///
/// Time: 0 for the layers below, then one for each forward step, one for the loss, one for each backward step.
private struct TrainingPlanMaker {
  let steps: [Network.Step]
  let first: Int
  private let keeps: [KeptValues]
  let batch: Int
  var values = PlannedValues()
  /// Where each layer from `first` on finds its input and leaves its output, by the layer's place in the chain.
  private(set) var inputs: [Int: Place] = [:]
  private(set) var outputs: [Int: Place] = [:]
  let lossTime: Int

  init(steps: [Network.Step], first: Int, keeps: [KeptValues], batch: Int) {
    precondition(keeps.count == steps.count - first, "one answer for each layer that backward goes through")
    self.steps = steps
    self.first = first
    self.keeps = keeps
    self.batch = batch
    lossTime = steps.count - first + 1
  }

  private func keeps(_ value: KeptValues, at step: Int) -> Bool { keeps[step - first].contains(value) }
  private func forwardTime(_ step: Int) -> Int { step - first + 1 }
  private func backwardTime(_ step: Int) -> Int { lossTime + steps.count - step }

  mutating func forwardCalls(from start: Place) -> [TrainingPlan.ForwardCall] {
    var calls: [TrainingPlan.ForwardCall] = []
    var current = start
    // A value that backward will read must not be written over, nor the caller's.
    var mayBeOverwritten = start != .caller
    for index in first..<steps.count {
      let layer = steps[index].layer
      inputs[index] = current
      values.use(current, at: forwardTime(index))
      if keeps(.input, at: index) {
        values.use(current, at: backwardTime(index))
        mayBeOverwritten = false
      }
      if layer.memory != .reshape {
        let source = current
        if layer.memory != .inPlace || !mayBeOverwritten {
          current = values.add(count: batch * steps[index].outputSize, at: forwardTime(index))
        }
        mayBeOverwritten = true
        calls.append(.init(step: index, source: source, target: current))
      }
      outputs[index] = current
      if keeps(.output, at: index) {
        values.use(current, at: backwardTime(index))
        mayBeOverwritten = false
      }
    }
    values.use(current, at: lossTime)
    return calls
  }

  mutating func backwardCalls(
    from outputGradient: Place, reachesInput: Bool
  ) -> (calls: [TrainingPlan.BackwardCall], inputGradient: Place?) {
    var calls: [TrainingPlan.BackwardCall] = []
    var gradient = outputGradient
    for index in (first..<steps.count).reversed() {
      let layer = steps[index].layer
      let isWanted = index > first || reachesInput
      if layer.memory == .reshape { continue }
      values.use(gradient, at: backwardTime(index))
      var below: Place?
      if isWanted {
        below =
          layer.memory == .inPlace
          ? gradient : values.add(count: batch * steps[index].inputSize, at: backwardTime(index))
      }
      calls.append(
        .init(
          step: index, input: keeps(.input, at: index) ? inputs[index] : nil,
          output: keeps(.output, at: index) ? outputs[index] : nil, outputGradient: gradient, inputGradient: below))
      if let below { gradient = below }
    }
    if reachesInput { values.use(gradient, at: backwardTime(first)) }
    return (calls, reachesInput ? gradient : nil)
  }

  /// Bytes of the values kept, each place counted once.
  var keptBytes: Int {
    var places: [(place: Place, count: Int)] = []
    for index in first..<steps.count {
      let step = steps[index]
      if keeps(.input, at: index) { places.append((inputs[index]!, step.inputSize)) }
      if keeps(.output, at: index) { places.append((outputs[index]!, step.outputSize)) }
    }
    return places.indices.reduce(0) { sum, index in
      let isNew = !places[..<index].contains { $0.place == places[index].place }
      return sum + (isNew ? batch * places[index].count * MemoryLayout<Float>.stride : 0)
    }
  }
}

/// A run of a training plan on one input.
struct TrainingRun {
  let plan: TrainingPlan
  let steps: [Network.Step]
  /// Never written.
  let input: UnsafePointer<Float>
  let arena: UnsafeMutablePointer<Float>
  let phase: Phase
  let pool: ThreadPool

  var output: UnsafePointer<Float> { read(plan.output) }
  var outputGradient: UnsafeMutablePointer<Float> { write(plan.outputGradient) }
  /// Valid after `backward` of a pass that reaches the input.
  var inputGradient: UnsafePointer<Float>? { plan.inputGradient.map(read) }

  func forward() {
    if let below = plan.below {
      InferenceRun(
        plan: below, steps: steps, input: input, arena: write(plan.belowArena), phase: phase, pool: pool)(
          into: write(plan.belowResult))
    }
    for call in plan.forward {
      steps[call.step].layer.forward(
        input: read(call.source), output: write(call.target), context: context(call.step))
    }
  }

  /// Gradients of parameters are stored in them.
  func backward() {
    for call in plan.backward {
      steps[call.step].layer.backward(
        BackwardPass(
          context: context(call.step), input: call.input.map(read), output: call.output.map(read),
          outputGradient: write(call.outputGradient), inputGradient: call.inputGradient.map(write)))
    }
  }

  private func context(_ step: Int) -> LayerContext {
    steps[step].context(batch: plan.batch, firstSample: 0, phase: phase, pool: pool)
  }

  private func read(_ place: Place) -> UnsafePointer<Float> {
    if case .arena(let offset) = place { UnsafePointer(arena + offset) } else { input }
  }

  private func write(_ place: Place) -> UnsafeMutablePointer<Float> {
    guard case .arena(let offset) = place else { preconditionFailure("a plan never writes the caller's input") }
    return arena + offset
  }
}
