/// Convolves each channel with a kernel of its own.
///
/// Nothing is prepared or packed: the kernel is read as it is given. A picture gets the same bits alone, at
/// any place in a batch, with one thread or many.
///
/// - Parameters:
///   - kernel: Shape: [kernelHeight, kernelWidth, channels], Float32.
///   - bias: Shape: [channels], Float32. None is zero.
///   - input: Shape: [batch, inputHeight, inputWidth, channels], Float32.
///   - output: Shape: [batch, outputHeight, outputWidth, channels], Float32; overwritten. Must not overlap `input`.
///   - activation: Applied to each result after the bias.
///   - path: Which build of the kernels computes; one this processor lacks becomes the portable one.
public func depthwiseConvolution(
  shape: DepthwiseShape, kernel: UnsafePointer<Float>, bias: UnsafePointer<Float>?, input: UnsafePointer<Float>,
  output: UnsafeMutablePointer<Float>, batch: Int, activation: Activation, pool: ThreadPool,
  path: KernelPath = .current
) {
  let placement = DepthwisePlacement(
    inputHeight: shape.inputHeight, inputWidth: shape.inputWidth, channels: shape.channels,
    kernelHeight: shape.kernelHeight, kernelWidth: shape.kernelWidth, strideHeight: shape.strideHeight,
    strideWidth: shape.strideWidth, top: shape.paddingTop, left: shape.paddingLeft, resultRows: shape.outputHeight,
    resultColumns: shape.outputWidth, outputPicture: shape.outputCount,
    outputRow: shape.outputWidth * shape.channels, outputPixel: shape.channels)
  DepthwiseRun(
    placement: placement, kernels: Kernels(path), kernel: kernel, bias: bias, input: input, output: output,
    batch: batch, relu: activation == .relu, pool: pool)()
}

/// The gradient of a depthwise convolution for its input.
///
/// The pixels whose row and column leave the same remainders by the strides see the same weights: they are a
/// depthwise convolution of the output's gradient, with stride 1 and those weights turned by 180 degrees. With
/// stride 1 that is one convolution, with stride 2 there are four small ones.
///
/// - Parameters:
///   - kernel: Shape: [kernelHeight, kernelWidth, channels], Float32.
///   - outputGradient: Shape: [batch, outputHeight, outputWidth, channels], Float32.
///   - inputGradient: Shape: [batch, inputHeight, inputWidth, channels], Float32; overwritten.
public func depthwiseInputGradient(
  shape: DepthwiseShape, kernel: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  inputGradient: UnsafeMutablePointer<Float>, batch: Int, pool: ThreadPool, path: KernelPath = .current
) {
  let kernels = Kernels(path)
  let channels = shape.channels
  ScratchMemory.with(count: shape.kernelCount) { turned in
    for phaseRow in 0..<min(shape.strideHeight, shape.inputHeight) {
      let rows = Phase(phaseRow, shape.inputHeight, shape.kernelHeight, shape.strideHeight, shape.paddingTop)
      for phaseColumn in 0..<min(shape.strideWidth, shape.inputWidth) {
        let columns = Phase(phaseColumn, shape.inputWidth, shape.kernelWidth, shape.strideWidth, shape.paddingLeft)
        for i in 0..<rows.taps {
          for j in 0..<columns.taps {
            let tap = rows.tap(i) * shape.kernelWidth + columns.tap(j)
            (turned + (i * columns.taps + j) * channels).update(from: kernel + tap * channels, count: channels)
          }
        }
        let placement = DepthwisePlacement(
          inputHeight: shape.outputHeight, inputWidth: shape.outputWidth, channels: channels,
          kernelHeight: rows.taps, kernelWidth: columns.taps, strideHeight: 1, strideWidth: 1, top: rows.padding,
          left: columns.padding, resultRows: rows.results, resultColumns: columns.results,
          outputPicture: shape.inputCount, outputRow: shape.strideHeight * shape.inputWidth * channels,
          outputPixel: shape.strideWidth * channels)
        DepthwiseRun(
          placement: placement, kernels: kernels, kernel: turned, bias: nil, input: outputGradient,
          output: inputGradient + (phaseRow * shape.inputWidth + phaseColumn) * channels, batch: batch, relu: false,
          pool: pool)()
      }
    }
  }
}

/// The pixels along one side that lie at `number`, `number + stride`, ... and the weights they have met.
private struct Phase {
  let stride: Int
  let results: Int
  /// Weights first, first + stride, ...
  let first: Int
  let taps: Int
  /// Of the convolution that gives these pixels' gradient; less than zero where it starts inside.
  let padding: Int

  init(_ number: Int, _ length: Int, _ window: Int, _ stride: Int, _ paddingBefore: Int) {
    self.stride = stride
    results = (length - number + stride - 1) / stride
    first = (number + paddingBefore) % stride
    taps = first < window ? (window - first + stride - 1) / stride : 0
    padding = taps - 1 - (number + paddingBefore - first) / stride
  }

  /// Weight number `index` of the turned kernel.
  func tap(_ index: Int) -> Int { first + (taps - 1 - index) * stride }
}
