import RandomStreams
import TensorKernels
import TestSupport
import Testing

struct ConvolutionGradientTests {
  @Test(arguments: ConvolutionCase.all, KernelPath.supported)
  func `the input's gradient agrees with its definition`(_ row: ConvolutionCase, path: KernelPath) {
    let shape = row.shape
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let outputGradient = GuardedFloats(count: row.batch * shape.outputCount, seed: 3)
    let inputGradient = GuardedFloats(count: row.batch * shape.inputCount)
    convolutionInputGradient(
      shape: shape, kernel: kernel.pointer, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, batch: row.batch, pool: fiveThreads, path: path)
    let expected = NaiveConvolution(shape: shape, batch: row.batch).inputGradient(kernel, outputGradient)
    #expect(relativeError(inputGradient.values.map(Double.init), expected) < 1e-5)
  }

  @Test(arguments: ConvolutionCase.all, KernelPath.supported)
  func `the gradients of kernel and bias agree with their definition`(_ row: ConvolutionCase, path: KernelPath) {
    let shape = row.shape
    let input = GuardedFloats(count: row.batch * shape.inputCount, seed: 1)
    let outputGradient = GuardedFloats(count: row.batch * shape.outputCount, seed: 3)
    let kernelGradient = GuardedFloats(count: shape.kernelCount)
    let biasGradient = GuardedFloats(count: shape.outputChannels)
    convolutionKernelGradient(
      shape: shape, input: input.pointer, outputGradient: outputGradient.pointer,
      kernelGradient: kernelGradient.pointer, biasGradient: biasGradient.pointer, batch: row.batch, pool: fiveThreads,
      path: path)
    let naive = NaiveConvolution(shape: shape, batch: row.batch)
    #expect(
      relativeError(kernelGradient.values.map(Double.init), naive.kernelGradient(input, outputGradient)) < 1e-5)
    #expect(relativeError(biasGradient.values.map(Double.init), naive.biasGradient(outputGradient)) < 1e-5)
  }

  /// A step along one kernel element and one input element changes sum(output * weights) by what the
  /// gradients say; the convolution is linear, so the difference has no second-order part.
  @Test(arguments: [ConvolutionShape.same3x3(9, 8, 16, 16), .same3x3(6, 5, 3, 4)])
  func `gradients agree with finite differences`(_ shape: ConvolutionShape) {
    let input = GuardedFloats(count: shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let weights = GuardedFloats(count: shape.outputCount, seed: 3)
    func value() -> Double {
      let output = GuardedFloats(count: shape.outputCount)
      convolution(
        shape: shape, kernel: kernel.pointer, bias: nil, input: input.pointer, output: output.pointer, batch: 1,
        activation: .none, pool: singleThread)
      return zip(output.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    func slope(_ floats: GuardedFloats, _ index: Int) -> Double {
      let old = floats.pointer[index]
      defer { floats.pointer[index] = old }
      floats.pointer[index] = old + 0.5
      let upper = value()
      floats.pointer[index] = old - 0.5
      return upper - value()
    }
    let inputGradient = GuardedFloats(count: shape.inputCount)
    let kernelGradient = GuardedFloats(count: shape.kernelCount)
    convolutionInputGradient(
      shape: shape, kernel: kernel.pointer, outputGradient: weights.pointer, inputGradient: inputGradient.pointer,
      batch: 1, pool: singleThread)
    convolutionKernelGradient(
      shape: shape, input: input.pointer, outputGradient: weights.pointer, kernelGradient: kernelGradient.pointer,
      biasGradient: nil, batch: 1, pool: singleThread)
    let inputPlaces = Array(stride(from: 0, to: shape.inputCount, by: 37))
    let kernelPlaces = Array(stride(from: 0, to: shape.kernelCount, by: 41))
    #expect(
      relativeError(
        inputPlaces.map { Double(inputGradient.pointer[$0]) }, inputPlaces.map { slope(input, $0) }) < 1e-3)
    #expect(
      relativeError(
        kernelPlaces.map { Double(kernelGradient.pointer[$0]) }, kernelPlaces.map { slope(kernel, $0) }) < 1e-3)
  }

  /// Elements drawn over the whole gradients.
  @Test(arguments: ConvolutionCase.vgg16, KernelPath.supported)
  func `gradients of each layer of VGG-16 are within 1e-5 of double precision`(
    _ row: ConvolutionCase, path: KernelPath
  ) {
    let shape = row.shape
    // Sums over pictures, where they are small.
    let batch = shape.inputHeight > 14 ? 1 : 3
    let naive = NaiveConvolution(shape: shape, batch: batch)
    let input = GuardedFloats(count: batch * shape.inputCount, seed: 1, in: 0..<1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let outputGradient = GuardedFloats(count: batch * shape.outputCount, seed: 3)
    let inputGradient = GuardedFloats(count: batch * shape.inputCount)
    let kernelGradient = GuardedFloats(count: shape.kernelCount)
    convolutionInputGradient(
      shape: shape, kernel: kernel.pointer, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, batch: batch, pool: .shared, path: path)
    convolutionKernelGradient(
      shape: shape, input: input.pointer, outputGradient: outputGradient.pointer,
      kernelGradient: kernelGradient.pointer, biasGradient: nil, batch: batch, pool: .shared, path: path)
    var stream = RandomStream(seed: 4)
    let inputPlaces = (0..<300).map { _ in stream.index(below: batch * shape.inputCount) }
    let kernelPlaces = (0..<30).map { _ in stream.index(below: shape.kernelCount) }
    #expect(
      relativeError(
        inputPlaces.map { Double(inputGradient.pointer[$0]) },
        inputPlaces.map { naive.inputGradientElement(kernel, outputGradient, at: $0) }) < 1e-5, "input")
    #expect(
      relativeError(
        kernelPlaces.map { Double(kernelGradient.pointer[$0]) },
        kernelPlaces.map { naive.kernelGradientElement(input, outputGradient, at: $0) }) < 1e-5, "kernel")
  }

  @Test func `an empty batch has a gradient of zero`() {
    let shape = ConvolutionShape.same3x3(4, 4, 16, 16)
    let nothing = GuardedFloats(count: 1)
    let kernelGradient = GuardedFloats(count: shape.kernelCount)
    let biasGradient = GuardedFloats(count: shape.outputChannels)
    convolutionKernelGradient(
      shape: shape, input: nothing.pointer, outputGradient: nothing.pointer, kernelGradient: kernelGradient.pointer,
      biasGradient: biasGradient.pointer, batch: 0, pool: fiveThreads)
    #expect(kernelGradient.values.allSatisfy { $0 == 0 })
    #expect(biasGradient.values.allSatisfy { $0 == 0 })
  }
}
