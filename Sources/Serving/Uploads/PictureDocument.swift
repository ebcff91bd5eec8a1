import Foundation

/// The JSON that brings pictures. Its texts stay where they are in the body; what it does not know is stepped over.
package struct PictureDocument: Sendable {
  /// `image`; nil where it is not there or null.
  package private(set) var image: JSONText?
  /// `images`, in their order.
  package private(set) var images: [JSONText] = []
  /// `study`; nil where it is not there or null.
  package private(set) var isStudy: Bool?

  private enum Name: String {
    case image, images, study

    init?(_ text: JSONScanner.Text, of body: Data) {
      // With each letter escaped it would have this length.
      guard text.range.count <= 36, let name = JSONText(text, of: body).ascii else { return nil }
      self.init(rawValue: String(decoding: name, as: UTF8.self))
    }
  }

  /// - Parameters:
  ///   - body: UTF-8, whole.
  ///   - limit: of pictures; nil where `image` alone is known.
  /// - Throws: `Problem` 413 as soon as there are more pictures; `JSONFault` for anything else that is wrong.
  package init(_ body: Data, limit: Int?) throws {
    do {
      try body.withUnsafeBytes { bytes in
        var scanner = JSONScanner(bytes)
        var seen: Set<Name> = []
        try scanner.members { scanner, text in
          guard let name = Name(text, of: body), limit != nil || name == .image else { return try scanner.skipValue() }
          // Which of two counts would be anybody's guess.
          guard seen.insert(name).inserted else { throw JSONScanner.Fault() }
          if try scanner.takeNull() { return }
          switch name {
          case .image: image = JSONText(try scanner.text(), of: body)
          case .study: isStudy = try scanner.boolean()
          case .images:
            try scanner.elements { scanner in
              images.append(JSONText(try scanner.text(), of: body))
              if let limit, images.count > limit {
                throw Problem.tooLarge("The request has more than the \(limit) pictures that are allowed.")
              }
            }
          }
        }
        try scanner.finish()
      }
    } catch is JSONScanner.Fault {
      throw JSONFault()
    }
  }
}

/// What comes is not JSON, or not of the shape that is needed.
package struct JSONFault: Error, Equatable {}

/// A text within a JSON body, sharing its memory.
package struct JSONText: Sendable {
  /// As it is written, without its quotes.
  let written: Data
  /// Whether some characters are written with a backslash.
  let isEscaped: Bool

  init(_ text: JSONScanner.Text, of body: Data) {
    written = body[body.startIndex + text.range.lowerBound..<body.startIndex + text.range.upperBound]
    isEscaped = text.isEscaped
  }

  /// Bytes that `ascii` makes a copy of.
  var bytesOfCopy: Int { isEscaped ? written.count : 0 }

  /// What it means, a copy only where it is escaped; nil if a `\u` in it means something beyond ASCII.
  package var ascii: Data? {
    guard isEscaped else { return written }
    var meant = Data(capacity: written.count)
    var place = written.startIndex
    while place < written.endIndex {
      guard written[place] == UInt8(ascii: "\\") else {
        meant.append(written[place])
        place += 1
        continue
      }
      switch written[place + 1] {
      case UInt8(ascii: "b"): meant.append(8)
      case UInt8(ascii: "f"): meant.append(12)
      case UInt8(ascii: "n"): meant.append(10)
      case UInt8(ascii: "r"): meant.append(13)
      case UInt8(ascii: "t"): meant.append(9)
      case UInt8(ascii: "u"):
        let digits = String(decoding: written[place + 2..<place + 6], as: UTF8.self)
        guard let byte = UInt8(digits, radix: 16), byte < 0x80 else { return nil }
        meant.append(byte)
        place += 4
      case let byte: meant.append(byte)
      }
      place += 2
    }
    return meant
  }
}
