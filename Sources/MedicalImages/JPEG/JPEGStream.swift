/// The marker segments of a JPEG stream (ITU-T T.81, annex B), read without decoding: what the picture is, and whether
/// the stream is whole.
///
/// A reader of its own and not the library's, because it must tell a hostile file before the library allocates for it:
/// too many pixels, too many scans, a missing end.
struct JPEGStream {
  /// How far to read.
  enum Extent { case header, whole }

  static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

  let information: PictureInformation
  /// Samples of 8 or 12 bits, or 2 to 16 in the lossless process.
  let precision: Int
  let components: Int
  /// The process: 0 baseline, 1 extended, 2 progressive, 3 lossless...
  let process: UInt8

  /// - Throws: `MedicalImageError.truncated`, `.damaged`, `.tooManyPixels` and, if read whole, `.tooManyScans`.
  init(_ bytes: [UInt8], name: String, limits: PictureLimits, extent: Extent) throws {
    var frame: Frame?
    var scans = 0
    var position = 2
    reading: while true {
      guard position < bytes.count else { throw MedicalImageError.truncated(name: name) }
      guard bytes[position] == 0xFF else {
        throw MedicalImageError.damaged(name: name, reason: "a JPEG marker is missing at byte \(position)")
      }
      while position < bytes.count, bytes[position] == 0xFF { position += 1 }  // fill bytes are allowed
      guard position < bytes.count else { throw MedicalImageError.truncated(name: name) }
      let marker = bytes[position]
      position += 1
      switch marker {
      case 0xD9: break reading  // end of image
      case 0x01, 0xD0...0xD7: continue  // markers without a segment
      case 0x00, 0xD8:
        throw MedicalImageError.damaged(name: name, reason: "a JPEG marker out of place at byte \(position - 1)")
      default: break
      }
      guard position + 2 <= bytes.count else { throw MedicalImageError.truncated(name: name) }
      let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
      guard length >= 2 else {
        throw MedicalImageError.damaged(name: name, reason: "a JPEG segment of length \(length) at byte \(position)")
      }
      guard position + length <= bytes.count else { throw MedicalImageError.truncated(name: name) }
      switch marker {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        guard frame == nil else { throw MedicalImageError.damaged(name: name, reason: "it has two frame headers") }
        frame = try Frame(bytes[position + 2..<position + length], marker: marker, name: name, limits: limits)
        if extent == .header { break reading }
        position += length
      case 0xDA:
        scans += 1
        guard scans <= limits.maximumScans else {
          throw MedicalImageError.tooManyScans(name: name, limit: limits.maximumScans)
        }
        position = Self.endOfEntropyCodedData(bytes, from: position + length)
      default:
        position += length
      }
    }
    guard let frame else { throw MedicalImageError.damaged(name: name, reason: "it has no frame header") }
    guard extent == .header || scans > 0 else {
      throw MedicalImageError.damaged(name: name, reason: "it has no picture data")
    }
    information = frame.information
    precision = frame.precision
    components = frame.components
    process = frame.process
  }

  /// The position of the next marker that is neither a restart nor a stuffed zero.
  private static func endOfEntropyCodedData(_ bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var position = start
      while position + 1 < bytes.count {
        if bytes[position] == 0xFF {
          let next = bytes[position + 1]
          if next != 0 && !(0xD0...0xD7).contains(next) && next != 0xFF { return position }
        }
        position += 1
      }
      return bytes.count
    }
  }

  private struct Frame {
    let information: PictureInformation
    let precision: Int
    let components: Int
    let process: UInt8

    /// - Parameter segment: the frame header after its length field.
    init(_ segment: ArraySlice<UInt8>, marker: UInt8, name: String, limits: PictureLimits) throws {
      let field = Array(segment)
      guard field.count >= 6, field.count == 6 + 3 * Int(field[5]) else {
        throw MedicalImageError.damaged(name: name, reason: "its frame header has a wrong length")
      }
      precision = Int(field[0])
      let height = Int(field[1]) << 8 | Int(field[2])
      let width = Int(field[3]) << 8 | Int(field[4])
      components = Int(field[5])
      process = marker & 0x0F
      guard width > 0, height > 0 else {
        throw MedicalImageError.damaged(name: name, reason: "its header says \(width) x \(height) pixels")
      }
      guard width * height <= limits.maximumPixels else {
        throw MedicalImageError.tooManyPixels(name: name, width: width, height: height, limit: limits.maximumPixels)
      }
      var mode =
        switch components {
        case 1: "L"
        case 3: "RGB"
        case 4: "CMYK"
        default: "\(components) components"
        }
      if precision != 8 { mode += ";\(precision)" }
      information = PictureInformation(format: .jpeg, width: width, height: height, mode: mode)
    }
  }
}
