import Foundation

/// A tag of a web page: enough of HTML to read a form, tolerant of everything else.
package struct HTMLTag: Equatable, Sendable {
  /// In lower case; of an end tag with its slash, "/form".
  package let name: String
  /// Names in lower case, values decoded.
  package let attributes: [String: String]

  /// All tags of `html`, in order, comments left out.
  package static func all(in html: String) -> [HTMLTag] {
    var tags: [HTMLTag] = []
    var scanner = Scanner(html)
    while let tag = scanner.nextTag() { tags.append(tag) }
    return tags
  }

  /// Replaces the character references that occur in forms: the five named ones and numbers.
  package static func decode(_ text: some StringProtocol) -> String {
    let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    var result = ""
    var rest = Substring(text)
    while let ampersand = rest.firstIndex(of: "&") {
      result += rest[..<ampersand]
      rest = rest[ampersand...]
      let name = rest.dropFirst().prefix(10).prefix { $0 != ";" }
      let end = rest.index(rest.startIndex, offsetBy: name.count + 1, limitedBy: rest.endIndex) ?? rest.endIndex
      var character = named[String(name)]
      if name.hasPrefix("#") {
        let digits = name.dropFirst()
        let code =
          digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
        character = code.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
      }
      if let character, end < rest.endIndex, rest[end] == ";" {
        result += character
        rest = rest[rest.index(after: end)...]
      } else {
        result += "&"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  /// Walks through the bytes of a page once.
  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    init(_ html: String) { bytes = Array(html.utf8) }

    mutating func nextTag() -> HTMLTag? {
      while position < bytes.count {
        guard bytes[position] == UInt8(ascii: "<") else {
          position += 1
          continue
        }
        if bytes[position...].starts(with: "<!--".utf8) {
          skipComment()
          continue
        }
        position += 1
        let name = word { $0 == UInt8(ascii: "/") }
        if name.isEmpty || name == "/" { continue }
        return HTMLTag(name: name, attributes: attributes())
      }
      return nil
    }

    private mutating func skipComment() {
      position += 4
      while position < bytes.count, !bytes[position...].starts(with: "-->".utf8) { position += 1 }
      position = min(bytes.count, position + 3)
    }

    /// Letters, digits and the like, in lower case; a first byte that `first` accepts as well.
    private mutating func word(first: (UInt8) -> Bool) -> String {
      let start = position
      if position < bytes.count, first(bytes[position]) { position += 1 }
      while position < bytes.count, !isSpace(bytes[position]), !"<>=/\"'".utf8.contains(bytes[position]) {
        position += 1
      }
      return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    }

    private mutating func attributes() -> [String: String] {
      var found: [String: String] = [:]
      while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
        let name = word { _ in false }
        guard !name.isEmpty else {
          position += 1
          continue
        }
        skipSpace()
        var value = ""
        if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
          position += 1
          skipSpace()
          value = attributeValue()
        }
        // As browsers do: of two attributes of one name, the first counts.
        if found[name] == nil { found[name] = value }
      }
      position = min(bytes.count, position + 1)
      return found
    }

    private mutating func attributeValue() -> String {
      guard position < bytes.count else { return "" }
      let quote = bytes[position]
      let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      if isQuoted { position += 1 }
      let start = position
      while position < bytes.count,
        isQuoted ? bytes[position] != quote : !isSpace(bytes[position]) && bytes[position] != UInt8(ascii: ">")
      {
        position += 1
      }
      let value = HTMLTag.decode(String(decoding: bytes[start..<position], as: UTF8.self))
      if isQuoted { position = min(bytes.count, position + 1) }
      return value
    }

    private mutating func skipSpace() {
      while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
  }
}
