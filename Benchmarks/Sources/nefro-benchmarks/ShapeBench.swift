import TensorKernels

/// Measures layers and their limits.
struct ShapeBench {
  let pool: ThreadPool
  let batch: Int
  let repetitions: Int
  /// 10^9 operations a second of the micro-kernel on all threads.
  let peak: Double

  init(pool: ThreadPool, batch: Int, repetitions: Int) {
    self.pool = pool
    self.batch = batch
    self.repetitions = repetitions
    var rates: [Double] = []
    for _ in 0..<12 {
      let (duration, operations) = milliseconds { PeakRate.multiply(repetitions: 4_000, pool: pool) }
      rates.append(Double(operations) / duration / 1e6)
    }
    peak = rates.max()!
  }

  /// A layer, and its gradients if they are wanted. They start from the kernel as it is, as in training.
  func measure(
    _ shape: ConvolutionShape, _ layer: NetworkShapes.Layer, gradients: Bool
  ) -> [ShapesCommand.Row] {
    let kernel = Buffer(shape.kernelCount)
    let bias = Buffer(shape.outputChannels)
    let input = Buffer(batch * shape.inputCount)
    let output = Buffer(batch * shape.outputCount)
    let bytes = 4 * (input.count + output.count)
    func row(_ text: String, bytes: Int, _ body: () -> Void) -> ShapesCommand.Row {
      self.row(
        layer, text, operations: shape.operationCount, products: shape.productOperationCount, bytes: bytes, body)
    }
    func forward() -> ShapesCommand.Row {
      let prepared = PreparedConvolution(shape: shape, kernel: kernel.start, bias: bias.start, pool: pool)
      return row(layer.text, bytes: bytes + prepared.byteCount) {
        prepared.run(input: input.start, output: output.start, batch: batch, activation: .relu, pool: pool)
      }
    }
    guard gradients else { return [forward()] }
    return [
      forward(),
      row("input's gradient of " + layer.text, bytes: bytes + 4 * kernel.count) {
        convolutionInputGradient(
          shape: shape, kernel: kernel.start, outputGradient: output.start, inputGradient: input.start, batch: batch,
          pool: pool)
      },
      row("kernel's gradient of " + layer.text, bytes: bytes + 4 * kernel.count) {
        convolutionKernelGradient(
          shape: shape, input: input.start, outputGradient: output.start, kernelGradient: kernel.start,
          biasGradient: bias.start, batch: batch, pool: pool)
      },
    ]
  }

  /// A depthwise layer, and its gradients if they are wanted.
  func measure(_ layer: NetworkShapes.Layer, gradients: Bool) -> [ShapesCommand.Row] {
    let shape = layer.depthwise
    let kernel = Buffer(shape.kernelCount)
    let bias = Buffer(shape.channels)
    let input = Buffer(batch * shape.inputCount)
    let output = Buffer(batch * shape.outputCount)
    let bytes = 4 * (input.count + output.count + kernel.count)
    func row(_ text: String, _ body: () -> Void) -> ShapesCommand.Row {
      self.row(
        layer, text, operations: shape.operationCount, products: shape.operationCount, bytes: bytes, body)
    }
    var rows = [
      row(layer.text) {
        depthwiseConvolution(
          shape: shape, kernel: kernel.start, bias: bias.start, input: input.start, output: output.start, batch: batch,
          activation: .relu, pool: pool)
      }
    ]
    guard gradients else { return rows }
    rows.append(
      row("input's gradient of " + layer.text) {
        depthwiseInputGradient(
          shape: shape, kernel: kernel.start, outputGradient: output.start, inputGradient: input.start, batch: batch,
          pool: pool)
      })
    rows.append(
      row("kernel's gradient of " + layer.text) {
        depthwiseKernelGradient(
          shape: shape, input: input.start, outputGradient: output.start, kernelGradient: kernel.start,
          biasGradient: bias.start, batch: batch, pool: pool)
      })
    return rows
  }

  /// - Parameters:
  ///   - operations: of a direct convolution of one picture.
  ///   - products: that the chosen algorithm does.
  ///   - bytes: that the layer reads and writes at least.
  private func row(
    _ layer: NetworkShapes.Layer, _ text: String, operations: Int, products: Int, bytes: Int, _ body: () -> Void
  ) -> ShapesCommand.Row {
    let duration = nefro_benchmarks.measure(repetitions: repetitions, warmUps: 3) { body() }
    let arithmetic = Double(batch * products) / peak / 1e6
    let memory = copying(bytes)
    return ShapesCommand.Row(
      network: layer.network, layer: text, kind: text == layer.text ? layer.kind : "gradients, \(layer.kind)",
      duration: duration,
      gigaflops: Double(batch * operations) / duration.median / 1e6,
      share: max(arithmetic, memory) / duration.median,
      limit: memory > arithmetic ? "memory" : products < operations ? "products (Winograd)" : "products")
  }

  /// Milliseconds to read half of `bytes` and write the other half, on all threads.
  private func copying(_ bytes: Int) -> Double {
    let count = max(bytes / 8, 1)
    let source = Buffer(count)
    let target = Buffer(count)
    let pieces = min(count, 4 * pool.threadCount)
    return nefro_benchmarks.measure(repetitions: repetitions, warmUps: 3) {
      pool.run(count: pieces) { piece, _ in
        let first = piece * count / pieces
        (target.start + first).update(from: source.start + first, count: (piece + 1) * count / pieces - first)
      }
    }.median
  }

  /// Numbers of a network's size, so that nothing is subnormal.
  private final class Buffer {
    let start: UnsafeMutablePointer<Float>
    let count: Int

    init(_ count: Int) {
      self.count = count
      start = .allocate(capacity: count)
      for index in 0..<count { start[index] = Float(index % 31) / 31 - 0.4 }
    }

    deinit { start.deallocate() }
  }
}
