/// Where the windows of a depthwise convolution lie in its input, and where their results go.
struct DepthwisePlacement {
  let inputHeight: Int
  let inputWidth: Int
  let channels: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let strideHeight: Int
  let strideWidth: Int
  /// Rows of zeros above the picture; less than zero where the first window starts inside.
  let top: Int
  let left: Int
  let resultRows: Int
  let resultColumns: Int
  /// Distances of results in memory.
  let outputPicture: Int
  let outputRow: Int
  let outputPixel: Int

  var inputRow: Int { inputWidth * channels }

  /// Whether there is a kernel that computes tiles of results.
  var hasTiles: Bool {
    guard channels >= Vector.scalarCount else { return false }
    return switch (kernelWidth, strideWidth) {
    case (1...5, 1), (7, 1), (3, 2), (5, 2), (7, 2): true
    default: false
    }
  }

  /// Rows of the window for result row `row` that lie inside the picture.
  func windowRows(_ row: Int) -> Range<Int> {
    let start = row * strideHeight - top
    let first = min(kernelHeight, max(0, -start))
    return first..<max(first, min(kernelHeight, inputHeight - start))
  }

  /// Columns of the window for result column `column` that lie inside the picture.
  func windowColumns(_ column: Int) -> Range<Int> {
    let start = column * strideWidth - left
    let first = min(kernelWidth, max(0, -start))
    return first..<max(first, min(kernelWidth, inputWidth - start))
  }

  /// Channels that are worked on together: few enough that their weights stay in the first cache.
  var chunks: ChannelChunks { ChannelChunks(channels, weights: max(1, kernelHeight * kernelWidth)) }
}

/// The channels of a depthwise layer in parts of whole vectors; the last part has what is left over, too.
struct ChannelChunks {
  let channels: Int
  let size: Int
  let count: Int

  init(_ channels: Int, weights: Int) {
    self.channels = channels
    // Half of a first cache of 32 KB, and no less than some cache lines in a row.
    size = max(64, (16 << 10) / (4 * weights) / 16 * 16)
    count = max(1, channels / size)
  }

  func channels(_ number: Int) -> Range<Int> {
    number * size..<(number == count - 1 ? channels : (number + 1) * size)
  }
}

/// One run of such a convolution over a batch.
struct DepthwiseRun {
  let placement: DepthwisePlacement
  let kernels: Kernels
  let kernel: UnsafePointer<Float>
  let bias: UnsafePointer<Float>?
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let batch: Int
  let relu: Bool
  let pool: ThreadPool

  /// Result rows of one piece of work.
  private static let rowBlock = 8

  func callAsFunction() {
    guard placement.resultRows > 0, placement.resultColumns > 0 else { return }
    let blocks = (placement.resultRows + Self.rowBlock - 1) / Self.rowBlock
    let chunks = placement.chunks
    pool.run(count: batch * blocks * chunks.count) { index, _ in
      let channels = chunks.channels(index % chunks.count)
      let block = index / chunks.count % blocks
      let picture = index / chunks.count / blocks
      let end = min(placement.resultRows, (block + 1) * Self.rowBlock)
      for row in block * Self.rowBlock..<end {
        if placement.hasTiles { tiles(picture, row, channels) } else { windows(picture, row, channels) }
      }
    }
  }

  private func source(_ picture: Int, _ row: Int, _ windowRow: Int) -> UnsafePointer<Float> {
    let y = row * placement.strideHeight - placement.top + windowRow
    return input + (picture * placement.inputHeight + y) * placement.inputRow
  }

  private func target(_ picture: Int, _ row: Int) -> UnsafeMutablePointer<Float> {
    output + picture * placement.outputPicture + row * placement.outputRow
  }

  private func tiles(_ picture: Int, _ row: Int, _ channels: Range<Int>) {
    let rows = placement.windowRows(row)
    let source = source(picture, row, rows.lowerBound) + channels.lowerBound
    let target = target(picture, row) + channels.lowerBound
    let weights = kernel + rows.lowerBound * placement.kernelWidth * placement.channels + channels.lowerBound
    var first = 0
    while first < placement.resultColumns {
      let start = first * placement.strideWidth - placement.left
      kernels.depthwiseTile(
        source: source + start * placement.channels, inputRow: placement.inputRow, pixel: placement.channels,
        rows: rows.count, firstColumn: -start, endColumn: placement.inputWidth - start, weights: weights,
        kernelWidth: placement.kernelWidth, stride: placement.strideWidth, channels: channels.count,
        output: target + first * placement.outputPixel, outputStep: placement.outputPixel,
        results: min(depthwiseTileWidth, placement.resultColumns - first), bias: bias.map { $0 + channels.lowerBound },
        relu: relu)
      first += depthwiseTileWidth
    }
  }

  private func windows(_ picture: Int, _ row: Int, _ channels: Range<Int>) {
    let rows = placement.windowRows(row)
    let source = source(picture, row, rows.lowerBound)
    let target = target(picture, row)
    for column in 0..<placement.resultColumns {
      let columns = placement.windowColumns(column)
      let x = column * placement.strideWidth - placement.left + columns.lowerBound
      let tap = rows.lowerBound * placement.kernelWidth + columns.lowerBound
      for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: Vector.scalarCount) {
        kernels.depthwiseWindow(
          source: source + x * placement.channels + channel, inputRow: placement.inputRow, pixel: placement.channels,
          rows: rows.count, columns: columns.count, weights: kernel + tap * placement.channels + channel,
          weightRow: placement.kernelWidth * placement.channels,
          lanes: min(Vector.scalarCount, channels.upperBound - channel),
          output: target + column * placement.outputPixel + channel, bias: bias.map { $0 + channel }, relu: relu)
      }
    }
  }
}
