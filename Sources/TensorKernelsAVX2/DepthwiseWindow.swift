/// One result of a depthwise convolution, for at most one vector of channels: what `depthwiseTile` has
/// no function for, such as kernels of other widths and layers of few channels.
///
/// - Parameters: As of `depthwiseTile`; `source` is the first pixel of the window inside the picture, and `weights`
///   its weight.
///   - columns: Columns of the window inside the picture.
///   - weightRow: Distance of two rows of the kernel.
///   - lanes: Channels, at most as many as a vector has.
@inline(never)
package func depthwiseWindow(
  source: UnsafePointer<Float>, inputRow: Int, pixel: Int, rows: Int, columns: Int,
  weights: UnsafePointer<Float>, weightRow: Int, lanes: Int, output: UnsafeMutablePointer<Float>,
  bias: UnsafePointer<Float>?, relu: Bool
) {
  var sum = Vector()
  for row in 0..<rows {
    var values = source + row * inputRow
    var taps = weights + row * weightRow
    for _ in 0..<columns {
      sum = multiplyAdd(loadLanes(values, lanes), loadLanes(taps, lanes), sum)
      values += pixel
      taps += pixel
    }
  }
  // As in a tile, where a missing bias is added as zero.
  sum += bias.map { loadLanes($0, lanes) } ?? Vector()
  if relu { sum = rectified(sum) }
  if lanes == Vector.scalarCount { store(sum, output) } else { storePartial(sum, output, lanes) }
}

@inline(__always)
private func loadLanes(_ source: UnsafePointer<Float>, _ lanes: Int) -> Vector {
  lanes == Vector.scalarCount ? load(source) : loadPartial(source, lanes)
}

/// Adds to one weight's gradient the products of a row of results with the pixels it has seen, for fewer channels
/// than a vector has.
///
/// - Parameters:
///   - source: Pixel under the weight for the first result.
///   - gradient: Of the results, shape [results, all channels].
///   - kernelGradient: One value a channel; added to.
@inline(never)
package func depthwiseTapGradient(
  source: UnsafePointer<Float>, pixel: Int, stride: Int, gradient: UnsafePointer<Float>, results: Int,
  kernelGradient: UnsafeMutablePointer<Float>, lanes: Int
) {
  var sum = Vector()
  for result in 0..<results {
    sum = multiplyAdd(
      loadLanes(source + result * stride * pixel, lanes), loadLanes(gradient + result * pixel, lanes), sum)
  }
  storePartial(loadLanes(kernelGradient, lanes) + sum, kernelGradient, lanes)
}
