import RandomStreams

/// The grain of a CT picture.
///
/// White noise through a soft reconstruction kernel: neighbours are alike, and a pixel more than two steps away is not.
/// The Gaussian of each pixel is the sum of four 16-bit uniform numbers (Irwin and Hall), enough for a blurred sum.
enum ScannerNoise {
  /// Adds noise to a slice.
  ///
  /// - Parameters:
  ///   - values: shape [height, width], HU.
  ///   - deviation: of the noise in the middle of the body, in HU; towards the skin it falls to two thirds.
  static func add(
    to values: inout [Float], grid: SliceGrid, torso: Torso, deviation: Float, from stream: inout RandomStream
  ) {
    let (width, height) = (grid.size.width, grid.size.height)
    var noise = [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
      for index in 0..<values.count { buffer[index] = normal(from: &stream) }
      count = values.count
    }
    blur(&noise, width: width, height: height, weights: (0.5, 0.25))
    // The kernel (1, 2, 1)/4 in both directions leaves 3/8 of the deviation.
    let scale = deviation / 0.375
    let frame = torso.frame(at: grid.plane == .axial ? grid.position : 0)
    for row in 0..<height {
      for column in 0..<width {
        let index = row * width + column
        guard values[index] > -990 else { continue }
        let place = grid.point(row: row, column: column)
        let (x, y) = (place.x / frame.x, place.y / frame.y)
        let outward = min((x * x + y * y).squareRoot(), 1.2)
        values[index] += noise[index] * scale * (1 - 0.33 * outward * outward)
      }
    }
  }

  /// Blurs in both directions with the kernel (side, center, side); the border repeats itself.
  static func blur(_ values: inout [Float], width: Int, height: Int, weights: (center: Float, side: Float)) {
    let (center, side) = weights
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<height {
        let line = row * width
        var before = values[line]
        for column in 0..<width {
          let here = values[line + column]
          let after = values[line + min(column + 1, width - 1)]
          values[line + column] = center * here + side * (before + after)
          before = here
        }
      }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { above in
        for column in 0..<width { above.initializeElement(at: column, to: values[column]) }
        for row in 0..<height {
          let line = row * width
          let next = min(row + 1, height - 1) * width
          for column in 0..<width {
            let here = values[line + column]
            values[line + column] = center * here + side * (above[column] + values[next + column])
            above[column] = here
          }
        }
      }
    }
  }

  /// Mean 0, standard deviation 1.
  @inline(__always)
  private static func normal(from stream: inout RandomStream) -> Float {
    let bits = stream.next()
    let sum =
      Float(bits & 0xFFFF) + Float(bits >> 16 & 0xFFFF) + Float(bits >> 32 & 0xFFFF) + Float(bits >> 48)
    // The sum's mean is 2 x 65535, its variance 4 x 65536^2 / 12.
    return (sum - 131_070) / 37_837.2
  }
}
