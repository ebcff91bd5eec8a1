import MedicalImages
import RandomStreams

extension PlantedCopy.Kind {
  /// The kinds of `alteredCopies`, in turn.
  static let alterations: [Self] = [.resized, .cropped, .flipped, .brightened]

  /// The picture changed as this kind says; unchanged for kinds that leave the pixels alone.
  func alter(_ picture: Picture, from stream: inout RandomStream) -> Picture {
    switch self {
    case .exact, .conflicting, .reencoded: return picture
    case .resized:
      let scale = Double(stream.between(0.6, 0.9))
      return picture.resized(
        width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)),
        by: .bilinear)
    case .cropped:
      let share = stream.between(0.02, 0.05)
      let (left, top) = (max(1, Int(Float(picture.width) * share)), max(1, Int(Float(picture.height) * share)))
      let (width, height) = (picture.width - 2 * left, picture.height - 2 * top)
      return Self.rearranged(picture, width: width, height: height) { row, column in (row + top, column + left) }
    case .flipped:
      return Self.rearranged(picture, width: picture.width, height: picture.height) { row, column in
        (row, picture.width - 1 - column)
      }
    case .brightened:
      let shift = Int(stream.between(8, 20)) * (stream.chance(0.5) ? 1 : -1)
      var changed = picture
      changed.pixels = picture.pixels.map { UInt8(min(max(Int($0) + shift, 0), 255)) }
      return changed
    }
  }

  /// A picture whose pixels come from the places of another that `source` names.
  private static func rearranged(
    _ picture: Picture, width: Int, height: Int, source: (_ row: Int, _ column: Int) -> (row: Int, column: Int)
  ) -> Picture {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * picture.channels)
    for row in 0..<height {
      for column in 0..<width {
        let (fromRow, fromColumn) = source(row, column)
        let start = (fromRow * picture.width + fromColumn) * picture.channels
        pixels.append(contentsOf: picture.pixels[start..<start + picture.channels])
      }
    }
    return Picture(width: width, height: height, channels: picture.channels, pixels: pixels)
  }
}
