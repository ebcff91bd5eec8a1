extension Picture {
  /// Pillow's NEAREST (`ImagingScaleAffine` in Geometry.c).
  func resizedToNearest(width newWidth: Int, height newHeight: Int) -> Picture {
    let columns = nearestIndices(from: width, to: newWidth)
    let rows = nearestIndices(from: height, to: newHeight)
    let total = newWidth * newHeight * channels
    let values = [UInt8](unsafeUninitializedCapacity: total) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for row in rows {
          let start = row * width * channels
          for column in columns {
            for channel in 0..<channels {
              target[count] = source[start + column * channels + channel]
              count += 1
            }
          }
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, pixels: values)
  }
}

/// The source index under the centre of each target pixel. The position is accumulated, not multiplied, since Pillow's
/// rounding errors are part of what is reproduced.
func nearestIndices(from count: Int, to newCount: Int) -> [Int] {
  let step = Double(count) / Double(newCount)
  var position = 0.5 * step
  return (0..<newCount).map { _ in
    defer { position += step }
    return min(Int(position), count - 1)
  }
}
