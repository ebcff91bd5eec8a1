import NeuralNetworks
import TestSupport
import Testing

@Suite struct NetworkTests {
  @Test func `shapes are followed from layer to layer`() throws {
    let network = try miniature()
    #expect(network.outputShape == [3])
    #expect(try network.outputShape(of: "pool") == [8, 8, 8])
    #expect(try network.outputShape(of: "flatten") == [256])
    #expect(try network(normals([2, 16, 16, 3], salt: 1)).shape == [2, 3])
  }

  @Test func `a layer that does not fit is named with both shapes`() {
    #expect(throws: NeuralNetworkError.layerInput(layer: "dense", expected: "[10]", actual: [12])) {
      try Network(
        inputShape: [2, 2, 3], layers: [Flatten(name: "flat"), Dense(name: "dense", inputs: 10, outputs: 1)])
    }
  }

  @Test func `no layers, a name given twice and an impossible size are refused`() {
    #expect(throws: NeuralNetworkError.noLayers) { try Network(inputShape: [1], layers: []) }
    #expect(throws: NeuralNetworkError.duplicateName("a")) {
      try Network(inputShape: [1], layers: [ReLU(name: "a"), ReLU(name: "a")])
    }
    for shape in [[1 << 40, 1 << 40, 3], [0, 4, 3], [-1, 4, 3], [1 << 60]] {
      #expect(throws: NeuralNetworkError.shapeTooLarge(what: "The network's input", shape: shape)) {
        try Network(inputShape: shape, layers: [ReLU(name: "a")])
      }
    }
  }

  @Test(arguments: [[16, 16, 3], [0, 16, 16, 3], [1, 16, 15, 3], [1, 16, 16, 3, 1], []])
  func `an input of another shape is refused`(shape: [Int]) throws {
    let network = try miniature()
    let error = NeuralNetworkError.networkInput(expected: "[batch, 16, 16, 3]", actual: shape)
    #expect(throws: error) { try network(Tensor(shape: shape)) }
    #expect(throws: error) { _ = try network.forward(Tensor(shape: shape), phase: .inference) }
  }

  @Test func `parameters are found by name`() throws {
    let network = try miniature()
    #expect(
      network.parameters.map(\.name) == [
        "first/kernel", "first/bias", "second/kernel", "second/bias", "third/kernel", "third/bias", "fourth/kernel",
        "fourth/bias", "last/kernel", "last/bias",
      ])
    #expect(try network.parameter(named: "third/bias").shape == [16])
    #expect(
      throws: NeuralNetworkError.unknownParameter(name: "fifth/bias", available: network.parameters.map(\.name))
    ) { try network.parameter(named: "fifth/bias") }
  }

  @Test func `freezing leaves the named layer and all above it trainable`() throws {
    let network = try miniature()
    func trainable() -> [String] { network.parameters.filter(\.isTrainable).map(\.name) }
    try network.freeze(below: "fourth")
    #expect(trainable() == ["fourth/kernel", "fourth/bias", "last/kernel", "last/bias"])
    try network.freeze(below: "mean")
    #expect(trainable().first == "third/kernel")
    try network.freeze(below: nil)
    #expect(trainable().count == 10)
    network.freezeAll()
    #expect(trainable() == [])
    #expect(throws: NeuralNetworkError.unknownLayer(name: "x", available: network.layers.map(\.name))) {
      try network.freeze(below: "x")
    }
  }

  @Test func `a network cut in two gives the same bits and shares its parameters`() throws {
    let network = try miniature()
    let input = normals([3, 16, 16, 3], salt: 2)
    let (below, above) = (try network.prefix(through: "mean"), try network.suffix(after: "mean"))
    #expect(below.outputShape == [4, 4, 12])
    #expect(above.inputShape == [4, 4, 12])
    #expect(try above(below(input)) == network(input))
    try network.parameter(named: "last/bias").update { $0[0] += 1 }
    #expect(try above(below(input)) == network(input))
    #expect(above.parameters.map(\.name) == network.parameters.dropFirst(4).map(\.name))
  }

  @Test func `dropout of a cut network draws what the whole network draws`() throws {
    let network = try miniature()
    let input = normals([3, 16, 16, 3], salt: 3)
    let phase = Phase.training(seed: 5, step: 6)
    let (below, above) = (try network.prefix(through: "mean"), try network.suffix(after: "mean"))
    let features = try below.forward(input, phase: phase).output
    #expect(try above.forward(features, phase: phase).output == network.forward(input, phase: phase).output)
  }

  @Test func `a cut needs a layer of that name and something behind it`() throws {
    let network = try miniature()
    let unknown = NeuralNetworkError.unknownLayer(name: "x", available: network.layers.map(\.name))
    #expect(throws: unknown) { try network.prefix(through: "x") }
    #expect(throws: unknown) { try network.suffix(after: "x") }
    #expect(throws: unknown) { try network.outputShape(of: "x") }
    #expect(throws: NeuralNetworkError.noLayers) { try network.suffix(after: "last") }
  }
}
