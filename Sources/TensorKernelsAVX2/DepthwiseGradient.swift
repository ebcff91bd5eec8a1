/// Adds the share of one row of results to the gradient of one row of a depthwise kernel, for a range of channels.
///
/// A vector of channels at a time: one sum for each column of the kernel, and one more for the results at odd
/// places, since a sum alone would wait for itself; both are added when the row is done.
///
/// Kernels up to seven wide; wider ones are done seven columns at a time.
///
/// - Parameters:
///   - source: Pixel under the kernel's first column for the first result. A pixel outside of
///     `firstColumn..<endColumn` is not read, so it may be anywhere.
///   - pixel: Distance of two pixels: all channels of the layer. Also that of two results and of two taps.
///   - firstColumn: First column inside the picture, counted from `source`; likewise the end.
///   - gradient: Of the results, shape [results, all channels].
///   - kernelGradient: Shape: [kernelWidth, all channels]; added to.
///   - channels: Channels to compute: at least as many as a vector has.
@inline(never)
package func depthwiseKernelGradient(
  source: UnsafePointer<Float>, pixel: Int, firstColumn: Int, endColumn: Int, kernelWidth: Int, stride: Int,
  gradient: UnsafePointer<Float>, results: Int, kernelGradient: UnsafeMutablePointer<Float>, channels: Int
) {
  let row: Row = (source, pixel, firstColumn, endColumn, stride, gradient, results, kernelGradient, channels)
  switch kernelWidth {
  case 1: oneTap(row)
  case 2: twoTaps(row)
  case 3: threeTaps(row)
  case 4: fourTaps(row)
  case 5: fiveTaps(row)
  case 6: sixTaps(row)
  default: sevenTaps(row)
  }
}

/// The arguments of `depthwiseKernelGradient` without the kernel's width.
private typealias Row = (
  source: UnsafePointer<Float>, pixel: Int, firstColumn: Int, endColumn: Int, stride: Int,
  gradient: UnsafePointer<Float>, results: Int, kernelGradient: UnsafeMutablePointer<Float>, channels: Int
)

private typealias Sums = (Vector, Vector, Vector, Vector, Vector, Vector, Vector)

@inline(never) private func oneTap(_ row: Row) { accumulate(1, row) }
@inline(never) private func twoTaps(_ row: Row) { accumulate(2, row) }
@inline(never) private func threeTaps(_ row: Row) { accumulate(3, row) }
@inline(never) private func fourTaps(_ row: Row) { accumulate(4, row) }
@inline(never) private func fiveTaps(_ row: Row) { accumulate(5, row) }
@inline(never) private func sixTaps(_ row: Row) { accumulate(6, row) }
@inline(never) private func sevenTaps(_ row: Row) { accumulate(7, row) }

/// `width` is a literal at each call.
@inline(__always)
private func accumulate(_ width: Int, _ row: Row) {
  // Results whose whole window lies inside the picture, and the others left and right of them.
  let stride = row.stride
  let firstWhole = row.firstColumn <= 0 ? 0 : (row.firstColumn + stride - 1) / stride
  let endWhole = row.endColumn < width ? 0 : (row.endColumn - width) / stride + 1
  let wholeStart = min(firstWhole, row.results)
  let wholeEnd = max(wholeStart, min(endWhole, row.results))
  let step = stride * row.pixel
  let lanes = Vector.scalarCount
  var channel = 0
  var skipped = 0
  while true {
    let zero = Vector()
    var even: Sums = (zero, zero, zero, zero, zero, zero, zero)
    var odd = even
    var pixel = row.source + channel
    var gradient = row.gradient + channel
    var result = 0
    while result < wholeStart {
      addEdge(width, row, result, pixel, gradient, &even)
      pixel += step
      gradient += row.pixel
      result += 1
    }
    while result + 1 < wholeEnd {
      addWhole(width, row.pixel, pixel, gradient, &even)
      addWhole(width, row.pixel, pixel + step, gradient + row.pixel, &odd)
      pixel += 2 * step
      gradient += 2 * row.pixel
      result += 2
    }
    while result < row.results {
      addEdge(width, row, result, pixel, gradient, &even)
      pixel += step
      gradient += row.pixel
      result += 1
    }
    let target = row.kernelGradient + channel
    addSum(even.0 + odd.0, skipped, target)
    if width > 1 { addSum(even.1 + odd.1, skipped, target + row.pixel) }
    if width > 2 { addSum(even.2 + odd.2, skipped, target + 2 * row.pixel) }
    if width > 3 { addSum(even.3 + odd.3, skipped, target + 3 * row.pixel) }
    if width > 4 { addSum(even.4 + odd.4, skipped, target + 4 * row.pixel) }
    if width > 5 { addSum(even.5 + odd.5, skipped, target + 5 * row.pixel) }
    if width > 6 { addSum(even.6 + odd.6, skipped, target + 6 * row.pixel) }
    // Where channels are not whole vectors, the last one overlaps the one before and leaves its channels alone.
    let next = channel + lanes
    if next == row.channels { break }
    channel = min(next, row.channels - lanes)
    skipped = next - channel
  }
}

@inline(__always)
private func addWhole(
  _ width: Int, _ step: Int, _ pixel: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ sums: inout Sums
) {
  let gradient = load(gradient)
  sums.0 = multiplyAdd(load(pixel), gradient, sums.0)
  if width > 1 { sums.1 = multiplyAdd(load(pixel + step), gradient, sums.1) }
  if width > 2 { sums.2 = multiplyAdd(load(pixel + 2 * step), gradient, sums.2) }
  if width > 3 { sums.3 = multiplyAdd(load(pixel + 3 * step), gradient, sums.3) }
  if width > 4 { sums.4 = multiplyAdd(load(pixel + 4 * step), gradient, sums.4) }
  if width > 5 { sums.5 = multiplyAdd(load(pixel + 5 * step), gradient, sums.5) }
  if width > 6 { sums.6 = multiplyAdd(load(pixel + 6 * step), gradient, sums.6) }
}

/// The same for a result whose window reaches over the picture's edge.
@inline(__always)
private func addEdge(
  _ width: Int, _ row: Row, _ result: Int, _ pixel: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
  _ sums: inout Sums
) {
  let gradient = load(gradient)
  let first = row.firstColumn - result * row.stride
  let end = row.endColumn - result * row.stride
  let step = row.pixel
  if first <= 0 && end > 0 { sums.0 = multiplyAdd(load(pixel), gradient, sums.0) }
  if width > 1 && first <= 1 && end > 1 { sums.1 = multiplyAdd(load(pixel + step), gradient, sums.1) }
  if width > 2 && first <= 2 && end > 2 { sums.2 = multiplyAdd(load(pixel + 2 * step), gradient, sums.2) }
  if width > 3 && first <= 3 && end > 3 { sums.3 = multiplyAdd(load(pixel + 3 * step), gradient, sums.3) }
  if width > 4 && first <= 4 && end > 4 { sums.4 = multiplyAdd(load(pixel + 4 * step), gradient, sums.4) }
  if width > 5 && first <= 5 && end > 5 { sums.5 = multiplyAdd(load(pixel + 5 * step), gradient, sums.5) }
  if width > 6 && first <= 6 && end > 6 { sums.6 = multiplyAdd(load(pixel + 6 * step), gradient, sums.6) }
}

@inline(__always)
private func addSum(_ sum: Vector, _ skipped: Int, _ target: UnsafeMutablePointer<Float>) {
  if skipped == 0 {
    store(load(target) + sum, target)
  } else {
    for lane in skipped..<Vector.scalarCount { target[lane] += sum[lane] }
  }
}
