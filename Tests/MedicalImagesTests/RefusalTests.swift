import Foundation
import MedicalImages
import TestSupport
import Testing

/// Bad input: each a clear error that says what to do.
struct RefusalTests {
  private func error(_ data: Data, limits: PictureLimits = .init()) -> MedicalImageError? {
    do {
      _ = try PictureReader.decode(data, name: "slice.jpg", limits: limits)
      return nil
    } catch {
      return error as? MedicalImageError
    }
  }

  @Test func `a text file is told by its content`() {
    #expect(
      error(Data("patient list\n1\n".utf8)) == .notAPicture(name: "slice.jpg", content: "plain text"))
    #expect(
      error(Data("<!DOCTYPE html><html>quota exceeded</html>".utf8))
        == .notAPicture(name: "slice.jpg", content: "a web page"))
    #expect(error(Data())?.description.contains("the file is empty") == true)
    #expect(error(Data(repeating: 0, count: 900)) == .notAPicture(name: "slice.jpg", content: "nothing but zero bytes"))
    var dicom = Data(repeating: 0, count: 128)
    dicom.append(contentsOf: Array("DICM....".utf8))
    #expect(error(dicom) == .notAPicture(name: "slice.jpg", content: "a DICOM object"))
    let message = MedicalImageError.notAPicture(name: "slice.jpg", content: "plain text").description
    #expect(message.contains("slice.jpg") && message.contains("Convert it to 8-bit PNG or JPEG"))
  }

  @Test(arguments: [
    ("GIF89a....", "a GIF picture"), ("II*\0....", "a TIFF picture"), ("RIFF....WEBPVP8 ", "a WebP picture"),
    ("PK\u{3}\u{4}....", "a ZIP archive"), ("%PDF-1.7", "a PDF document"),
    ("BM..........................", "a BMP picture"),
  ])
  func `other formats are named`(_ content: String, _ name: String) {
    #expect(error(Data(content.utf8)) == .notAPicture(name: "slice.jpg", content: name))
  }

  @Test func `CMYK and 16 bits are named, with what to do`() throws {
    let expected = [
      ("cmyk.jpg", "CMYK", "grey or RGB"), ("grey-16-bit.png", "I;16", "window"),
      ("rgb-16-bit.png", "RGB;16", "window"),
      ("rgba-16-bit.png", "RGBA;16", "window"),
    ]
    for (file, mode, advice) in expected {
      let found = try #require(error(Golden.data(file)))
      guard case .unsupported(_, mode, _) = found else {
        Issue.record("\(file): \(found)")
        continue
      }
      #expect(found.description.contains(advice) && found.description.contains("slice.jpg"))
    }
    #expect(expected.count == Golden.refused.count)
  }

  /// A frame header of the given kind in an otherwise good JPEG.
  private func jpeg(_ change: (inout Data, _ frame: Int) -> Void, file: String = "rgb-444.jpg") throws -> Data {
    var data = try Golden.data(file)
    let frame = try #require((0..<data.count - 1).first { data[$0] == 0xFF && (0xC0...0xC2).contains(data[$0 + 1]) })
    change(&data, frame)
    return data
  }

  @Test func `12-bit and lossless JPEGs are named`() throws {
    let twelve = try error(
      jpeg { data, frame in
        data[frame + 1] = 0xC1
        data[frame + 4] = 12
      })
    guard case .unsupported(_, "RGB;12", _) = twelve else {
      Issue.record("\(String(describing: twelve))")
      return
    }
    let lossless = try error(jpeg { data, frame in data[frame + 1] = 0xC3 })
    #expect(lossless?.description.contains("lossless") == true)
  }

  @Test func `a header of 60,000 x 60,000 is refused before anything is allocated`() throws {
    let data = try jpeg { data, frame in
      for (offset, byte) in [0xEA, 0x60, 0xEA, 0x60].enumerated() { data[frame + 5 + offset] = UInt8(byte) }
    }
    #expect(error(data) == .tooManyPixels(name: "slice.jpg", width: 60000, height: 60000, limit: 64_000_000))
    #expect(throws: MedicalImageError.tooManyPixels(name: "x", width: 60000, height: 60000, limit: 64_000_000)) {
      try PictureReader.information(of: data, name: "x")
    }
    let png = PNGForger.file(width: 60000, height: 60000, depth: 8, colorType: 2)
    #expect(error(png) == .tooManyPixels(name: "slice.jpg", width: 60000, height: 60000, limit: 64_000_000))
    let largest = PNGForger.file(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF, depth: 8, colorType: 2)
    #expect(
      error(largest) == .tooManyPixels(name: "slice.jpg", width: 0x7FFF_FFFF, height: 0x7FFF_FFFF, limit: 64_000_000))
  }

  @Test func `a limit counts its own value as allowed`() throws {
    let data = try Golden.data("grey.png")  // 37 x 29 = 1073
    #expect(error(data, limits: PictureLimits(maximumPixels: 1073)) == nil)
    #expect(
      error(data, limits: PictureLimits(maximumPixels: 1072))
        == .tooManyPixels(name: "slice.jpg", width: 37, height: 29, limit: 1072))
    #expect(error(data, limits: PictureLimits(maximumFileBytes: data.count)) == nil)
    #expect(
      error(data, limits: PictureLimits(maximumFileBytes: data.count - 1))
        == .fileTooLarge(name: "slice.jpg", bytes: data.count, limit: data.count - 1))
  }

  @Test func `impossible PNG headers are refused`() {
    for (width, height) in [(0, 5), (5, 0), (0x8000_0000, 1)] {
      let found = error(PNGForger.file(width: width, height: height, depth: 8, colorType: 2))
      #expect(found == .damaged(name: "slice.jpg", reason: "its header says \(width) x \(height) pixels"))
    }
    #expect(
      error(PNGForger.file(width: 5, height: 5, depth: 4, colorType: 2))?.description.contains("colour type 2") == true)
  }

  @Test func `a JPEG of a thousand scans is refused`() throws {
    // Repeating the last scan keeps the stream well formed.
    let data = try Golden.data("grey-progressive.jpg")
    let lastScan = try #require((0..<data.count - 1).last { data[$0] == 0xFF && data[$0 + 1] == 0xDA })
    let scan = data[lastScan..<data.count - 2]
    var bomb = data[..<lastScan]
    for _ in 0..<1000 { bomb += scan }
    bomb += [0xFF, 0xD9]
    #expect(error(bomb) == .tooManyScans(name: "slice.jpg", limit: 100))
  }

  @Test func `a cut JPEG and a cut PNG are errors, as are those that lack only their last mark`() throws {
    for file in ["rgb-420.jpg", "grey.jpg", "rgb-420-progressive.jpg", "rgb.png", "palette.png"] {
      let data = try Golden.data(file)
      for count in [data.count / 2, data.count - 2, data.count - 1] {
        #expect(error(data.prefix(count)) == .truncated(name: "slice.jpg"), "\(file) cut to \(count)")
      }
    }
    #expect(MedicalImageError.truncated(name: "a").description.contains("Fetch or copy it again"))
  }

  @Test func `a JPEG whose data are cut out before its end mark is damaged`() throws {
    let data = try Golden.data("rgb-420.jpg")
    let cut = data.prefix(data.count - 400) + [0xFF, 0xD9]
    guard case .damaged(_, let reason) = error(Data(cut)) else {
      Issue.record("it was decoded")
      return
    }
    #expect(reason.contains("premature end"))
  }

  @Test func `a PNG with a flipped bit anywhere is refused`() throws {
    let data = try Golden.data("grey.png")
    for offset in 0..<data.count {
      var flipped = data
      flipped[offset] ^= 1 << (offset % 8)
      #expect(error(flipped) != nil, "byte \(offset)")
    }
  }

  @Test func `files that cannot be read are told`() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appending(path: "missing.jpg")
      #expect(throws: MedicalImageError.unreadable(name: missing.path, reason: "No such file or directory")) {
        try PictureReader.read(missing)
      }
      #expect(throws: MedicalImageError.unreadable(name: folder.path, reason: "it is a folder")) {
        try PictureReader.read(folder)
      }
      let pipe = folder.appending(path: "pipe.jpg")
      #expect(mkfifo(pipe.path, 0o600) == 0)
      #expect(throws: MedicalImageError.unreadable(name: pipe.path, reason: "it is not a regular file")) {
        try PictureReader.read(pipe)
      }
      let big = folder.appending(path: "big.jpg")
      try Data(count: 5000).write(to: big)
      #expect(throws: MedicalImageError.fileTooLarge(name: big.path, bytes: 5000, limit: 4999)) {
        try PictureReader.information(of: big, limits: PictureLimits(maximumFileBytes: 4999))
      }
    }
  }
}

/// PNG files with any header.
enum PNGForger {
  static func file(width: Int, height: Int, depth: UInt8, colorType: UInt8) -> Data {
    let header = number(width) + number(height) + [depth, colorType, 0, 0, 0]
    return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      + chunk("IHDR", header) + chunk("IDAT", [0x78, 0x9C, 3, 0, 0, 0, 0, 1]) + chunk("IEND", [])
  }

  private static func number(_ value: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func chunk(_ kind: String, _ content: [UInt8]) -> Data {
    chunk(kind: Array(kind.utf8), content)
  }

  static func chunk(kind: [UInt8], _ content: [UInt8]) -> Data {
    let body = kind + content
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in body {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }
    return Data(number(content.count) + body + number(Int(~sum)))
  }
}
