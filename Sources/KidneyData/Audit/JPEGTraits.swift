/// What a JPEG file's header tells of the program that wrote it.
struct JPEGTraits: Equatable, Sendable {
  /// The mean of the luminance quantisation table: 1 at the best quality, about 58 at quality 50 of the standard's table.
  var quantization: Double
  var isProgressive: Bool
  /// Whether the chroma planes are smaller than the picture.
  var isSubsampled: Bool
  /// Bytes of application segments and comments: EXIF, colour profiles.
  var metadataBytes: Int

  /// - Parameter bytes: a file's; not trusted.
  /// - Returns: nil for what is no JPEG, or ends before its tables.
  init?(_ bytes: [UInt8]) {
    guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
    var table: Double?
    (isProgressive, isSubsampled, metadataBytes) = (false, false, 0)
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      if marker == 0xFF { place += 1; continue }
      if marker == 0xDA { break }
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      let end = place + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let body = bytes[(place + 4)..<max(place + 4, end)]
      switch marker {
      case 0xDB: if let mean = Self.luminance(body) { table = table ?? mean }
      case 0xC0, 0xC1, 0xC2:
        isProgressive = marker == 0xC2
        // Length, precision, height, width, components; each component has a number, its sampling, its table.
        if body.count >= 9, body[body.startIndex + 5] == 3 { isSubsampled = body[body.startIndex + 7] != 0x11 }
      case 0xE0...0xEF, 0xFE: metadataBytes += length
      default: break
      }
      place = end
    }
    guard let table else { return nil }
    quantization = table
  }

  /// The mean of table 0, if the segment has it.
  private static func luminance(_ body: ArraySlice<UInt8>) -> Double? {
    var place = body.startIndex
    while place < body.endIndex {
      let (is16Bit, number) = (body[place] >> 4 != 0, body[place] & 15)
      let size = is16Bit ? 128 : 64
      guard place + 1 + size <= body.endIndex else { return nil }
      if number == 0 {
        let values = body[(place + 1)..<(place + 1 + size)]
        if !is16Bit { return values.reduce(0) { $0 + Double($1) } / 64 }
        let start = values.startIndex
        return (0..<64).reduce(0) { $0 + Double(Int(values[start + 2 * $1]) << 8 | Int(values[start + 2 * $1 + 1])) } / 64
      }
      place += 1 + size
    }
    return nil
  }
}
