import TensorKernels
import TestSupport
import Testing

struct DepthwiseTests {
  @Test(arguments: DepthwiseCase.all, KernelPath.supported)
  func `a depthwise convolution agrees with its definition in double precision`(_ row: DepthwiseCase, path: KernelPath) {
    let shape = row.shape
    let input = GuardedFloats(count: row.batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let bias = GuardedFloats(count: shape.channels, seed: 3)
    let naive = NaiveDepthwise(shape: shape, batch: row.batch)
    for (bias, activation) in [(bias, Activation.relu), (nil, .none)] {
      let output = GuardedFloats(count: row.batch * shape.outputCount)
      depthwiseConvolution(
        shape: shape, kernel: kernel.pointer, bias: bias?.pointer, input: input.pointer, output: output.pointer,
        batch: row.batch, activation: activation, pool: fiveThreads, path: path)
      let expected = naive.forward(input, kernel, bias: bias, relu: activation == .relu)
      #expect(relativeError(output.values.map(Double.init), expected) < 1e-5)
    }
  }

  @Test(arguments: DepthwiseCase.all, KernelPath.supported)
  func `the gradients agree with their definitions`(_ row: DepthwiseCase, path: KernelPath) {
    let shape = row.shape
    let input = GuardedFloats(count: row.batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let given = GuardedFloats(count: row.batch * shape.outputCount, seed: 3)
    let found = gradients(row, input, kernel, given, batch: row.batch, fiveThreads, path)
    let naive = NaiveDepthwise(shape: shape, batch: row.batch)
    #expect(relativeError(found[0].map(Double.init), naive.inputGradient(kernel, given)) < 1e-5)
    #expect(relativeError(found[1].map(Double.init), naive.kernelGradient(input, given)) < 1e-5)
    #expect(relativeError(found[2].map(Double.init), naive.biasGradient(given)) < 1e-5)
  }

  @Test(arguments: KernelPath.supported)
  func `a ramp is summed by a kernel of ones, each channel for itself`(path: KernelPath) {
    // Channel c of pixel (y, x) is (4 y + x) (c + 1).
    let shape = DepthwiseShape.same(4, 4, 8, (3, 3), (1, 1))
    let ramp: [Int] = (0..<128).map { $0 / 8 * ($0 % 8 + 1) }
    let input = GuardedFloats(ramp.map { Float($0) })
    let kernel = GuardedFloats(count: shape.kernelCount, repeating: 1)
    let output = GuardedFloats(count: shape.outputCount)
    depthwiseConvolution(
      shape: shape, kernel: kernel.pointer, bias: nil, input: input.pointer, output: output.pointer, batch: 1,
      activation: .none, pool: singleThread, path: path)
    let sums: [Int] = [10, 18, 24, 18, 27, 45, 54, 39, 51, 81, 90, 63, 42, 66, 72, 50]
    let expected: [Int] = (0..<128).map { sums[$0 / 8] * ($0 % 8 + 1) }
    #expect(output.values == expected.map { Float($0) })
  }

  @Test(arguments: DepthwiseCase.all, KernelPath.supported)
  func `bits depend on neither threads nor the place in a batch`(_ row: DepthwiseCase, path: KernelPath) {
    let shape = row.shape
    let batch = 16
    let input = GuardedFloats(count: batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let bias = GuardedFloats(count: shape.channels, seed: 3)
    func run(_ first: Int, _ count: Int, _ pool: ThreadPool) -> [Float] {
      let output = GuardedFloats(count: count * shape.outputCount)
      depthwiseConvolution(
        shape: shape, kernel: kernel.pointer, bias: bias.pointer, input: input.pointer + first * shape.inputCount,
        output: output.pointer, batch: count, activation: .none, pool: pool, path: path)
      return output.values
    }
    let together = run(0, batch, fiveThreads)
    #expect(run(0, batch, singleThread) == together)
    #expect((0..<batch).flatMap { run($0, 1, $0 % 2 == 0 ? singleThread : fiveThreads) } == together)
    #expect(run(0, 5, fiveThreads) + run(5, 11, fiveThreads) == together)

    let given = GuardedFloats(count: batch * shape.outputCount, seed: 4)
    #expect(
      gradients(row, input, kernel, given, batch: batch, singleThread, path)
        == gradients(row, input, kernel, given, batch: batch, fiveThreads, path))
  }

  @Test(.enabled(if: KernelPath.avx512.isSupported, "NOT TESTED: no AVX-512 here"), arguments: DepthwiseCase.all)
  func `AVX-512 and AVX2 give the same bits`(_ row: DepthwiseCase) {
    let shape = row.shape
    let input = GuardedFloats(count: row.batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let bias = GuardedFloats(count: shape.channels, seed: 3)
    let given = GuardedFloats(count: row.batch * shape.outputCount, seed: 4)
    func results(_ path: KernelPath) -> [[Float]] {
      let output = GuardedFloats(count: row.batch * shape.outputCount)
      depthwiseConvolution(
        shape: shape, kernel: kernel.pointer, bias: bias.pointer, input: input.pointer, output: output.pointer,
        batch: row.batch, activation: .relu, pool: fiveThreads, path: path)
      return [output.values] + gradients(row, input, kernel, given, batch: row.batch, fiveThreads, path)
    }
    #expect(results(.avx512) == results(.avx2))
  }

  @Test(arguments: KernelPath.supported)
  func `what is not a number stays so, and only where it is seen`(path: KernelPath) {
    let shape = DepthwiseShape.same(4, 12, 16, (3, 3), (1, 1))
    let input = GuardedFloats(count: shape.inputCount, repeating: 1)
    input.pointer[3] = .nan
    let kernel = GuardedFloats(count: shape.kernelCount, repeating: -1)
    let output = GuardedFloats(count: shape.outputCount, repeating: 5)
    depthwiseConvolution(
      shape: shape, kernel: kernel.pointer, bias: nil, input: input.pointer, output: output.pointer, batch: 1,
      activation: .relu, pool: singleThread, path: path)
    let broken = output.values.indices.filter { output.pointer[$0].isNaN }
    #expect(broken == [3, 19, 12 * 16 + 3, 13 * 16 + 3])
    #expect(output.values.filter { !$0.isNaN }.allSatisfy { $0 == 0 })
  }

  @Test func `without pictures the kernel's gradient is zero`() {
    let shape = DepthwiseShape.same(4, 4, 16, (3, 3), (1, 1))
    let row = DepthwiseCase("none", shape)
    let nothing = GuardedFloats(count: 0)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 1)
    let found = gradients(row, nothing, kernel, nothing, batch: 0, singleThread, .current)
    #expect(found[1].allSatisfy { $0 == 0 })
    #expect(found[2].allSatisfy { $0 == 0 })
  }

  /// For input, kernel and bias.
  private func gradients(
    _ row: DepthwiseCase, _ input: GuardedFloats, _ kernel: GuardedFloats, _ given: GuardedFloats, batch: Int,
    _ pool: ThreadPool, _ path: KernelPath
  ) -> [[Float]] {
    let shape = row.shape
    let inputGradient = GuardedFloats(count: batch * shape.inputCount)
    let kernelGradient = GuardedFloats(count: shape.kernelCount)
    let biasGradient = GuardedFloats(count: shape.channels)
    depthwiseInputGradient(
      shape: shape, kernel: kernel.pointer, outputGradient: given.pointer, inputGradient: inputGradient.pointer,
      batch: batch, pool: pool, path: path)
    depthwiseKernelGradient(
      shape: shape, input: input.pointer, outputGradient: given.pointer, kernelGradient: kernelGradient.pointer,
      biasGradient: biasGradient.pointer, batch: batch, pool: pool, path: path)
    return [inputGradient.values, kernelGradient.values, biasGradient.values]
  }
}
