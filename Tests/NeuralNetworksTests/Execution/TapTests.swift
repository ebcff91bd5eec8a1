import Dispatch
import NeuralNetworks
import RandomStreams
import Synchronization
import TensorKernels
import Testing

@Suite struct TapTests {
  static let budgets = [1, 300_000, 32 << 20]

  /// The chain of VGG-16 with an eighth of its channels, for pictures of 32 x 32.
  private func vgg(_ use: KernelUse = .repeated, budget: Int = 32 << 20) throws -> Network {
    var stream = RandomStream(seed: 3)
    var layers: [any Layer] = []
    var channels = 3
    for (block, (count, outputs)) in [(2, 8), (2, 16), (3, 32), (3, 64), (3, 64)].enumerated() {
      for number in 1...count {
        let layer = Convolution2D(
          name: "block\(block + 1)_conv\(number)", inputChannels: channels, outputChannels: outputs, kernel: 3,
          padding: .same, activation: .relu, kernelUse: use)
        layer.initialize(.heNormal, stream: &stream)
        layers.append(layer)
        channels = outputs
      }
      layers.append(MaxPooling2D(name: "block\(block + 1)_pool"))
    }
    return try Network(inputShape: [32, 32, 3], layers: layers, activationBudget: budget)
  }

  @Test(arguments: [1, 3, 16], budgets)
  func `taps and the last layer have the bits of plain runs`(batch: Int, budget: Int) throws {
    for use in [KernelUse.repeated, .single] {
      let network = try vgg(use, budget: budget)
      let input = normals([batch, 32, 32, 3], salt: UInt64(batch))
      let names = ["block5_pool", "block2_pool", "block3_pool", "block2_pool"]
      let found = try network.outputs(at: names, of: input)
      for (name, output) in zip(names, found) {
        #expect(try output == network.prefix(through: name)(input), "\(name), \(use)")
      }
      #expect(found.count == 4)
      #expect(try found[0] == network(input))
      #expect(found[1].shape == [batch, 8, 8, 16])
      let values = try LayerByLayer(network: network, phase: .inference).forward(input)
      for (name, output) in zip(names, found) {
        let position = try #require(network.layers.firstIndex { $0.name == name })
        #expect(output == values[position + 1], "\(name), \(use)")
      }
    }
  }

  /// A convolution apart from the pooling behind it, layers in place, a reshape, and all at once.
  @Test(arguments: [1, 3, 16], [1, 60_000, 32 << 20])
  func `every layer may be tapped, alone and with all others`(batch: Int, budget: Int) throws {
    let network = try miniature(budget: budget)
    let input = normals([batch, 16, 16, 3], salt: 2)
    let expected = Array(try LayerByLayer(network: network, phase: .inference).forward(input).dropFirst())
    let names = network.layers.map(\.name)
    #expect(try network.outputs(at: names, of: input) == expected)
    for (name, value) in zip(names, expected) {
      #expect(try network.outputs(at: [name], of: input) == [value], "\(name)")
      #expect(try network.outputs(at: ["last", name], of: input) == [expected.last!, value], "\(name)")
    }
  }

  @Test func `layers at the start that only reshape or work in place leave the caller's input alone`() throws {
    let network = try Network(inputShape: [2, 3, 1], layers: [Flatten(name: "flat"), ReLU(name: "relu")])
    let input = ramp([2, 2, 3, 1], from: -4)
    let found = try network.outputs(at: ["flat", "relu"], of: input)
    #expect(found == [ramp([2, 6], from: -4), Tensor(shape: [2, 6], values: [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7])])
    #expect(input == ramp([2, 2, 3, 1], from: -4))
  }

  @Test func `layers behind the last tap are not prepared, those before it are`() throws {
    let network = try vgg()
    _ = try network.outputs(at: ["block2_pool", "block1_pool"], of: normals([2, 32, 32, 3], salt: 1))
    for case let layer as Convolution2D in network.layers {
      #expect(layer.holdsPreparedWeights == ["block1", "block2"].contains(layer.name.prefix(6)), "\(layer.name)")
    }
  }

  @Test func `an unknown layer is named together with those there are`() throws {
    let network = try vgg()
    let input = normals([2, 32, 32, 3], salt: 1)
    let error = NeuralNetworkError.unknownLayer(name: "block9_pool", available: network.layers.map(\.name))
    #expect(throws: error) { try network.outputs(at: ["block2_pool", "block9_pool"], of: input) }
    #expect(throws: error) { try network.withOutputs(at: ["block9_pool"], of: input) { _ in } }
    #expect(error.description.contains("block9_pool") && error.description.contains("block3_conv1"))
    #expect(throws: NeuralNetworkError.networkInput(expected: "[batch, 32, 32, 3]", actual: [2, 31, 32, 3])) {
      try network.outputs(at: ["block2_pool"], of: normals([2, 31, 32, 3], salt: 1))
    }
    #expect(try network.outputs(at: [], of: input).isEmpty)
  }

  @Test(arguments: budgets)
  func `parts come in order, once, and hold no more than the plan runs at once`(budget: Int) throws {
    let network = try vgg(budget: budget)
    let input = normals([16, 32, 32, 3], salt: 1)
    var seen = ["block2_pool": 0, "block5_pool": 0]
    var largest = seen
    var values: [String: [Float]] = ["block2_pool": [], "block5_pool": []]
    try network.withOutputs(at: ["block5_pool", "block2_pool"], of: input) { part in
      #expect(part.samples.lowerBound == seen[part.layer])
      let shape = try network.outputShape(of: part.layer)
      #expect(part.shape == shape)
      #expect(part.values.count == part.samples.count * part.shape.reduce(1, *))
      seen[part.layer] = part.samples.upperBound
      largest[part.layer] = max(largest[part.layer]!, part.samples.count)
      values[part.layer]! += part.values
    }
    #expect(seen == ["block2_pool": 16, "block5_pool": 16])
    for (name, values) in values {
      let plain = try network.prefix(through: name)(input).values
      #expect(values == plain, "\(name)")
    }
    if budget == 1 { #expect(largest == ["block2_pool": 1, "block5_pool": 1]) }
    if budget == 300_000 { #expect((2..<16).contains(largest["block2_pool"]!)) }
  }

  @Test func `a tap of wide maps does not hold those of the whole batch`() throws {
    let network = try vgg(budget: 300_000)
    let position = try #require(network.layers.firstIndex { $0.name == "block2_pool" })
    // The maps of 256 pictures would take 1 MiB.
    #expect(network.inferencePlan(batch: 256, taps: [position]).arenaCount * 4 < 400_000)
  }

  @Test func `callers at once get the bits of one alone, and share the plan`() throws {
    let network = try vgg(budget: 300_000)
    let inputs = (0..<4).map { normals([3, 32, 32, 3], salt: UInt64($0)) }
    let names = ["block3_pool", "block5_pool"]
    let expected = try inputs.map { input in try names.map { try network.prefix(through: $0)(input) } }
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 40) { turn in
      let found = try? network.outputs(at: names, of: inputs[turn % 4])
      if found != expected[turn % 4] { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(network.planCount == 1)
  }

  @Test func `threads change no bit`() throws {
    let network = try vgg()
    let input = normals([3, 32, 32, 3], salt: 3)
    let names = ["block2_pool", "block4_conv3"]
    let one = try network.outputs(at: names, of: input, pool: ThreadPool(threads: 1))
    #expect(try network.outputs(at: names, of: input, pool: ThreadPool(threads: 4)) == one)
  }

  @Test func `what the caller throws ends the pass and gives the arena back`() throws {
    struct Enough: Error {}
    let network = try vgg(budget: 1)
    var parts = 0
    #expect(throws: Enough.self) {
      try network.withOutputs(at: ["block2_pool"], of: normals([5, 32, 32, 3], salt: 1)) { _ in
        parts += 1
        if parts == 2 { throw Enough() }
      }
    }
    #expect(parts == 2)
    #expect(network.idleArenaCount == 1)
  }
}
