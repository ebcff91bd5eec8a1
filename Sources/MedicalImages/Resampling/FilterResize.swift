extension Picture {
  /// Pillow's BILINEAR or LANCZOS (`ImagingResampleHorizontal_8bpc`, then `...Vertical_8bpc`): along the rows first,
  /// rounded to 8 bits, then along the columns; an axis whose size stays is left alone.
  func resized(width newWidth: Int, height newHeight: Int, by filter: ResamplingFilter) -> Picture {
    var values = pixels
    if newWidth != width {
      values = alongRows(values, filter, channels: channels, height: height, width: width, newWidth: newWidth)
    }
    if newHeight != height {
      values = alongColumns(values, filter, rowLength: newWidth * channels, height: height, newHeight: newHeight)
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, pixels: values)
  }
}

private let half: Int32 = 1 << (FilterWeights.fractionalBits - 1)

@inline(__always)
private func rounded(_ sum: Int32) -> UInt8 {
  UInt8(truncatingIfNeeded: min(max(sum >> FilterWeights.fractionalBits, 0), 255))
}

/// - Parameter values: shape [height, width, channels].
/// - Returns: shape [height, newWidth, channels].
private func alongRows(
  _ values: [UInt8], _ kind: ResamplingFilter, channels: Int, height: Int, width: Int, newWidth: Int
) -> [UInt8] {
  let filter = FilterWeights(kind, from: width, to: newWidth)
  return [UInt8](unsafeUninitializedCapacity: height * newWidth * channels) { target, written in
    values.withUnsafeBufferPointer { source in
      filter.weights.withUnsafeBufferPointer { weights in
        var out = target.baseAddress!
        for row in 0..<height {
          let line = source.baseAddress! + row * width * channels
          for column in 0..<newWidth {
            let weight = weights.baseAddress! + column * filter.span
            let pixel = line + filter.starts[column] * channels
            if channels == 3 {
              var red = half
              var green = half
              var blue = half
              for tap in 0..<filter.counts[column] {
                red &+= Int32(pixel[3 &* tap]) &* weight[tap]
                green &+= Int32(pixel[3 &* tap &+ 1]) &* weight[tap]
                blue &+= Int32(pixel[3 &* tap &+ 2]) &* weight[tap]
              }
              out[0] = rounded(red)
              out[1] = rounded(green)
              out[2] = rounded(blue)
            } else {
              var sum = half
              for tap in 0..<filter.counts[column] { sum &+= Int32(pixel[tap]) &* weight[tap] }
              out[0] = rounded(sum)
            }
            out += channels
          }
        }
      }
    }
    written = height * newWidth * channels
  }
}

/// - Parameter values: shape [height, rowLength].
/// - Returns: shape [newHeight, rowLength].
private func alongColumns(
  _ values: [UInt8], _ kind: ResamplingFilter, rowLength: Int, height: Int, newHeight: Int
) -> [UInt8] {
  let filter = FilterWeights(kind, from: height, to: newHeight)
  var sums = [Int32](repeating: 0, count: rowLength)
  return [UInt8](unsafeUninitializedCapacity: newHeight * rowLength) { target, written in
    values.withUnsafeBufferPointer { source in
      sums.withUnsafeMutableBufferPointer { sums in
        let sum = sums.baseAddress!
        for row in 0..<newHeight {
          for index in 0..<rowLength { sum[index] = half }
          for tap in 0..<filter.counts[row] {
            let weight = filter.weights[row * filter.span + tap]
            let line = source.baseAddress! + (filter.starts[row] + tap) * rowLength
            for index in 0..<rowLength { sum[index] &+= Int32(line[index]) &* weight }
          }
          let out = target.baseAddress! + row * rowLength
          for index in 0..<rowLength { out[index] = rounded(sum[index]) }
        }
      }
    }
    written = newHeight * rowLength
  }
}
