/// A decoded picture of 8-bit values.
///
/// Shape of `pixels`: [height, width, channels], UInt8, 0…255; one channel is grey, three are red, green, blue.
public struct Picture: Sendable, Equatable {
  /// In pixels, at least 1.
  public let width: Int
  /// In pixels, at least 1.
  public let height: Int
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  /// Row by row from the top, in each row from the left, a pixel's channels side by side.
  public var pixels: [UInt8] {
    didSet { precondition(pixels.count == width * height * channels, "a picture's pixel count does not change") }
  }

  /// - Parameter pixels: shape [height, width, channels].
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(channels == 1 || channels == 3, "a picture is grey (1) or red, green, blue (3), not \(channels)")
    precondition(
      pixels.count == width * height * channels,
      "\(pixels.count) values are not \(height) x \(width) x \(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The same picture with three channels: grey is repeated, as Pillow's `convert("RGB")` does.
  public func rgb() -> Picture {
    if channels == 3 { return self }
    let values = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { target, count in
      for (index, value) in pixels.enumerated() {
        target[3 * index] = value
        target[3 * index + 1] = value
        target[3 * index + 2] = value
      }
      count = pixels.count * 3
    }
    return Picture(width: width, height: height, channels: 3, pixels: values)
  }
}

extension Picture {
  /// The same picture with one channel: Pillow's `convert("L")` (`L24` in Convert.c), the weights of ITU-R 601-2 in
  /// sixteen fractional bits.
  public func grey() -> Picture {
    if channels == 1 { return self }
    let values = [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
      pixels.withUnsafeBufferPointer { pixels in
        for index in 0..<width * height {
          let (red, green, blue) = (
            UInt32(pixels[3 * index]), UInt32(pixels[3 * index + 1]), UInt32(pixels[3 * index + 2])
          )
          target[index] = UInt8(truncatingIfNeeded: (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
        }
      }
      count = width * height
    }
    return Picture(width: width, height: height, channels: 1, pixels: values)
  }

  /// A colour picture from Float32 values, rounded and brought into 0…255: for looking at augmented pictures.
  ///
  /// - Parameter values: shape [height, width, 3], finite.
  public init(rounding values: [Float], height: Int, width: Int) {
    self.init(
      width: width, height: height, channels: 3, pixels: values.map { UInt8(min(max($0, 0), 255).rounded()) })
  }
}
