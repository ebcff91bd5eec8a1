extension Augmentation {
  /// Applies a change.
  ///
  /// Between pixels, values are interpolated linearly from the four around; beyond the border the border's pixel is
  /// continued (Keras's `fill_mode="nearest"`, SciPy's `affine_transform` of order 1). Positions and sums are Double,
  /// the result is rounded to Float32.
  ///
  /// - Parameter pixels: shape [height, width, 3], Float32, finite.
  /// - Returns: the same shape.
  public static func warp(_ pixels: [Float], height: Int, width: Int, draw: AugmentationDraw) -> [Float] {
    [Float](unsafeUninitializedCapacity: pixels.count) { buffer, count in
      pixels.withUnsafeBufferPointer { pixels in
        warp(
          pixels, into: UnsafeMutableBufferPointer(rebasing: buffer[..<pixels.count]), height: height, width: width,
          draw: draw)
      }
      count = pixels.count
    }
  }

  /// The same between two places in memory, which must not overlap.
  public static func warp(
    _ pixels: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>, height: Int, width: Int,
    draw: AugmentationDraw
  ) {
    precondition(
      height > 0 && width > 0 && pixels.count == height * width * 3 && result.count == pixels.count,
      "pixels and result are height x width x 3 values")
    let mapping = draw.mapping(height: height, width: width)
    let source = pixels.baseAddress!
    var target = result.baseAddress!
    let lastColumn = Double(width - 1)
    let lastRow = Double(height - 1)
    for row in 0..<height {
      let columnStart = mapping.columnFromRow * Double(row) + mapping.columnOffset
      let rowStart = mapping.rowFromRow * Double(row) + mapping.rowOffset
      for place in 0..<width {
        let column = Double(draw.isFlipped ? width - 1 - place : place)
        let x = min(max(mapping.columnFromColumn * column + columnStart, 0), lastColumn)
        let y = min(max(mapping.rowFromColumn * column + rowStart, 0), lastRow)
        let left = Int(x)
        let top = Int(y)
        let rightPart = x - Double(left)
        let lowerPart = y - Double(top)
        // At the last column and row the part beyond is zero, whatever pixel it multiplies.
        let toRight = left < width - 1 ? 3 : 0
        let toLower = top < height - 1 ? 3 * width : 0
        let pixel = source + 3 * (top * width + left)
        let topLeft = (1 - lowerPart) * (1 - rightPart)
        let topRight = (1 - lowerPart) * rightPart
        let lowerLeft = lowerPart * (1 - rightPart)
        let lowerRight = lowerPart * rightPart
        for channel in 0..<3 {
          let upper = topLeft * Double(pixel[channel]) + topRight * Double(pixel[channel + toRight])
          let lower =
            lowerLeft * Double(pixel[channel + toLower]) + lowerRight * Double(pixel[channel + toLower + toRight])
          target[channel] = Float(upper + lower)
        }
        target += 3
      }
    }
  }
}
