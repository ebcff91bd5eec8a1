import TensorKernels
import Testing

/// A kernel that is used once gives the bits of a prepared one, and of any batch and number of threads.
struct SingleUseConvolutionTests {
  private struct Operands {
    let shape: ConvolutionShape
    let input: GuardedFloats
    let kernel: GuardedFloats
    let bias: GuardedFloats

    init(_ shape: ConvolutionShape, batch: Int) {
      self.shape = shape
      input = GuardedFloats(count: batch * shape.inputCount, seed: 1)
      kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
      bias = GuardedFloats(count: shape.outputChannels, seed: 3)
    }

    /// Elements of one result.
    func outputCount(pooled: Bool) -> Int {
      pooled ? shape.outputHeight / 2 * (shape.outputWidth / 2) * shape.outputChannels : shape.outputCount
    }

    func prepared(_ batch: Int, pooled: Bool, _ activation: Activation, path: KernelPath) -> [Float] {
      let output = GuardedFloats(count: batch * outputCount(pooled: pooled))
      let convolution = PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: bias.pointer, path: path)
      let run = pooled ? convolution.runWithMaxPooling : convolution.run
      run(input.pointer, output.pointer, batch, activation, fiveThreads)
      return output.values
    }

    func once(
      _ pictures: Range<Int>, pooled: Bool, _ activation: Activation, pool: ThreadPool, path: KernelPath
    ) -> [Float] {
      let output = GuardedFloats(count: pictures.count * outputCount(pooled: pooled))
      let run = pooled ? convolutionWithMaxPooling : convolution
      run(
        shape, kernel.pointer, bias.pointer, input.pointer + pictures.lowerBound * shape.inputCount, output.pointer,
        pictures.count, activation, pool, path)
      return output.values
    }
  }

  @Test(arguments: ConvolutionCase.all, KernelPath.supported)
  func `a kernel used once gives the bits of a prepared one`(_ row: ConvolutionCase, path: KernelPath) {
    let operands = Operands(row.shape, batch: row.batch)
    let all = 0..<row.batch
    for pooled in [false, true] {
      for activation in [Activation.none, .relu] {
        let expected = operands.prepared(row.batch, pooled: pooled, activation, path: path)
        for pool in [singleThread, fiveThreads] {
          #expect(operands.once(all, pooled: pooled, activation, pool: pool, path: path) == expected)
        }
        let alone = all.flatMap {
          operands.once($0..<$0 + 1, pooled: pooled, activation, pool: fiveThreads, path: path)
        }
        #expect(alone == expected)
      }
    }
  }

  /// Two pictures, and one: their tiles fit into the shared cache in the late layers and not in the early ones.
  @Test(arguments: ConvolutionCase.vgg16, KernelPath.supported)
  func `in each layer of VGG-16 a kernel used once gives the bits of a prepared one`(_ row: ConvolutionCase, path: KernelPath) {
    let operands = Operands(row.shape, batch: 2)
    for pooled in [false, true] {
      let expected = operands.prepared(2, pooled: pooled, .relu, path: path)
      #expect(operands.once(0..<2, pooled: pooled, .relu, pool: fiveThreads, path: path) == expected)
      let first = operands.once(0..<1, pooled: pooled, .relu, pool: fiveThreads, path: path)
      let second = operands.once(1..<2, pooled: pooled, .relu, pool: singleThread, path: path)
      #expect(first + second == expected)
    }
  }

  @Test func `without a bias nothing is added`() {
    let shape = ConvolutionShape.same3x3(14, 14, 32, 40)
    let operands = Operands(shape, batch: 1)
    operands.bias.pointer.update(repeating: 0, count: operands.bias.count)
    let output = GuardedFloats(count: shape.outputCount)
    convolution(
      shape: shape, kernel: operands.kernel.pointer, bias: nil, input: operands.input.pointer, output: output.pointer,
      batch: 1, activation: .none, pool: fiveThreads)
    #expect(output.values == operands.prepared(1, pooled: false, .none, path: .current))
  }
}
