import MedicalImages

/// A picture with its evidence laid over it in colour.
public enum EvidenceOverlay {
  /// From no evidence to the most. Blue to yellow with rising lightness, so that people with any colour vision, and a
  /// grey printer, read the same order: five points of the map "cividis" (Nunez, Anderton and Renslow 2018).
  private static let colors: [SIMD3<Float>] = [
    SIMD3(0, 32, 76), SIMD3(65, 77, 107), SIMD3(124, 123, 120), SIMD3(188, 175, 111), SIMD3(255, 233, 69),
  ]

  /// - Parameter value: 0…1.
  public static func color(_ value: Float) -> Color {
    let color = mixed(value)
    return Color(red: UInt8(color.x.rounded()), green: UInt8(color.y.rounded()), blue: UInt8(color.z.rounded()))
  }

  private static func mixed(_ value: Float) -> SIMD3<Float> {
    let place = min(max(value, 0), 1) * Float(colors.count - 1)
    let lower = min(Int(place), colors.count - 2)
    return colors[lower] + (colors[lower + 1] - colors[lower]) * (place - Float(lower))
  }

  /// Each pixel is covered in proportion to its evidence; a pixel without evidence stays as it is.
  ///
  /// - Parameters:
  ///   - map: of any size; it is stretched over the picture, as the picture was for the network.
  ///   - opacity: of the largest evidence, 0…1.
  /// - Returns: a colour picture of the picture's size.
  public static func draw(_ map: EvidenceMap, over picture: Picture, opacity: Float) -> Picture {
    precondition((0...1).contains(opacity), "an opacity lies between 0 and 1")
    let values = map.resized(height: picture.height, width: picture.width).values
    var drawn = picture.rgb()
    var pixels = drawn.pixels
    for (index, value) in values.enumerated() {
      let cover = opacity * value
      let color = mixed(value)
      for channel in 0..<3 {
        let own = Float(pixels[3 * index + channel])
        pixels[3 * index + channel] = UInt8((own + (color[channel] - own) * cover).rounded())
      }
    }
    drawn.pixels = pixels
    return drawn
  }
}
