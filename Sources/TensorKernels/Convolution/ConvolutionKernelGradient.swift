/// The gradient of a convolution for its kernel and bias.
///
/// For a 3x3 kernel with stride 1 and enough channels it runs on Winograd's tiles, else as a packed
/// product. Sums run over the tiles or pixels, some at a time, and over the pictures, in the same order with
/// one thread or many.
///
/// - Parameters:
///   - input: Shape: [batch, inputHeight, inputWidth, inputChannels], Float32.
///   - outputGradient: Shape: [batch, outputHeight, outputWidth, outputChannels], Float32.
///   - kernelGradient: Shape: [kernelHeight, kernelWidth, inputChannels, outputChannels], Float32; overwritten.
///   - biasGradient: Shape: [outputChannels], Float32; overwritten.
public func convolutionKernelGradient(
  shape: ConvolutionShape, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  kernelGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?, batch: Int,
  pool: ThreadPool, path: KernelPath = .current
) {
  let kernels = Kernels(path)
  if WinogradPlan.suits(shape) {
    WinogradGradientRun(
      plan: WinogradPlan(shape, tile: .four), kernels: kernels, input: input, outputGradient: outputGradient,
      kernelGradient: kernelGradient, batch: batch, pool: pool)()
  } else {
    KernelGradientRun(
      shape: shape, kernels: kernels, input: input, outputGradient: outputGradient, kernelGradient: kernelGradient,
      batch: batch, pool: pool)()
  }
  if let biasGradient {
    columnSums(
      rows: batch * shape.outputPixels, columns: shape.outputChannels, input: outputGradient, output: biasGradient,
      pool: pool)
  }
}

/// A packed product: both operands are copied once into panels, the input with its padding, so that each
/// of the kernel's positions reads the same copy, shifted.
private struct KernelGradientRun {
  let shape: ConvolutionShape
  let kernels: Kernels
  let input: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let kernelGradient: UnsafeMutablePointer<Float>
  let batch: Int
  let pool: ThreadPool

  /// Input channels of one panel: rows of the micro-kernel.
  private static let group = 6
  /// Packed elements (bytes) of the pictures that are worked on together.
  private static let pictureBytes = 24 << 20
  /// Pixels, about, between two additions to the gradient.
  private static let pixelBlock = 256

  private var paddedHeight: Int { (shape.outputHeight - 1) * shape.strideHeight + shape.kernelHeight }
  private var paddedWidth: Int { (shape.outputWidth - 1) * shape.strideWidth + shape.kernelWidth }
  /// Packed input row of one panel: six channels a pixel, and room for a whole vector to be written at the end.
  private var rowLength: Int { paddedWidth * Self.group + 2 }
  private var inputPanel: Int { paddedHeight * rowLength }
  private var inputPanels: Int { (shape.inputChannels + Self.group - 1) / Self.group }
  private var outputPanel: Int { shape.outputPixels * panelWidth }
  private var packedInput: Int { roundedUp(inputPanels * inputPanel, to: ScratchMemory.lineLength) }
  private var packedPicture: Int { packedInput + shape.panels * outputPanel }

  func callAsFunction() {
    guard batch > 0, shape.outputPixels > 0 else {
      kernelGradient.update(repeating: 0, count: shape.kernelCount)
      return
    }
    let together = max(1, min(batch, Self.pictureBytes / (packedPicture * 4)))
    ScratchMemory.with(count: together * packedPicture) { packed in
      var first = 0
      while first < batch {
        let count = min(together, batch - first)
        pool.run(count: count * (paddedHeight + shape.panels)) { index, _ in
          let picture = index % count
          let piece = index / count
          if piece < paddedHeight {
            packInputRow(input + (first + picture) * shape.inputCount, piece, packed + picture * packedPicture)
          } else {
            let panel = piece - paddedHeight
            packPanel(
              outputGradient + (first + picture) * shape.outputCount + panel * panelWidth,
              rowStride: shape.outputChannels, rows: shape.outputPixels, columns: columns(panel),
              into: packed + picture * packedPicture + packedInput + panel * outputPanel)
          }
        }
        pool.run(count: inputPanels * shape.panels) { index, _ in
          for picture in 0..<count {
            accumulate(
              packed + picture * packedPicture, index / shape.panels, index % shape.panels,
              isFirst: first + picture == 0)
          }
        }
        first += count
      }
    }
  }

  private func columns(_ panel: Int) -> Int { min(panelWidth, shape.outputChannels - panel * panelWidth) }

  private func packInputRow(_ picture: UnsafePointer<Float>, _ row: Int, _ packed: UnsafeMutablePointer<Float>) {
    let channels = shape.inputChannels
    let y = row - shape.paddingTop
    for column in 0..<paddedWidth {
      let x = column - shape.paddingLeft
      let target = packed + row * rowLength + column * Self.group
      guard y >= 0, y < shape.inputHeight, x >= 0, x < shape.inputWidth else {
        for panel in 0..<inputPanels { (target + panel * inputPanel).update(repeating: 0, count: Self.group) }
        continue
      }
      let source = picture + (y * shape.inputWidth + x) * channels
      var channel = 0
      var q = target
      // Eight are copied, six count: the next pixel, or the room at the row's end, takes the other two.
      while channel + 8 <= channels {
        store(load(source + channel), q)
        channel += Self.group
        q += inputPanel
      }
      while channel < channels {
        let count = min(Self.group, channels - channel)
        for i in 0..<count { q[i] = source[channel + i] }
        for i in count..<Self.group { q[i] = 0 }
        channel += Self.group
        q += inputPanel
      }
    }
  }

  /// Adds one picture's share to the gradient of six input and sixteen output channels.
  private func accumulate(
    _ packed: UnsafePointer<Float>, _ inputIndex: Int, _ outputIndex: Int, isFirst: Bool
  ) {
    let x = packed + inputIndex * inputPanel
    let gradient = packed + packedInput + outputIndex * outputPanel
    let firstChannel = inputIndex * Self.group
    let blockRows = max(1, Self.pixelBlock / shape.outputWidth)
    var row = 0
    while row < shape.outputHeight {
      let rows = min(blockRows, shape.outputHeight - row)
      for i in 0..<shape.kernelHeight {
        for j in 0..<shape.kernelWidth {
          let tap = i * shape.kernelWidth + j
          kernels.panelProduct(
            rows: min(Self.group, shape.inputChannels - firstChannel), columns: columns(outputIndex),
            a: x + (row * shape.strideHeight + i) * rowLength + j * Self.group, aRow: 1,
            aStep: shape.strideWidth * Self.group,
            segments: rows, segmentLength: shape.outputWidth, segmentStride: shape.strideHeight * rowLength,
            b: gradient + row * shape.outputWidth * panelWidth,
            c: kernelGradient + (tap * shape.inputChannels + firstChannel) * shape.outputChannels
              + outputIndex * panelWidth,
            cRow: shape.outputChannels, accumulate: !(isFirst && row == 0))
        }
      }
      row += rows
    }
  }
}
