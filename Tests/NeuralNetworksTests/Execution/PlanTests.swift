import Dispatch
import NeuralNetworks
import RandomStreams
import Synchronization
import TensorKernels
import TestSupport
import Testing

@Suite struct PlanTests {
  @Test(arguments: 1...17, [1, 60_000, 32 << 20])
  func `an inference plan gives the bits of one layer after the other`(batch: Int, budget: Int) throws {
    let network = try miniature(budget: budget)
    let input = normals([batch, 16, 16, 3], salt: UInt64(batch))
    #expect(try network(input) == LayerByLayer(network: network, phase: .inference).forward(input).last)
  }

  @Test(arguments: 1...17, [nil, "second", "third", "last"])
  func `a training plan gives the bits of one layer after the other`(batch: Int, trainableFrom: String?) throws {
    let (planned, plain) = (try miniature(budget: 60_000), try miniature())
    for network in [planned, plain] { try network.freeze(below: trainableFrom) }
    let first = try #require(planned.layers.firstIndex { $0.name == trainableFrom ?? "first" })
    let optimizers = [AdamW(learningRate: 0.01), AdamW(learningRate: 0.01)]
    for step in 0..<3 as Range<UInt64> {
      let input = normals([batch, 16, 16, 3], salt: step)
      let gradient = normals([batch, 3], salt: step + 10)
      var logits: Tensor?
      try planned.trainingStep(input: input, seed: 4, step: step) {
        logits = $0
        return gradient
      }
      let passes = LayerByLayer(network: plain, phase: .training(seed: 4, step: step))
      let values = try passes.forward(input)
      _ = try passes.backward(values, outputGradient: gradient, first: first)
      #expect(logits == values.last)
      for (a, b) in zip(planned.parameters, plain.parameters) { #expect(a.gradient == b.gradient, "\(a.name)") }
      optimizers[0].step(planned.parameters)
      optimizers[1].step(plain.parameters)
    }
    for (a, b) in zip(planned.parameters, plain.parameters) { #expect(a.value == b.value, "\(a.name)") }
  }

  @Test(arguments: 1...17)
  func `the gradient of the input has the bits of one layer after the other`(batch: Int) throws {
    let network = try miniature()
    network.freezeAll()
    let input = normals([batch, 16, 16, 3], salt: 5)
    let gradient = normals([batch, 3], salt: 6)
    let passes = LayerByLayer(network: network, phase: .inference)
    let expected = try passes.backward(passes.forward(input), outputGradient: gradient, first: 0)
    let found = try network.backward(
      network.forward(input, phase: .inference, reach: .input), outputGradient: gradient)
    #expect(found == expected)
  }

  @Test func `passes that overlap in time do not disturb each other`() throws {
    let network = try miniature()
    network.freezeAll()
    let inputs = (0..<3).map { normals([4, 16, 16, 3], salt: UInt64($0)) }
    let gradient = normals([4, 3], salt: 9)
    func alone(_ input: Tensor) throws -> Tensor? {
      try network.backward(network.forward(input, phase: .inference, reach: .input), outputGradient: gradient)
    }
    let expected = try inputs.map(alone)
    let first = try network.forward(inputs[0], phase: .inference, reach: .input)
    let second = try network.forward(inputs[1], phase: .inference, reach: .input)
    let third = try network.forward(inputs[2], phase: .inference, reach: .input)
    let middle = try network.backward(second, outputGradient: gradient)
    let last = try network.backward(third, outputGradient: gradient)
    let start = try network.backward(first, outputGradient: gradient)
    #expect([start, middle, last] == expected)
  }

  @Test func `a plan is compiled once and shared, and arenas are as many as callers at once`() throws {
    let network = try miniature()
    let input = normals([3, 16, 16, 3], salt: 1)
    let expected = try network(input)
    #expect(network.planCount == 1 && network.idleArenaCount == 1)
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 60) { _ in
      if (try? network(input)) != expected { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(network.planCount == 1)
    #expect((1...60).contains(network.idleArenaCount))
    _ = try network(normals([4, 16, 16, 3], salt: 1))
    #expect(network.planCount == 2)
    network.releaseMemory()
    #expect(network.idleArenaCount == 0)
  }

  @Test func `a pass that is let go gives its arena back`() throws {
    let network = try miniature()
    let input = normals([3, 16, 16, 3], salt: 1)
    func logits() throws -> Tensor { try network.forward(input, phase: .inference).output }
    let first = try logits()
    #expect(network.idleArenaCount == 1)
    #expect(try logits() == first)
    #expect(network.idleArenaCount == 1)
  }

  @Test func `freezing makes another plan, and releasing finds the first one again`() throws {
    let network = try miniature()
    let all = try network.trainingPlan(batch: 4, reach: .trainableLayers)
    try network.freeze(below: "last")
    let last = try network.trainingPlan(batch: 4, reach: .trainableLayers)
    #expect(last.arenaCount < all.arenaCount)
    try network.freeze(below: nil)
    #expect(try network.trainingPlan(batch: 4, reach: .trainableLayers).arenaCount == all.arenaCount)
    #expect(network.planCount == 2)
  }

  /// A layer that is frozen and released between any two questions.
  private final class Wavering: Layer {
    let name = "wavering"
    private let asked = Mutex(0)
    var keeps: KeptValues {
      asked.withLock { asked in
        asked += 1
        return asked % 2 == 1 ? [] : [.input, .output]
      }
    }
    var questions: Int { asked.withLock { $0 } }
    var memory: LayerMemory { .newBuffer }
    func outputShape(for inputShape: [Int]) -> [Int] { inputShape }
    func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
      output.update(from: input, count: context.inputShape.reduce(context.batch, *))
    }
    func backward(_ pass: BackwardPass) {}
  }

  @Test func `a plan and its place in the cache fit one answer about what a layer keeps`() throws {
    let layer = Wavering()
    let network = try Network(inputShape: [6], layers: [ReLU(name: "below"), layer, ReLU(name: "above")])
    let relus = 4 * 6 * 4 * 2
    for turn in 1...4 {
      let plan = try network.trainingPlan(batch: 4, reach: .input)
      #expect(layer.questions == turn)
      // The input is what the ReLU below keeps anyway, and the output is not what the one above keeps.
      #expect(plan.keptBytes == (turn % 2 == 1 ? relus : relus + 4 * 6 * 4))
    }
    #expect(network.planCount == 2)
  }

  @Test func `the places of used activations are given to gradients`() throws {
    let network = try miniature()
    let plan = try network.trainingPlan(batch: 4, reach: .trainableLayers)
    // Every layer's output and gradient in memory of its own, as without a plan.
    var shape = network.inputShape
    var apart = 0
    for layer in network.layers {
      shape = try layer.outputShape(for: shape)
      if layer.memory != .reshape { apart += 2 * 4 * shape.reduce(1, *) }
    }
    // The input is kept too, where the caller has it.
    #expect(plan.arenaCount * 4 > plan.keptBytes - 4 * 4 * 16 * 16 * 3)
    #expect(plan.arenaCount < apart * 2 / 3, "\(plan.arenaCount) of \(apart)")
  }

  /// Their weights are zeros that nobody reads.
  private func vgg16() throws -> Network {
    var layers: [any Layer] = []
    var channels = 3
    for (block, (count, outputs)) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)].enumerated() {
      for number in 1...count {
        layers.append(
          Convolution2D(
            name: "block\(block + 1)_conv\(number)", inputChannels: channels, outputChannels: outputs, kernel: 3,
            padding: .same, activation: .relu))
        channels = outputs
      }
      layers.append(MaxPooling2D(name: "block\(block + 1)_pool"))
    }
    return try Network(inputShape: [224, 224, 3], layers: layers)
  }

  @Test func `VGG-16's activations stay within tens of megabytes for any batch`() throws {
    let network = try vgg16()
    // One value of 12.25 MiB, and what the poolings of a picture, two, four and eight leave for the next block.
    #expect(network.activationBytes(batch: 16) < 40 << 20)
    for batch in [1, 2, 3, 64, 1000] { #expect(network.activationBytes(batch: batch) < 80 << 20, "\(batch)") }
  }

  @Test func `a step that trains VGG-16's block 5 has one arena for the blocks below and for itself`() throws {
    let network = try vgg16()
    try network.freeze(below: "block5_conv1")
    let plan = try network.trainingPlan(batch: 16, reach: .trainableLayers)
    // The arena of the frozen blocks, and beside it their result, is free again for what is kept and for gradients.
    #expect(plan.arenaCount * 4 < 50 << 20, "\(plan.arenaCount * 4)")
    #expect(plan.keptBytes == 4 * 16 * 14 * 14 * 512 * 4)
  }
}
