import NeuralNetworks
import TensorKernels
import Testing

@Suite struct DenseTests {
  private func layer(activation: Activation = .none) -> Dense {
    let layer = Dense(name: "dense", inputs: 3, outputs: 2, activation: activation)
    layer.kernel.value = ramp([3, 2])
    layer.bias.value = Tensor(shape: [2], values: [-20, 1])
    return layer
  }

  @Test func `rows are multiplied by the kernel and get the bias`() throws {
    let network = try Network(inputShape: [3], layers: [layer()])
    let output = try network(ramp([2, 3]))
    #expect(output.shape == [2, 2])
    #expect(output.values == [-10, 14, 8, 41])
  }

  @Test func `its own ReLU cuts below zero`() throws {
    let network = try Network(inputShape: [3], layers: [layer(activation: .relu)])
    #expect(try network(ramp([2, 3])).values == [0, 14, 8, 41])
  }

  @Test func `gradients by hand`() throws {
    let dense = layer()
    let network = try Network(inputShape: [3], layers: [dense])
    let pass = try network.forward(ramp([2, 3]), phase: .inference, reach: .input)
    let inputGradient = try network.backward(pass, outputGradient: Tensor(shape: [2, 2], values: [1, 0, 2, -1]))
    #expect(inputGradient?.values == [0, 2, 4, -1, 1, 3])
    #expect(dense.kernel.gradient?.values == [6, -3, 9, -4, 12, -5])
    #expect(dense.bias.gradient?.values == [3, -1])
  }

  @Test func `frozen parameters get no gradient`() throws {
    let dense = layer()
    let network = try Network(inputShape: [3], layers: [dense])
    dense.kernel.isTrainable = false
    try network.trainingStep(input: ramp([2, 3]), seed: 0, step: 0) { ramp($0.shape) }
    #expect(dense.kernel.gradient == nil)
    #expect(dense.bias.gradient?.values == [2, 4])
  }

  @Test func `an input that does not fit is refused by name`() {
    #expect(throws: NeuralNetworkError.layerInput(layer: "dense", expected: "[3]", actual: [4])) {
      try layer().outputShape(for: [4])
    }
    #expect(throws: NeuralNetworkError.layerInput(layer: "dense", expected: "[3]", actual: [1, 1, 3])) {
      try layer().outputShape(for: [1, 1, 3])
    }
  }
}
