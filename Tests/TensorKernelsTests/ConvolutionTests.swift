import RandomStreams
import TensorKernels
import TestSupport
import Testing

struct ConvolutionTests {
  @Test(arguments: ConvolutionCase.all, KernelPath.supported)
  func `a convolution agrees with its definition in double precision`(_ row: ConvolutionCase, path: KernelPath) {
    let shape = row.shape
    let input = GuardedFloats(count: row.batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let bias = GuardedFloats(count: shape.outputChannels, seed: 3)
    let naive = NaiveConvolution(shape: shape, batch: row.batch)
    let biased = PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: bias.pointer, path: path)
    let unbiased = PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: nil, path: path)

    let rectified = GuardedFloats(count: row.batch * shape.outputCount)
    biased.run(
      input: input.pointer, output: rectified.pointer, batch: row.batch, activation: .relu, pool: fiveThreads)
    #expect(
      relativeError(rectified.values.map(Double.init), naive.forward(input, kernel, bias: bias, relu: true)) < 1e-5)

    let plain = GuardedFloats(count: row.batch * shape.outputCount)
    unbiased.run(input: input.pointer, output: plain.pointer, batch: row.batch, activation: .none, pool: fiveThreads)
    #expect(relativeError(plain.values.map(Double.init), naive.forward(input, kernel, bias: nil, relu: false)) < 1e-5)
  }

  @Test(arguments: KernelPath.supported)
  func `a ramp is summed by a kernel of ones`(path: KernelPath) {
    // Input pixel (y, x) is 4 y + x; a 3x3 window of ones gives nine times its centre inside the picture.
    let shape = ConvolutionShape.same3x3(4, 4, 1, 1)
    let input = GuardedFloats((0..<16).map(Float.init))
    let kernel = GuardedFloats(count: 9, repeating: 1)
    let output = GuardedFloats(count: 16)
    PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: nil, path: path)
      .run(input: input.pointer, output: output.pointer, batch: 1, activation: .none, pool: singleThread)
    #expect(
      output.values == [
        10, 18, 24, 18,
        27, 45, 54, 39,
        51, 81, 90, 63,
        42, 66, 72, 50,
      ])
  }

  @Test(arguments: KernelPath.supported)
  func `Winograd moves a ramp by one pixel`(path: KernelPath) {
    // The kernel's only tap is one to the left of the centre, from each channel to the same channel.
    let shape = ConvolutionShape.same3x3(6, 6, 16, 16)
    let kernel = GuardedFloats(count: 9 * 256, repeating: 0)
    for channel in 0..<16 { kernel.pointer[3 * 256 + channel * 17] = 1 }
    let input = GuardedFloats((0..<36 * 16).map(Float.init))
    let output = GuardedFloats(count: 36 * 16)
    PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: nil, path: path)
      .run(input: input.pointer, output: output.pointer, batch: 1, activation: .none, pool: singleThread)
    let expected = (0..<36 * 16).map { index -> Float in
      let column = index / 16 % 6
      return column == 0 ? 0 : Float(index - 16)
    }
    #expect(relativeError(output.values, expected) < 1e-6)
  }

  /// 36 multiplications for a tile of 4x4 results or 64 for one of 6x6, whose kernels must be small.
  @Test(arguments: [
    (224, 64, 64, 92_416), (112, 64, 128, 23_104), (112, 128, 128, 23_104), (56, 128, 256, 7_056),
    (28, 512, 512, 1_764), (14, 512, 512, 576), (12, 16, 16, 324),
  ])
  func `the size of Winograd's tiles follows from the shape`(_ size: Int, _ inputs: Int, _ outputs: Int, _ count: Int) {
    let shape = ConvolutionShape.same3x3(size, size, inputs, outputs)
    #expect(shape.productOperationCount == 2 * count * inputs * outputs)
  }

  @Test(arguments: KernelPath.supported)
  func `Winograd on large tiles moves a ramp by one pixel`(path: KernelPath) {
    let shape = ConvolutionShape.same3x3(36, 36, 16, 16)
    let kernel = GuardedFloats(count: 9 * 256, repeating: 0)
    for channel in 0..<16 { kernel.pointer[3 * 256 + channel * 17] = 1 }
    let count = 36 * 36 * 16
    let input = GuardedFloats((0..<count).map(Float.init))
    let output = GuardedFloats(count: count)
    PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: nil, path: path)
      .run(input: input.pointer, output: output.pointer, batch: 1, activation: .none, pool: singleThread)
    let expected = (0..<count).map { index -> Float in
      let column = index / 16 % 36
      return column == 0 ? 0 : Float(index - 16)
    }
    #expect(relativeError(output.values, expected) < 2e-6)
  }

  /// The thirteen layers of VGG-16 at 224 x 224, each at elements drawn over the whole result.
  @Test(arguments: KernelPath.supported)
  func `each layer of VGG-16 is within 1e-5 of double precision`(path: KernelPath) {
    let layers = [
      (224, 3, 64), (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 128, 256), (56, 256, 256), (28, 256, 512),
      (28, 512, 512), (14, 512, 512),
    ]
    for (size, inputs, outputs) in layers {
      let shape = ConvolutionShape.same3x3(size, size, inputs, outputs)
      let naive = NaiveConvolution(shape: shape, batch: 1)
      // As after a ReLU, with a kernel of He's scale.
      let input = GuardedFloats(count: shape.inputCount, seed: 4, in: 0..<1)
      let scale = (6 / Double(9 * inputs)).squareRoot()
      let kernel = GuardedFloats(count: shape.kernelCount, seed: 5, in: -scale..<scale)
      let bias = GuardedFloats(count: outputs, seed: 6)
      let output = GuardedFloats(count: shape.outputCount)
      PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: bias.pointer, path: path)
        .run(input: input.pointer, output: output.pointer, batch: 1, activation: .none, pool: .shared)
      var stream = RandomStream(seed: 7)
      var actual: [Double] = []
      var expected: [Double] = []
      for _ in 0..<500 {
        let (y, x, k) = (stream.index(below: size), stream.index(below: size), stream.index(below: outputs))
        actual.append(Double(output.pointer[(y * size + x) * outputs + k]))
        expected.append(naive.element(input, kernel, bias: bias, n: 0, oy: y, ox: x, k: k))
      }
      #expect(relativeError(actual, expected) < 1e-5, "\(size) x \(size), \(inputs) to \(outputs)")
    }
  }

  @Test(arguments: ConvolutionCase.all)
  func `pooling in the same pass gives the bits of pooling afterwards`(_ row: ConvolutionCase) {
    let shape = row.shape
    let pooling = PoolingShape(
      inputHeight: shape.outputHeight, inputWidth: shape.outputWidth, channels: shape.outputChannels, windowHeight: 2,
      windowWidth: 2, strideHeight: 2, strideWidth: 2)
    let input = GuardedFloats(count: row.batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let bias = GuardedFloats(count: shape.outputChannels, seed: 3)
    for path in KernelPath.supported {
      let convolution = PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: bias.pointer, path: path)
      let whole = GuardedFloats(count: row.batch * shape.outputCount)
      let afterwards = GuardedFloats(count: row.batch * pooling.outputCount)
      let together = GuardedFloats(count: row.batch * pooling.outputCount)
      convolution.run(
        input: input.pointer, output: whole.pointer, batch: row.batch, activation: .relu, pool: fiveThreads)
      maxPool(
        shape: pooling, input: whole.pointer, output: afterwards.pointer, batch: row.batch, pool: fiveThreads)
      convolution.runWithMaxPooling(
        input: input.pointer, output: together.pointer, batch: row.batch, activation: .relu, pool: fiveThreads)
      #expect(together.values == afterwards.values)
    }
  }

  @Test func `what is not a number stays so through bias and ReLU`() {
    for shape in [ConvolutionShape.same3x3(8, 8, 16, 16), .same3x3(4, 4, 2, 2)] {
      let input = GuardedFloats(count: shape.inputCount, repeating: 1)
      input.pointer[0] = .nan
      let kernel = GuardedFloats(count: shape.kernelCount, repeating: 1)
      let output = GuardedFloats(count: shape.outputCount, repeating: 0)
      PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: nil)
        .run(input: input.pointer, output: output.pointer, batch: 1, activation: .relu, pool: singleThread)
      #expect(output.pointer[0].isNaN)
    }
  }

  @Test func `an output size is the number of places that the kernel fits`() {
    let shape = ConvolutionShape(
      height: 224, width: 7, inputs: 3, outputs: 64, kernel: (7, 7), stride: (2, 2), padding: (3, 0, 3, 0))
    #expect(shape.outputHeight == 112)
    #expect(shape.outputWidth == 1)
    #expect(shape.outputCount == 112 * 64)
    let tooSmall = ConvolutionShape(height: 2, width: 9, inputs: 1, outputs: 1, kernel: (3, 3))
    #expect(tooSmall.outputHeight == 0)
  }
}
