/// A convolution of any shape as an implicit matrix product: one row of the window (its columns times
/// channels) is contiguous in a channels-last picture, so the micro-kernel reads the picture in place,
/// or a copy of a few rows with their padding.
struct WindowPlan: Sendable {
  let shape: ConvolutionShape
  let panels: Int
  /// Elements of a window: rows of the packed kernel.
  let inner: Int

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    panels = shape.panels
    inner = shape.kernelHeight * shape.kernelWidth * shape.inputChannels
  }

  /// Elements of the packed kernel, shape [panels, inner, 16].
  var packedCount: Int { panels * inner * panelWidth }

  func pack(_ kernel: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool) {
    pool.run(count: panels) { panel, _ in
      packPanel(
        kernel + panel * panelWidth, rowStride: shape.outputChannels, rows: inner,
        columns: min(panelWidth, shape.outputChannels - panel * panelWidth),
        into: packed + panel * inner * panelWidth)
    }
  }

  // MARK: - Bands

  /// Pictures that are copied for their padding need columns up to here.
  var bandWidth: Int { (shape.outputWidth - 1) * shape.strideWidth + shape.kernelWidth }

  var isPadded: Bool {
    shape.paddingTop != 0 || shape.paddingLeft != 0 || shape.paddingBottom != 0 || shape.paddingRight != 0
  }

  /// A pointwise convolution sees no rows: all pixels of the batch are one long one, cut as is convenient.
  var isPointwise: Bool {
    shape.kernelHeight == 1 && shape.kernelWidth == 1 && shape.strideHeight == 1 && shape.strideWidth == 1 && !isPadded
  }

  /// Result rows whose input (bytes) the second cache holds beside a panel.
  var bandRows: Int {
    let rowBytes = max(1, bandWidth * shape.inputChannels * 4)
    let inputRows = (128 << 10) / rowBytes
    return max(1, min(shape.outputHeight, (inputRows - shape.kernelHeight) / shape.strideHeight + 1))
  }
}

/// One run of such a layer over a batch.
struct WindowRun {
  let plan: WindowPlan
  let kernels: Kernels
  let packed: UnsafePointer<Float>
  let bias: UnsafePointer<Float>
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let batch: Int
  let relu: Bool
  let pool: ThreadPool

  func callAsFunction() {
    guard batch > 0, plan.shape.outputPixels > 0 else { return }
    if plan.isPointwise { pointwise() } else { bands() }
  }

  private func pointwise() {
    let shape = plan.shape
    let pixels = batch * shape.outputPixels
    let strip = max(6, min(96, (128 << 10) / (4 * shape.inputChannels)))
    let strips = (pixels + strip - 1) / strip
    let groups = panelGroups(pieces: strips)
    pool.run(count: strips * groups.count) { index, _ in
      let start = index / groups.count * strip
      product(
        groups.panels(index % groups.count), rows: min(strip, pixels - start), input + start * shape.inputChannels,
        rowStride: 0, output + start * shape.outputChannels)
    }
  }

  private func bands() {
    let shape = plan.shape
    let rows = plan.bandRows
    let bands = (shape.outputHeight + rows - 1) / rows
    let groups = panelGroups(pieces: batch * bands)
    let bandRowLength = plan.bandWidth * shape.inputChannels
    let perWorker =
      plan.isPadded
      ? roundedUp(((rows - 1) * shape.strideHeight + shape.kernelHeight) * bandRowLength, to: ScratchMemory.lineLength)
      : 0
    ScratchMemory.with(count: perWorker * pool.threadCount) { scratch in
      pool.run(count: batch * bands * groups.count) { index, worker in
        let picture = index / (bands * groups.count)
        let first = index / groups.count % bands * rows
        let count = min(rows, shape.outputHeight - first)
        let source = input + picture * shape.inputCount
        let target = output + picture * shape.outputCount + first * shape.outputWidth * shape.outputChannels
        if plan.isPadded {
          let band = scratch + worker * perWorker
          copyBand(source, first, count, band)
          products(groups.panels(index % groups.count), band, rowStride: bandRowLength, rows: count, target)
        } else {
          let rowStride = shape.inputWidth * shape.inputChannels
          products(
            groups.panels(index % groups.count), source + first * shape.strideHeight * rowStride, rowStride: rowStride,
            rows: count, target)
        }
      }
    }
  }

  /// The loops over panels and rows in the order that keeps the smaller operand in the first cache.
  private func products(
    _ panels: Range<Int>, _ band: UnsafePointer<Float>, rowStride: Int, rows: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    let shape = plan.shape
    let bandStep = shape.strideHeight * rowStride
    let targetStep = shape.outputWidth * shape.outputChannels
    // What the micro-kernel computes together, or all.
    let together = plan.packedCount * 4 <= 24 << 10 ? panels.count : 2
    var first = panels.lowerBound
    while first < panels.upperBound {
      let some = first..<min(first + together, panels.upperBound)
      for row in 0..<rows {
        product(some, rows: shape.outputWidth, band + row * bandStep, rowStride: rowStride, target + row * targetStep)
      }
      first += together
    }
  }

  @inline(__always)
  private func product(
    _ panels: Range<Int>, rows: Int, _ a: UnsafePointer<Float>, rowStride: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    let shape = plan.shape
    let first = panels.lowerBound * panelWidth
    kernels.panelProduct(
      rows: rows, columns: min(panels.upperBound * panelWidth, shape.outputChannels) - first,
      a: a, aRow: shape.strideWidth * shape.inputChannels,
      segments: shape.kernelHeight, segmentLength: shape.kernelWidth * shape.inputChannels, segmentStride: rowStride,
      b: packed + panels.lowerBound * plan.inner * panelWidth, bPanel: plan.inner * panelWidth,
      c: target + first, cRow: shape.outputChannels, cPanel: panelWidth, bias: bias + first, relu: relu)
  }

  /// The input of `count` result rows from `first` on, with zeros where padding is.
  private func copyBand(
    _ source: UnsafePointer<Float>, _ first: Int, _ count: Int, _ band: UnsafeMutablePointer<Float>
  ) {
    let shape = plan.shape
    let rows = (count - 1) * shape.strideHeight + shape.kernelHeight
    copyPadded(
      source, height: shape.inputHeight, width: shape.inputWidth, channels: shape.inputChannels,
      firstRow: first * shape.strideHeight - shape.paddingTop, firstColumn: -shape.paddingLeft,
      rows: rows, columns: plan.bandWidth, into: band)
  }

  private func panelGroups(pieces: Int) -> PanelGroups {
    PanelGroups(panels: plan.panels, pieces: pieces, threads: pool.threadCount)
  }
}

/// Panels split into groups where the other pieces of the work are too few for all threads.
struct PanelGroups {
  let panels: Int
  let count: Int

  init(panels: Int, pieces: Int, threads: Int) {
    self.panels = panels
    count = max(1, min(panels, (4 * threads + pieces - 1) / max(1, pieces)))
  }

  func panels(_ group: Int) -> Range<Int> {
    group * panels / count..<(group + 1) * panels / count
  }
}

/// Rows and columns of a picture of shape [height, width, channels], with zeros outside of it.
func copyPadded(
  _ source: UnsafePointer<Float>, height: Int, width: Int, channels: Int, firstRow: Int, firstColumn: Int,
  rows: Int, columns: Int, into target: UnsafeMutablePointer<Float>
) {
  let left = min(columns, max(0, -firstColumn))
  let inside = max(0, min(columns, width - firstColumn) - left)
  let rowLength = columns * channels
  for row in 0..<rows {
    let y = firstRow + row
    let out = target + row * rowLength
    guard y >= 0, y < height, inside > 0 else {
      out.update(repeating: 0, count: rowLength)
      continue
    }
    out.update(repeating: 0, count: left * channels)
    (out + left * channels).update(
      from: source + (y * width + firstColumn + left) * channels, count: inside * channels)
    (out + (left + inside) * channels).update(repeating: 0, count: (columns - left - inside) * channels)
  }
}
