/// The chunks of a PNG stream (ISO/IEC 15948, clause 5), checked without decoding: what the picture is, whether the
/// stream is whole, and the chunks that make its pixels.
///
/// Only those chunks reach the library. The others are dropped because Pillow ignores what libpng's simplified reader
/// would apply (gamma, colour profile, background), and because a compressed text or profile can be a bomb.
struct PNGStream {
  /// How far to read.
  enum Extent { case header, whole }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  let information: PictureInformation
  /// Bits of one sample: 1, 2, 4, 8 or 16.
  let bitDepth: Int
  /// 0 grey, 2 red-green-blue, 3 palette, 4 grey with transparency, 6 red-green-blue with transparency.
  let colorType: Int
  /// The stream with only the chunks that make the pixels, where read whole; otherwise empty.
  let essential: [UInt8]

  /// - Throws: `MedicalImageError.truncated`, `.damaged`, `.tooManyPixels`.
  init(_ bytes: [UInt8], name: String, limits: PictureLimits, extent: Extent) throws {
    var position = Self.signature.count
    var header: Header?
    var essential = extent == .whole ? Self.signature : []
    while true {
      guard position + 12 <= bytes.count else { throw MedicalImageError.truncated(name: name) }
      let length = Self.number(bytes, at: position)
      guard length <= Int(Int32.max) else {
        throw MedicalImageError.damaged(name: name, reason: "a PNG chunk of \(length) bytes at byte \(position)")
      }
      let end = position + 12 + length
      guard end <= bytes.count else { throw MedicalImageError.truncated(name: name) }
      let kind = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      if header == nil && kind != "IHDR" {
        throw MedicalImageError.damaged(name: name, reason: "its first PNG chunk is not the header")
      }
      if kind == "IHDR" || Self.pixelChunks.contains(kind) {
        guard Self.number(bytes, at: end - 4) == Int(crc32(bytes, position + 4..<end - 4)) else {
          throw MedicalImageError.damaged(
            name: name, reason: "the checksum of a PNG chunk is wrong at byte \(position)")
        }
        if extent == .whole { essential += bytes[position..<end] }
      }
      if kind == "IHDR" {
        guard header == nil else { throw MedicalImageError.damaged(name: name, reason: "it has two PNG headers") }
        header = try Header(Array(bytes[position + 8..<end - 4]), name: name, limits: limits)
        if extent == .header { break }
      }
      position = end
      if kind == "IEND" { break }
    }
    guard let header else { throw MedicalImageError.damaged(name: name, reason: "it has no PNG header") }
    information = header.information
    bitDepth = header.bitDepth
    colorType = header.colorType
    self.essential = essential
  }

  /// Besides the header. Transparency (tRNS) is not among them: it is dropped, as Pillow's `convert("RGB")` does.
  private static let pixelChunks: Set<String> = ["PLTE", "IDAT", "IEND"]

  private static func number(_ bytes: [UInt8], at position: Int) -> Int {
    bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private struct Header {
    let information: PictureInformation
    let bitDepth: Int
    let colorType: Int

    init(_ field: [UInt8], name: String, limits: PictureLimits) throws {
      guard field.count == 13 else {
        throw MedicalImageError.damaged(name: name, reason: "its PNG header has \(field.count) bytes instead of 13")
      }
      let width = PNGStream.number(field, at: 0)
      let height = PNGStream.number(field, at: 4)
      bitDepth = Int(field[8])
      colorType = Int(field[9])
      // Each below 2^31, so that their product cannot overflow.
      guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
        throw MedicalImageError.damaged(name: name, reason: "its header says \(width) x \(height) pixels")
      }
      guard width * height <= limits.maximumPixels else {
        throw MedicalImageError.tooManyPixels(name: name, width: width, height: height, limit: limits.maximumPixels)
      }
      let mode: String
      switch (colorType, bitDepth) {
      case (0, 1): mode = "1"
      case (0, 2), (0, 4), (0, 8): mode = "L"
      case (0, 16): mode = "I;16"
      case (2, 8): mode = "RGB"
      case (2, 16): mode = "RGB;16"
      case (3, 1), (3, 2), (3, 4), (3, 8): mode = "P"
      case (4, 8): mode = "LA"
      case (4, 16): mode = "LA;16"
      case (6, 8): mode = "RGBA"
      case (6, 16): mode = "RGBA;16"
      default:
        throw MedicalImageError.damaged(
          name: name,
          reason: "its header has the colour type \(colorType) with \(bitDepth) bits, which PNG does not have")
      }
      information = PictureInformation(format: .png, width: width, height: height, mode: mode)
    }
  }
}

/// PNG's checksum (ISO/IEC 15948, annex D) of a range of `bytes`.
func crc32(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
  var value: UInt32 = 0xFFFF_FFFF
  bytes[range].withUnsafeBufferPointer { bytes in
    crcTable.withUnsafeBufferPointer { table in
      for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
    }
  }
  return ~value
}

private let crcTable: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
}
