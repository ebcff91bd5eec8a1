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

  /// The same between two places in memory, which must not overlap, from a picture of 8 bits. The bits are those of the
  /// same numbers in Float32.
  ///
  /// - Parameters:
  ///   - pixels: shape [height, width, channels], 0…255.
  ///   - channels: 3, or 1 for grey, which stands for three equal channels.
  ///   - result: shape [height, width, 3], Float32.
  public static func warp(
    _ pixels: UnsafeBufferPointer<UInt8>, channels: Int, into result: UnsafeMutableBufferPointer<Float>, height: Int,
    width: Int, draw: AugmentationDraw
  ) {
    precondition(
      height > 0 && width > 0 && (channels == 1 || channels == 3) && pixels.count == height * width * channels
        && result.count == height * width * 3, "pixels are height x width x channels values, the result three a pixel")
    let source = pixels.baseAddress!
    var target = result.baseAddress!
    forEachPixel(height: height, width: width, draw: draw) { sample in
      if channels == 1 {
        let value = sample.value { Double(source[$0]) }
        for channel in 0..<3 { target[channel] = value }
      } else {
        for channel in 0..<3 { target[channel] = sample.value { Double(source[3 * $0 + channel]) } }
      }
      target += 3
    }
  }

  private static func warp(
    _ pixels: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>, height: Int, width: Int,
    draw: AugmentationDraw
  ) {
    precondition(
      height > 0 && width > 0 && pixels.count == height * width * 3 && result.count == pixels.count,
      "pixels and result are height x width x 3 values")
    let source = pixels.baseAddress!
    var target = result.baseAddress!
    forEachPixel(height: height, width: width, draw: draw) { sample in
      for channel in 0..<3 { target[channel] = sample.value { Double(source[3 * $0 + channel]) } }
      target += 3
    }
  }

  /// The four pixels around the place that a pixel of the result comes from, and the parts they have in it.
  private struct Sample {
    /// Of the upper left one; row by row.
    var pixel: Int
    /// To the others, in pixels. At the last column and row the part beyond is zero, whatever pixel it multiplies.
    var toRight: Int
    var toLower: Int
    var topLeft: Double
    var topRight: Double
    var lowerLeft: Double
    var lowerRight: Double

    @inline(__always)
    func value(_ source: (Int) -> Double) -> Float {
      let upper = topLeft * source(pixel) + topRight * source(pixel + toRight)
      let lower = lowerLeft * source(pixel + toLower) + lowerRight * source(pixel + toLower + toRight)
      return Float(upper + lower)
    }
  }

  /// Calls `body` for each pixel of the result, row by row.
  @inline(__always)
  private static func forEachPixel(height: Int, width: Int, draw: AugmentationDraw, _ body: (Sample) -> Void) {
    let mapping = draw.mapping(height: height, width: width)
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
        body(
          Sample(
            pixel: top * width + left, toRight: left < width - 1 ? 1 : 0, toLower: top < height - 1 ? width : 0,
            topLeft: (1 - lowerPart) * (1 - rightPart), topRight: (1 - lowerPart) * rightPart,
            lowerLeft: lowerPart * (1 - rightPart), lowerRight: lowerPart * rightPart))
      }
    }
  }
}
