/// The gradient of a convolution for its input.
///
/// For a 3x3 kernel with stride 1 and enough channels it is itself such a convolution, of the output's
/// gradient with the kernel turned by 180 degrees, and runs as Winograd's. For other shapes each position
/// of the kernel adds its product to the pixels it has seen.
///
/// - Parameters:
///   - kernel: Shape: [kernelHeight, kernelWidth, inputChannels, outputChannels], Float32.
///   - outputGradient: Shape: [batch, outputHeight, outputWidth, outputChannels], Float32.
///   - inputGradient: Shape: [batch, inputHeight, inputWidth, inputChannels], Float32; overwritten.
public func convolutionInputGradient(
  shape: ConvolutionShape, kernel: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  inputGradient: UnsafeMutablePointer<Float>, batch: Int, pool: ThreadPool, path: KernelPath = .current
) {
  let turned = shape.turned
  if WinogradPlan.suits(turned) {
    ScratchMemory.with(count: shape.kernelCount) { turnedKernel in
      turn(kernel, shape, into: turnedKernel, pool)
      // On small tiles: gradients have terms of both signs, and with large ones some were 1.2e-5 off.
      SingleUse(
        plan: .winograd(WinogradPlan(turned, tile: .four)), kernel: turnedKernel, bias: nil, input: outputGradient,
        output: inputGradient, batch: batch, activation: .none, pool: pool, path: path
      ).run(pooled: false)
    }
  } else {
    InputGradientRun(
      shape: shape, kernels: Kernels(path), kernel: kernel, outputGradient: outputGradient,
      inputGradient: inputGradient, batch: batch, pool: pool)()
  }
}

extension ConvolutionShape {
  /// The convolution with stride 1 that takes an output's gradient to the input's.
  fileprivate var turned: ConvolutionShape {
    ConvolutionShape(
      inputHeight: outputHeight, inputWidth: outputWidth, inputChannels: outputChannels, outputChannels: inputChannels,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, strideHeight: strideHeight, strideWidth: strideWidth,
      paddingTop: kernelHeight - 1 - paddingTop, paddingLeft: kernelWidth - 1 - paddingLeft,
      paddingBottom: kernelHeight - 1 - paddingBottom, paddingRight: kernelWidth - 1 - paddingRight)
  }
}

/// Turns a kernel by 180 degrees and exchanges its inputs and outputs.
private func turn(
  _ kernel: UnsafePointer<Float>, _ shape: ConvolutionShape, into turned: UnsafeMutablePointer<Float>,
  _ pool: ThreadPool
) {
  let inputs = shape.inputChannels
  let outputs = shape.outputChannels
  let taps = shape.kernelHeight * shape.kernelWidth
  // A line of sixteen outputs is read once and stays in the cache while it is used.
  let group = 16
  let groups = (outputs + group - 1) / group
  pool.run(count: taps * groups) { index, _ in
    let source = kernel + index / groups * inputs * outputs
    let target = turned + (taps - 1 - index / groups) * inputs * outputs
    let first = index % groups * group
    for output in first..<min(first + group, outputs) {
      for input in 0..<inputs { target[output * inputs + input] = source[input * outputs + output] }
    }
  }
}

private struct InputGradientRun {
  let shape: ConvolutionShape
  let kernels: Kernels
  let kernel: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let inputGradient: UnsafeMutablePointer<Float>
  let batch: Int
  let pool: ThreadPool

  private var taps: Int { shape.kernelHeight * shape.kernelWidth }
  /// Panels of sixteen input channels.
  private var panels: Int { panelCount(shape.inputChannels) }
  private func columns(_ panel: Int) -> Int { min(panelWidth, shape.inputChannels - panel * panelWidth) }

  func callAsFunction() {
    let perTap = shape.outputChannels * panelWidth
    // Shape: [panels, taps, outputs, 16].
    ScratchMemory.with(count: panels * taps * perTap) { packed in
      pool.run(count: panels * taps) { index, _ in
        let panel = index / taps
        packTransposedPanel(
          kernel + (index % taps * shape.inputChannels + panel * panelWidth) * shape.outputChannels,
          columnStride: shape.outputChannels, rows: shape.outputChannels, columns: columns(panel),
          into: packed + index * perTap)
      }
      // One worker has all windows of a panel, since they overlap.
      pool.run(count: batch * panels) { index, _ in
        let panel = index % panels
        gradient(picture: index / panels, panel, packed + panel * taps * perTap)
      }
    }
  }

  private func gradient(picture: Int, _ panel: Int, _ packed: UnsafePointer<Float>) {
    let target = inputGradient + picture * shape.inputCount + panel * panelWidth
    for pixel in 0..<shape.inputHeight * shape.inputWidth {
      (target + pixel * shape.inputChannels).update(repeating: 0, count: columns(panel))
    }
    for row in 0..<shape.outputHeight {
      let source = outputGradient + picture * shape.outputCount + row * shape.outputWidth * shape.outputChannels
      for i in 0..<shape.kernelHeight {
        let y = row * shape.strideHeight + i - shape.paddingTop
        guard y >= 0, y < shape.inputHeight else { continue }
        for j in 0..<shape.kernelWidth {
          let valid = resultsSeeing(
            j, padding: shape.paddingLeft, stride: shape.strideWidth, input: shape.inputWidth,
            results: shape.outputWidth)
          let x = valid.lowerBound * shape.strideWidth + j - shape.paddingLeft
          kernels.panelProduct(
            rows: valid.count, columns: columns(panel),
            a: source + valid.lowerBound * shape.outputChannels, aRow: shape.outputChannels,
            segmentLength: shape.outputChannels,
            b: packed + (i * shape.kernelWidth + j) * shape.outputChannels * panelWidth,
            c: target + (y * shape.inputWidth + x) * shape.inputChannels,
            cRow: shape.strideWidth * shape.inputChannels, accumulate: true)
        }
      }
    }
  }
}
