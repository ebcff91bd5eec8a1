import Foundation

/// A body of `multipart/form-data` (RFC 7578) in its parts.
package struct MultipartForm: Equatable, Sendable {
  package struct Part: Equatable, Sendable {
    /// The form's field.
    package var name: String
    /// Whether it is a file; its name is forgotten here.
    package var isFile: Bool
    /// A part of the body, not a copy: it keeps all of the body in memory.
    package var content: Data
  }

  package private(set) var parts: [Part] = []

  private static let headerLimit = 8 << 10

  /// - Parameters:
  ///   - boundary: from the content type: 1 to 70 characters.
  ///   - limit: of parts.
  /// - Throws: `Problem`: 400 for a form that is not whole, 413 for too many parts.
  package init(_ body: Data, boundary: String, limit: Int) throws {
    guard (1...70).contains(boundary.utf8.count) else {
      throw Self.damaged("its boundary has \(boundary.utf8.count) bytes")
    }
    let delimiter = Array("\r\n--\(boundary)".utf8)
    parts = try body.withUnsafeBytes { try Self.parts($0, of: body, delimiter: delimiter, limit: limit) }
  }

  private static func parts(
    _ bytes: UnsafeRawBufferPointer, of body: Data, delimiter: [UInt8], limit: Int
  ) throws -> [Part] {
    var parts: [Part] = []
    // The first delimiter may stand at the very beginning, without a line before it.
    guard var place = opening(bytes, delimiter) else { throw damaged("its boundary does not occur") }
    while true {
      // Behind a delimiter: "--" ends the form, else a line end, perhaps after spaces.
      if bytes[place...].starts(with: Array("--".utf8)) { return parts }
      while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
      guard bytes[place...].starts(with: [13, 10]) else { throw damaged("a boundary's line does not end") }
      guard parts.count < limit else { throw Problem.tooLarge("The form has more than \(limit) parts.") }
      let (name, isFile, start) = try header(bytes, from: place + 2)
      guard let end = find(delimiter, in: bytes, from: start - 2) else { throw damaged("it is cut short") }
      // An empty part's delimiter shares its line end with the header.
      let content = end < start ? Data() : body[body.startIndex + start..<body.startIndex + end]
      parts.append(Part(name: name, isFile: isFile, content: content))
      place = end + delimiter.count
    }
  }

  private static func opening(_ bytes: UnsafeRawBufferPointer, _ delimiter: [UInt8]) -> Int? {
    if bytes.starts(with: delimiter.dropFirst(2)) { return delimiter.count - 2 }
    return find(delimiter, in: bytes, from: 0).map { $0 + delimiter.count }
  }

  /// - Returns: the field's name, whether it is a file, and where its content begins.
  private static func header(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) throws -> (name: String, isFile: Bool, content: Int) {
    var name: String?
    var isFile = false
    var line = start
    while true {
      guard let end = find([13, 10], in: bytes, from: line, within: headerLimit) else {
        throw damaged("a part's header does not end")
      }
      if end == line { break }
      guard end - start <= headerLimit else { throw damaged("a part's header is longer than \(headerLimit) bytes") }
      let text = String(decoding: bytes[line..<end], as: UTF8.self)
      let pair = text.split(separator: ":", maxSplits: 1)
      if pair.count == 2 {
        let value = String(pair[1])
        switch pair[0].lowercased().trimmingCharacters(in: .whitespaces) {
        case "content-disposition":
          let disposition = ContentType(value)
          name = disposition.parameters["name"]
          if disposition.parameters["filename"] != nil || disposition.parameters["filename*"] != nil { isFile = true }
        case "content-type":
          if ContentType(value).name.hasPrefix("image/") { isFile = true }
        default: break
        }
      }
      line = end + 2
    }
    guard let name else { throw damaged("a part has no name") }
    return (name, isFile, line + 2)
  }

  /// Where `pattern` occurs first.
  private static func find(
    _ pattern: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int, within: Int = .max
  ) -> Int? {
    let last = bytes.count - pattern.count
    guard start >= 0, start <= last, let base = bytes.baseAddress else { return nil }
    let end = within < last - start ? start + within : last
    var place = start
    while place <= end {
      guard let hit = memchr(base + place, Int32(pattern[0]), end - place + 1) else { return nil }
      place = base.distance(to: UnsafeRawPointer(hit))
      if memcmp(base + place, pattern, pattern.count) == 0 { return place }
      place += 1
    }
    return nil
  }

  private static func damaged(_ reason: String) -> Problem {
    .badRequest("The body is not a whole form of multipart/form-data: \(reason).")
  }
}
