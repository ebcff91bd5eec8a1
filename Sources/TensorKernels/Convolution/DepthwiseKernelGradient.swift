/// The gradient of a depthwise convolution for its kernel and bias.
///
/// Pictures and blocks of their rows each have a sum of their own, and these are added in order: which sums
/// there are depends on the shape and the batch, so the bits are the same with one thread or many.
///
/// - Parameters:
///   - input: Shape: [batch, inputHeight, inputWidth, channels], Float32.
///   - outputGradient: Shape: [batch, outputHeight, outputWidth, channels], Float32.
///   - kernelGradient: Shape: [kernelHeight, kernelWidth, channels], Float32; overwritten.
///   - biasGradient: Shape: [channels], Float32; overwritten.
public func depthwiseKernelGradient(
  shape: DepthwiseShape, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  kernelGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?, batch: Int,
  pool: ThreadPool, path: KernelPath = .current
) {
  DepthwiseGradientRun(
    shape: shape, kernels: Kernels(path), input: input, outputGradient: outputGradient,
    kernelGradient: kernelGradient, batch: batch, pool: pool)()
  if let biasGradient {
    columnSums(
      rows: batch * shape.outputHeight * shape.outputWidth, columns: shape.channels, input: outputGradient,
      output: biasGradient, pool: pool)
  }
}

private struct DepthwiseGradientRun {
  let shape: DepthwiseShape
  let kernels: Kernels
  let input: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let kernelGradient: UnsafeMutablePointer<Float>
  let batch: Int
  let pool: ThreadPool

  /// Result rows of one sum.
  private static let rowBlock = 16
  /// Sums at most, about: more pictures share one.
  private static let sums = 64
  /// Columns of the kernel that are summed in registers together.
  private static let tapGroup = 7

  func callAsFunction() {
    let blocks = (shape.outputHeight + Self.rowBlock - 1) / Self.rowBlock
    let together = max(1, (batch * blocks + Self.sums - 1) / Self.sums)
    let groups = (batch + together - 1) / together
    let pieces = groups * blocks
    guard pieces > 0, shape.outputWidth > 0 else {
      kernelGradient.update(repeating: 0, count: shape.kernelCount)
      return
    }
    let chunks = ChannelChunks(shape.channels, weights: shape.kernelHeight * shape.kernelWidth)
    ScratchMemory.with(count: pieces * shape.kernelCount) { sums in
      pool.run(count: pieces * chunks.count) { index, _ in
        let piece = index / chunks.count
        let first = piece / blocks * together
        let start = piece % blocks * Self.rowBlock
        sum(
          pictures: first..<min(batch, first + together),
          rows: start..<min(shape.outputHeight, start + Self.rowBlock), chunks.channels(index % chunks.count),
          into: sums + piece * shape.kernelCount)
      }
      pool.run(count: shape.kernelHeight * shape.kernelWidth) { tap, _ in
        let target = kernelGradient + tap * shape.channels
        target.update(from: sums + tap * shape.channels, count: shape.channels)
        for piece in 1..<max(1, pieces) {
          let source = sums + piece * shape.kernelCount + tap * shape.channels
          for channel in 0..<shape.channels { target[channel] += source[channel] }
        }
      }
    }
  }

  private func sum(
    pictures: Range<Int>, rows: Range<Int>, _ channels: Range<Int>, into sum: UnsafeMutablePointer<Float>
  ) {
    for tap in 0..<shape.kernelHeight * shape.kernelWidth {
      (sum + tap * shape.channels + channels.lowerBound).update(repeating: 0, count: channels.count)
    }
    for picture in pictures {
      for row in rows {
        let given = outputGradient + picture * shape.outputCount + row * shape.outputWidth * shape.channels
        for i in 0..<shape.kernelHeight {
          let y = row * shape.strideHeight + i - shape.paddingTop
          guard y >= 0, y < shape.inputHeight else { continue }
          let source = input + (picture * shape.inputHeight + y) * shape.inputWidth * shape.channels
          let target = sum + i * shape.kernelWidth * shape.channels
          if channels.count >= Vector.scalarCount {
            addRow(source, given, channels, target)
          } else {
            addNarrowRow(source, given, channels, target)
          }
        }
      }
    }
  }

  private func addRow(
    _ source: UnsafePointer<Float>, _ given: UnsafePointer<Float>, _ channels: Range<Int>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    for tap in stride(from: 0, to: shape.kernelWidth, by: Self.tapGroup) {
      let start = tap - shape.paddingLeft
      kernels.depthwiseKernelGradient(
        source: source + start * shape.channels + channels.lowerBound, pixel: shape.channels, firstColumn: -start,
        endColumn: shape.inputWidth - start, kernelWidth: min(Self.tapGroup, shape.kernelWidth - tap),
        stride: shape.strideWidth, gradient: given + channels.lowerBound, results: shape.outputWidth,
        kernelGradient: target + tap * shape.channels + channels.lowerBound, channels: channels.count)
    }
  }

  private func addNarrowRow(
    _ source: UnsafePointer<Float>, _ given: UnsafePointer<Float>, _ channels: Range<Int>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    for tap in 0..<shape.kernelWidth {
      let columns = resultsSeeing(
        tap, padding: shape.paddingLeft, stride: shape.strideWidth, input: shape.inputWidth, results: shape.outputWidth)
      guard let first = columns.first else { continue }
      let x = first * shape.strideWidth + tap - shape.paddingLeft
      kernels.depthwiseTapGradient(
        source: source + x * shape.channels + channels.lowerBound, pixel: shape.channels, stride: shape.strideWidth,
        gradient: given + first * shape.channels + channels.lowerBound, results: columns.count,
        kernelGradient: target + tap * shape.channels + channels.lowerBound, lanes: channels.count)
    }
  }
}
