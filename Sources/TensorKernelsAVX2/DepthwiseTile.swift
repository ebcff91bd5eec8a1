/// Results of one tile: their sums are kept in registers.
let depthwiseTileWidth = 8

/// Up to eight neighbouring results of one row of a depthwise convolution, for a range of channels.
///
/// A vector of channels at a time: eight sums stay in registers while each pixel under a row of the
/// window is read once and added, times its weight, to every result that sees it. One result is one chain
/// of multiply-adds over the part of the window that lies inside the picture, row by row and from left to right,
/// so it does not depend on how a row is cut into tiles.
///
/// Kernels are 1, 2, 3, 4, 5 or 7 wide with stride 1, and 3, 5 or 7 with stride 2; see `depthwiseWindow` for others.
///
/// - Parameters:
///   - source: Pixel under the window's first column for the first result, in the first row of the window that lies
///     inside the picture. A pixel outside of `firstColumn..<endColumn` is not read, so it may be anywhere.
///   - inputRow: Distance of two rows of the picture.
///   - pixel: Distance of two pixels: all channels of the layer.
///   - rows: Rows of the window inside the picture; none leaves zero and the bias.
///   - firstColumn: First column inside the picture, counted from `source`; likewise the end.
///   - weights: Of the first of these rows, shape [rows, kernelWidth, all channels].
///   - channels: Channels to compute: at least as many as a vector has.
///   - outputStep: Distance of two results.
///   - bias: One value a channel.
@inline(never)
package func depthwiseTile(
  source: UnsafePointer<Float>, inputRow: Int, pixel: Int, rows: Int, firstColumn: Int, endColumn: Int,
  weights: UnsafePointer<Float>, kernelWidth: Int, stride: Int, channels: Int,
  output: UnsafeMutablePointer<Float>, outputStep: Int, results: Int, bias: UnsafePointer<Float>?, relu: Bool
) {
  let span = (results - 1) * stride + kernelWidth
  let tile: Tile = (
    source, inputRow, pixel, rows, firstColumn, min(endColumn, span), weights, channels, output, outputStep, results,
    bias, relu
  )
  let isWhole = results == depthwiseTileWidth && firstColumn <= 0 && endColumn >= span
  switch kernelWidth * 2 + stride - 3 {
  case 0: isWhole ? wholeOne(tile) : edgeOne(tile)
  case 2: isWhole ? wholeTwo(tile) : edgeTwo(tile)
  case 4: isWhole ? wholeThree(tile) : edgeThree(tile)
  case 5: isWhole ? wholeThreeBy2(tile) : edgeThreeBy2(tile)
  case 6: isWhole ? wholeFour(tile) : edgeFour(tile)
  case 8: isWhole ? wholeFive(tile) : edgeFive(tile)
  case 9: isWhole ? wholeFiveBy2(tile) : edgeFiveBy2(tile)
  case 12: isWhole ? wholeSeven(tile) : edgeSeven(tile)
  case 13: isWhole ? wholeSevenBy2(tile) : edgeSevenBy2(tile)
  default: break
  }
}

/// The arguments of `depthwiseTile` without those that choose a function below.
private typealias Tile = (
  source: UnsafePointer<Float>, inputRow: Int, pixel: Int, rows: Int, firstColumn: Int, endColumn: Int,
  weights: UnsafePointer<Float>, channels: Int, output: UnsafeMutablePointer<Float>, outputStep: Int, results: Int,
  bias: UnsafePointer<Float>?, relu: Bool
)

private typealias Sums = (Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector)
private typealias Taps = (Vector, Vector, Vector, Vector, Vector, Vector, Vector)

@inline(never) private func wholeOne(_ tile: Tile) { compute(1, 1, false, tile) }
@inline(never) private func edgeOne(_ tile: Tile) { compute(1, 1, true, tile) }
@inline(never) private func wholeTwo(_ tile: Tile) { compute(2, 1, false, tile) }
@inline(never) private func edgeTwo(_ tile: Tile) { compute(2, 1, true, tile) }
@inline(never) private func wholeThree(_ tile: Tile) { compute(3, 1, false, tile) }
@inline(never) private func edgeThree(_ tile: Tile) { compute(3, 1, true, tile) }
@inline(never) private func wholeThreeBy2(_ tile: Tile) { compute(3, 2, false, tile) }
@inline(never) private func edgeThreeBy2(_ tile: Tile) { compute(3, 2, true, tile) }
@inline(never) private func wholeFour(_ tile: Tile) { compute(4, 1, false, tile) }
@inline(never) private func edgeFour(_ tile: Tile) { compute(4, 1, true, tile) }
@inline(never) private func wholeFive(_ tile: Tile) { compute(5, 1, false, tile) }
@inline(never) private func edgeFive(_ tile: Tile) { compute(5, 1, true, tile) }
@inline(never) private func wholeFiveBy2(_ tile: Tile) { compute(5, 2, false, tile) }
@inline(never) private func edgeFiveBy2(_ tile: Tile) { compute(5, 2, true, tile) }
@inline(never) private func wholeSeven(_ tile: Tile) { compute(7, 1, false, tile) }
@inline(never) private func edgeSeven(_ tile: Tile) { compute(7, 1, true, tile) }
@inline(never) private func wholeSevenBy2(_ tile: Tile) { compute(7, 2, false, tile) }
@inline(never) private func edgeSevenBy2(_ tile: Tile) { compute(7, 2, true, tile) }

/// `width`, `stride` and `isEdge` are literals at each call: after inlining, what they rule out is gone.
@inline(__always)
private func compute(_ width: Int, _ stride: Int, _ isEdge: Bool, _ tile: Tile) {
  let lanes = Vector.scalarCount
  let weightRow = width * tile.pixel
  var channel = 0
  repeat {
    let zero = Vector()
    var sums: Sums = (zero, zero, zero, zero, zero, zero, zero, zero)
    var row = tile.source + channel
    var weights = tile.weights + channel
    var remaining = tile.rows
    while remaining > 0 {
      let taps = loadTaps(width, weights, tile.pixel)
      var pixel = row
      addColumn(0, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(1, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(2, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(3, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(4, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(5, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(6, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(7, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(8, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(9, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(10, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(11, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(12, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(13, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(14, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(15, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(16, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(17, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(18, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(19, width, stride, isEdge, tile, &pixel, taps, &sums)
      addColumn(20, width, stride, isEdge, tile, &pixel, taps, &sums)
      row += tile.inputRow
      weights += weightRow
      remaining -= 1
    }
    storeSums(sums, isEdge, tile, channel)
    // The last vector overlaps the one before where channels are not whole vectors: the same bits twice.
    channel = channel + lanes == tile.channels ? tile.channels : min(channel + lanes, tile.channels - lanes)
  } while channel < tile.channels
}

@inline(__always)
private func loadTaps(_ width: Int, _ weights: UnsafePointer<Float>, _ pixel: Int) -> Taps {
  let zero = Vector()
  return (
    load(weights),
    width > 1 ? load(weights + pixel) : zero,
    width > 2 ? load(weights + 2 * pixel) : zero,
    width > 3 ? load(weights + 3 * pixel) : zero,
    width > 4 ? load(weights + 4 * pixel) : zero,
    width > 5 ? load(weights + 5 * pixel) : zero,
    width > 6 ? load(weights + 6 * pixel) : zero
  )
}

/// Adds column `number` of the tile's pixels to the results that see it.
@inline(__always)
private func addColumn(
  _ number: Int, _ width: Int, _ stride: Int, _ isEdge: Bool, _ tile: Tile, _ pixel: inout UnsafePointer<Float>,
  _ taps: Taps, _ sums: inout Sums
) {
  guard number < 7 * stride + width else { return }
  if !isEdge || (number >= tile.firstColumn && number < tile.endColumn) {
    let values = load(pixel)
    addTap(number, width, values, taps, &sums.0)
    addTap(number - stride, width, values, taps, &sums.1)
    addTap(number - 2 * stride, width, values, taps, &sums.2)
    addTap(number - 3 * stride, width, values, taps, &sums.3)
    addTap(number - 4 * stride, width, values, taps, &sums.4)
    addTap(number - 5 * stride, width, values, taps, &sums.5)
    addTap(number - 6 * stride, width, values, taps, &sums.6)
    addTap(number - 7 * stride, width, values, taps, &sums.7)
  }
  pixel += tile.pixel
}

@inline(__always)
private func addTap(_ tap: Int, _ width: Int, _ values: Vector, _ taps: Taps, _ sum: inout Vector) {
  if tap == 0 { sum = multiplyAdd(values, taps.0, sum) }
  if width > 1 && tap == 1 { sum = multiplyAdd(values, taps.1, sum) }
  if width > 2 && tap == 2 { sum = multiplyAdd(values, taps.2, sum) }
  if width > 3 && tap == 3 { sum = multiplyAdd(values, taps.3, sum) }
  if width > 4 && tap == 4 { sum = multiplyAdd(values, taps.4, sum) }
  if width > 5 && tap == 5 { sum = multiplyAdd(values, taps.5, sum) }
  if width > 6 && tap == 6 { sum = multiplyAdd(values, taps.6, sum) }
}

@inline(__always)
private func storeSums(_ sums: Sums, _ isEdge: Bool, _ tile: Tile, _ channel: Int) {
  let bias = tile.bias.map { load($0 + channel) } ?? Vector()
  let output = tile.output + channel
  let step = tile.outputStep
  storeSum(sums.0, bias, tile.relu, output)
  if !isEdge || tile.results > 1 { storeSum(sums.1, bias, tile.relu, output + step) }
  if !isEdge || tile.results > 2 { storeSum(sums.2, bias, tile.relu, output + 2 * step) }
  if !isEdge || tile.results > 3 { storeSum(sums.3, bias, tile.relu, output + 3 * step) }
  if !isEdge || tile.results > 4 { storeSum(sums.4, bias, tile.relu, output + 4 * step) }
  if !isEdge || tile.results > 5 { storeSum(sums.5, bias, tile.relu, output + 5 * step) }
  if !isEdge || tile.results > 6 { storeSum(sums.6, bias, tile.relu, output + 6 * step) }
  if !isEdge || tile.results > 7 { storeSum(sums.7, bias, tile.relu, output + 7 * step) }
}

@inline(__always)
private func storeSum(_ sum: Vector, _ bias: Vector, _ relu: Bool, _ output: UnsafeMutablePointer<Float>) {
  let sum = sum + bias
  store(relu ? rectified(sum) : sum, output)
}
