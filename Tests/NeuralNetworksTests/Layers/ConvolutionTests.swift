import NeuralNetworks
import RandomStreams
import TensorKernels
import Testing

/// Convolutions small enough to work out by hand.
@Suite struct ConvolutionTests {
  private func network(_ layer: any Layer, input: [Int]) throws -> Network {
    try Network(inputShape: input, layers: [layer])
  }

  @Test func `a kernel of ones adds up each window of a ramp`() throws {
    let layer = Convolution2D(name: "sum", inputChannels: 1, outputChannels: 1, kernel: 2)
    layer.kernel.value = Tensor(shape: [2, 2, 1, 1], repeating: 1)
    let output = try network(layer, input: [3, 3, 1])(ramp([1, 3, 3, 1]))
    #expect(output.shape == [1, 2, 2, 1])
    #expect(output.values == [8, 12, 20, 24])
  }

  @Test func `the kernel is not flipped and its channels are height, width, in, out`() throws {
    let layer = Convolution2D(name: "pick", inputChannels: 2, outputChannels: 2, kernel: Size2D(height: 1, width: 2))
    // Output 0 takes input channel 1 of the left pixel; output 1 takes ten times input channel 0 of the right one.
    layer.kernel.value = Tensor(shape: [1, 2, 2, 2], values: [0, 0, 1, 0, 0, 10, 0, 0])
    let output = try network(layer, input: [1, 3, 2])(ramp([1, 1, 3, 2]))
    #expect(output.values == [1, 20, 3, 40])
  }

  @Test func `same padding puts the odd row and column below and to the right`() throws {
    let layer = Convolution2D(name: "sum", inputChannels: 1, outputChannels: 1, kernel: 2, padding: .same)
    layer.kernel.value = Tensor(shape: [2, 2, 1, 1], repeating: 1)
    let output = try network(layer, input: [2, 2, 1])(ramp([1, 2, 2, 1], from: 1))
    #expect(output.values == [10, 6, 7, 4])
  }

  @Test func `bias comes before the ReLU`() throws {
    let layer = Convolution2D(name: "shift", inputChannels: 1, outputChannels: 1, kernel: 1, activation: .relu)
    layer.kernel.value = Tensor(shape: [1, 1, 1, 1], repeating: 1)
    layer.bias?.value = Tensor(shape: [1], values: [-2])
    #expect(try network(layer, input: [1, 5, 1])(ramp([1, 1, 5, 1])).values == [0, 0, 0, 1, 2])
  }

  @Test(
    arguments: [
      (Padding.same, 1, [7, 5]), (.same, 2, [4, 3]), (.same, 3, [3, 2]), (.valid, 1, [5, 3]), (.valid, 2, [3, 2]),
      (.explicit(top: 1, left: 0, bottom: 2, right: 3), 2, [4, 3]),
    ])
  func `the output has the documented shape`(padding: Padding, stride: Int, expected: [Int]) throws {
    let layer = Convolution2D(
      name: "layer", inputChannels: 2, outputChannels: 4, kernel: 3, stride: Size2D(height: stride, width: stride),
      padding: padding)
    #expect(try layer.outputShape(for: [7, 5, 2]) == expected + [4])
    #expect(try network(layer, input: [7, 5, 2])(ramp([2, 7, 5, 2])).shape == [2] + expected + [4])
  }

  @Test(arguments: [[7, 5, 3], [7, 5], [5, 7, 5, 2], [0, 5, 2], [2, 5, 2], [5, 2, 2]])
  func `an input that does not fit is refused by name`(shape: [Int]) throws {
    let layer = Convolution2D(name: "layer", inputChannels: 2, outputChannels: 4, kernel: 3)
    let error = #expect(throws: NeuralNetworkError.self) { try layer.outputShape(for: shape) }
    guard case .layerInput(layer: "layer", _, actual: shape) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `packed weights stay while nothing changes and follow every change`() throws {
    let layer = Convolution2D(name: "scale", inputChannels: 1, outputChannels: 1, kernel: 1)
    let network = try network(layer, input: [1, 2, 1])
    let input = ramp([1, 1, 2, 1], from: 1)
    #expect(!layer.holdsPreparedWeights)
    layer.kernel.value = Tensor(shape: [1, 1, 1, 1], values: [2])
    #expect(try network(input).values == [2, 4])
    #expect(layer.holdsPreparedWeights)
    layer.kernel.update { $0[0] = 3 }
    #expect(try network(input).values == [3, 6])
    layer.bias?.update { $0[0] = 1 }
    #expect(try network(input).values == [4, 7])
    // The same layer under another input size.
    let wide = try self.network(layer, input: [1, 3, 1])
    #expect(try wide(ramp([1, 1, 3, 1])).values == [1, 4, 7])
    #expect(try network(input).values == [4, 7])
    network.releaseMemory()
    #expect(!layer.holdsPreparedWeights)
    #expect(try network(input).values == [4, 7])
  }

  @Test(arguments: [1, 3])
  func `a layer for single use gives the bits of one for repeated use, and keeps nothing`(batch: Int) throws {
    func layers(_ use: KernelUse) throws -> [any Layer] {
      let first = Convolution2D(
        name: "first", inputChannels: 3, outputChannels: 16, kernel: 3, padding: .same, activation: .relu,
        kernelUse: use)
      let second = Convolution2D(
        name: "second", inputChannels: 16, outputChannels: 24, kernel: 3, padding: .same, activation: .relu,
        kernelUse: use)
      var stream = RandomStream(seed: 4, 0)
      for layer in [first, second] { layer.initialize(.heNormal, stream: &stream) }
      return [first, second, MaxPooling2D(name: "pool", window: 2)]
    }
    let single = try Network(inputShape: [14, 10, 3], layers: layers(.single))
    let repeated = try Network(inputShape: [14, 10, 3], layers: layers(.repeated))
    let input = ramp([batch, 14, 10, 3])
    #expect(try single(input) == repeated(input))
    #expect(try single(input) == repeated(input), "a second run too")
    let convolutions = single.layers.compactMap { $0 as? Convolution2D }
    #expect(convolutions.map(\.holdsPreparedWeights) == [false, false])
    convolutions[1].kernel.update { $0[5] += 1 }
    #expect(try single(input) != repeated(input), "a changed kernel is used")
  }

  @Test func `a frozen kernel gets no gradient and its bias may still train`() throws {
    let layer = Convolution2D(name: "layer", inputChannels: 1, outputChannels: 2, kernel: 1)
    let network = try network(layer, input: [1, 2, 1])
    func train() throws {
      try network.trainingStep(input: ramp([1, 1, 2, 1]), seed: 0, step: 0) { ramp($0.shape, from: 1) }
    }
    layer.kernel.isTrainable = false
    try train()
    #expect(layer.kernel.gradient == nil)
    #expect(layer.bias?.gradient?.values == [4, 6])
    layer.kernel.isTrainable = true
    layer.bias?.isTrainable = false
    try train()
    #expect(layer.kernel.gradient?.values == [3, 4])
    #expect(layer.bias?.gradient == nil)
  }

  @Test func `initializing draws a kernel and clears the bias`() {
    let layer = Convolution2D(name: "layer", inputChannels: 3, outputChannels: 4, kernel: 3)
    layer.bias?.value = Tensor(shape: [4], repeating: 1)
    var stream = RandomStream(seed: 1)
    layer.initialize(.heUniform, stream: &stream)
    var again = RandomStream(seed: 1)
    let expected = Initializer.heUniform.tensor(shape: [3, 3, 3, 4], fanIn: 27, fanOut: 36, stream: &again)
    #expect(layer.kernel.value == expected)
    #expect(layer.bias?.value == Tensor(shape: [4]))
  }
}
