import TensorKernels
import Testing

/// A picture gets the same bits alone, at any place in a batch, with one thread or many.
struct ExactnessTests {
  /// Beside the table: shapes where threads work on their own blocks of tiles, and where they share one.
  static let rows =
    ConvolutionCase.all + [
      ConvolutionCase("own blocks", .same3x3(56, 56, 32, 32)),
      ConvolutionCase("shared blocks", .same3x3(14, 14, 256, 256)),
    ]

  @Test(arguments: rows, KernelPath.supported)
  func `a convolution's bits depend on neither threads nor the place in a batch`(
    _ row: ConvolutionCase, path: KernelPath
  ) {
    let shape = row.shape
    let batch = 16
    let input = GuardedFloats(count: batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let bias = GuardedFloats(count: shape.outputChannels, seed: 3)
    let prepared = PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: bias.pointer, path: path)
    func run(_ first: Int, _ count: Int, _ pool: ThreadPool) -> [Float] {
      let output = GuardedFloats(count: count * shape.outputCount)
      prepared.run(
        input: input.pointer + first * shape.inputCount, output: output.pointer, batch: count, activation: .none,
        pool: pool)
      return output.values
    }
    let together = run(0, batch, fiveThreads)
    #expect(run(0, batch, singleThread) == together)
    let alone = (0..<batch).flatMap { run($0, 1, $0 % 2 == 0 ? singleThread : fiveThreads) }
    #expect(alone == together)
    #expect(run(0, 5, fiveThreads) + run(5, 11, fiveThreads) == together)
  }

  @Test(arguments: rows, KernelPath.supported)
  func `gradients have the same bits with one thread and with many`(_ row: ConvolutionCase, path: KernelPath) {
    let shape = row.shape
    let batch = row.batch + 1
    let input = GuardedFloats(count: batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let given = GuardedFloats(count: batch * shape.outputCount, seed: 3)
    func gradients(_ pool: ThreadPool) -> [[Float]] {
      let inputGradient = GuardedFloats(count: batch * shape.inputCount)
      let kernelGradient = GuardedFloats(count: shape.kernelCount)
      let biasGradient = GuardedFloats(count: shape.outputChannels)
      convolutionInputGradient(
        shape: shape, kernel: kernel.pointer, outputGradient: given.pointer, inputGradient: inputGradient.pointer,
        batch: batch, pool: pool, path: path)
      convolutionKernelGradient(
        shape: shape, input: input.pointer, outputGradient: given.pointer, kernelGradient: kernelGradient.pointer,
        biasGradient: biasGradient.pointer, batch: batch, pool: pool, path: path)
      return [inputGradient.values, kernelGradient.values, biasGradient.values]
    }
    #expect(gradients(singleThread) == gradients(fiveThreads))
  }

  /// Both fuse, and only the portable build does not: what one processor trained or stored, the other computes too.
  @Test(
    .enabled(if: KernelPath.avx512.isSupported, "SKIPPED, this processor cannot run the avx512 kernels"),
    arguments: rows)
  func `the builds for AVX2 and AVX-512 give the same bits`(_ row: ConvolutionCase) {
    let shape = row.shape
    let input = GuardedFloats(count: row.batch * shape.inputCount, seed: 1)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let bias = GuardedFloats(count: shape.outputChannels, seed: 3)
    let given = GuardedFloats(count: row.batch * shape.outputCount, seed: 4)
    func run(_ path: KernelPath) -> [[Float]] {
      let output = GuardedFloats(count: row.batch * shape.outputCount)
      let inputGradient = GuardedFloats(count: row.batch * shape.inputCount)
      let kernelGradient = GuardedFloats(count: shape.kernelCount)
      PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: bias.pointer, path: path)
        .run(input: input.pointer, output: output.pointer, batch: row.batch, activation: .relu, pool: fiveThreads)
      convolutionInputGradient(
        shape: shape, kernel: kernel.pointer, outputGradient: given.pointer, inputGradient: inputGradient.pointer,
        batch: row.batch, pool: fiveThreads, path: path)
      convolutionKernelGradient(
        shape: shape, input: input.pointer, outputGradient: given.pointer, kernelGradient: kernelGradient.pointer,
        biasGradient: nil, batch: row.batch, pool: fiveThreads, path: path)
      return [output.values, inputGradient.values, kernelGradient.values]
    }
    #expect(run(.avx512) == run(.avx2))
  }

  @Test(arguments: KernelPath.supported)
  func `a row of a matrix product does not depend on the other rows or on threads`(path: KernelPath) {
    let (m, n, k) = (130, 70, 600)
    let a = GuardedFloats(count: m * k, seed: 1)
    let b = GuardedFloats(count: k * n, seed: 2)
    func product(_ first: Int, _ rows: Int, _ pool: ThreadPool) -> [Float] {
      let c = GuardedFloats(count: rows * n)
      matrixProduct(
        rows: rows, columns: n, inner: k, a: a.pointer + first * k, aRowStride: k, aTransposed: false, b: b.pointer,
        bRowStride: n, bTransposed: false, c: c.pointer, cRowStride: n, accumulate: false, pool: pool, path: path)
      return c.values
    }
    let together = product(0, m, fiveThreads)
    #expect(product(0, m, singleThread) == together)
    #expect((0..<m).flatMap { product($0, 1, fiveThreads) } == together)
  }
}
