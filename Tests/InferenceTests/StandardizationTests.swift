import Inference
import NeuralNetworks
import TestSupport
import Testing

@Suite struct StandardizationTests {
  /// Features with means 2, 10, 0.5 and -1 over three pictures; the third never varies, the fourth hardly.
  private static let rows = [
    Tensor(shape: [4], values: [1, 10, 0.5, -1]),
    Tensor(shape: [4], values: [2, 16, 0.5, -1]),
    Tensor(shape: [4], values: [3, 4, 0.5, -1 + 1e-7]),
  ]

  private func fitted() -> Standardization {
    let layer = Standardization(name: "standardization", features: 4)
    layer.fit(Self.rows)
    return layer
  }

  @Test func `before it is fitted it changes nothing`() throws {
    let layer = Standardization(name: "standardization", features: 4)
    let network = try Network(inputShape: [4], layers: [layer])
    #expect(try network(Tensor(shape: [1, 4], values: [1, -2, 3, 0])).values == [1, -2, 3, 0])
  }

  @Test func `a fit measures mean and standard deviation, and does not blow up what never varies`() {
    let layer = fitted()
    #expect(relativeError(layer.mean.value.values, [2, 10, 0.5, -1]) < 1e-6)
    // Deviations over all pictures, not over one less: sqrt(2/3) and sqrt(24).
    #expect(relativeError(layer.scale.value.values, [1.2247449, 0.20412415, 1, 1]) < 1e-6)
  }

  @Test func `fitted features have mean zero and deviation one`() throws {
    let network = try Network(inputShape: [4], layers: [fitted()])
    let values = try network(Tensor(shape: [3, 4], values: Self.rows.flatMap(\.values))).values
    for feature in 0..<2 {
      let column = (0..<3).map { values[$0 * 4 + feature] }
      #expect(abs(column.reduce(0, +)) < 1e-5)
      #expect(abs(column.map { $0 * $0 }.reduce(0, +) / 3 - 1) < 1e-5)
    }
    #expect(values[2] == 0 && values[6] == 0 && values[10] == 0)
  }

  @Test func `a sum of many large numbers is not rounded away`() {
    let layer = Standardization(name: "standardization", features: 1)
    // In Float32 the sum would stop growing at 2^24.
    let rows = (0..<4096).map { Tensor(shape: [1], values: [Float(100_000 + $0 % 2)]) }
    layer.fit(rows)
    #expect(layer.mean.value.values == [100_000.5])
    #expect(relativeError(layer.scale.value.values, [2]) < 1e-6)
  }

  @Test func `it gives the same behind another layer, where it may write over its input`() throws {
    let alone = try Network(inputShape: [4], layers: [fitted()])
    let behind = try Network(
      inputShape: [2, 2, 1],
      layers: [
        MaxPooling2D(name: "pool", window: 1), Flatten(name: "flatten"), fitted(), ReLU(name: "relu"),
      ])
    let values: [Float] = [4, 8, 0.75, 3, -1, 22, 0.5, -2]
    let expected = try alone(Tensor(shape: [2, 4], values: values)).values.map { max(0, $0) }
    #expect(try behind(Tensor(shape: [2, 2, 2, 1], values: values)).values == expected)
  }

  @Test func `the gradient is scaled, feature by feature`() throws {
    let network = try Network(inputShape: [4], layers: [fitted()])
    let pass = try network.forward(
      Tensor(shape: [2, 4], values: [4, 8, 0.75, 3, -1, 22, 0.5, -2]), phase: .training(seed: 0, step: 0), reach: .input
    )
    let returned = try network.backward(
      pass, outputGradient: Tensor(shape: [2, 4], values: [1, 1, 1, 1, 2, -3, 0.5, 0]))
    let gradient = try #require(returned)
    let scale: [Float] = [1.2247449, 0.20412415, 1, 1]
    #expect(gradient.shape == [2, 4])
    #expect(relativeError(gradient.values, scale + [2 * scale[0], -3 * scale[1], 0.5, 0]) < 1e-6)
  }

  @Test func `training passes through it and does not change it`() throws {
    let layer = fitted()
    let below = Dense(name: "below", inputs: 2, outputs: 4)
    below.kernel.value = Tensor(shape: [2, 4], values: [1, 2, 3, 4, -4, -3, -2, -1])
    let network = try Network(
      inputShape: [2], layers: [below, layer, Dense(name: "head", inputs: 4, outputs: 2)])
    try network.parameter(named: "head/kernel").assign(Tensor(shape: [4, 2], values: [1, -1, 2, 0, 0, 3, -2, 1]))
    let before = (layer.mean.value, layer.scale.value)
    try network.trainingStep(input: Tensor(shape: [1, 2], values: [1, 2]), seed: 0, step: 0) { _ in
      Tensor(shape: [1, 2], values: [1, -1])
    }
    SGD(learningRate: 0.1).step(network.parameters)
    #expect(layer.mean.value == before.0 && layer.scale.value == before.1)
    #expect(layer.mean.gradient == nil && layer.scale.gradient == nil)
    // d logits / d below = W head: (1 - -1, 2 - 0, 0 - 3, -2 - 1), times the scales.
    let expected: [Float] = [2 * 1.2247449, 2 * 0.20412415, -3, -3]
    #expect(relativeError(try #require(below.bias.gradient).values, expected) < 1e-6)
  }

  @Test func `another number of features is refused with the layer's name`() {
    let error = #expect(throws: NeuralNetworkError.self) {
      try Network(inputShape: [3], layers: [Standardization(name: "standardization", features: 4)])
    }
    #expect(error == .layerInput(layer: "standardization", expected: "[4]", actual: [3]))
  }
}
