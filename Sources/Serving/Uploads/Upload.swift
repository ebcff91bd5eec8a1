import Foundation
import HTTPTypes

/// The pictures of a request, as they came: files in memory, without names.
struct Upload: Sendable {
  /// A picture's file before it is taken out.
  enum Picture: Sendable {
    /// All of a body, or a part of it that shares its memory.
    case file(Data)
    /// A text of a body that should be base64, or a `data:` URL of it.
    case base64(JSONText)

    /// Bytes that taking it out needs beside the body, of which `bytesOfCopy` are free again afterwards.
    var bytesToTakeOut: Int {
      switch self {
      case .file: 0
      case .base64(let text): text.written.count / 4 * 3 + 3 + text.bytesOfCopy
      }
    }

    /// Bytes of a text without its escapes, while it is read.
    var bytesOfCopy: Int {
      switch self {
      case .file: 0
      case .base64(let text): text.bytesOfCopy
      }
    }
  }

  /// Counted, but not taken out: nobody's base64 is decoded before there is room for all of it.
  private(set) var pictures: [Picture]
  /// Whether they belong together.
  var isStudy = false

  static let mediaTypes = [
    "image/png", "image/jpeg", "application/octet-stream", "multipart/form-data", "application/json",
  ]

  /// - Parameters:
  ///   - body: whole.
  ///   - contentType: the header; nil if there is none.
  ///   - limit: of pictures.
  /// - Throws: `Problem`: 400, 413, 415.
  init(_ body: Data, contentType: String?, limit: Int) throws {
    let type = ContentType(contentType ?? "")
    switch type.name {
    case "image/png", "image/jpeg", "application/octet-stream":
      guard !body.isEmpty else { throw Problem.badRequest("The body is empty; it should be a picture.") }
      pictures = [.file(body)]
    case "multipart/form-data":
      guard let boundary = type.parameters["boundary"] else {
        throw Problem.badRequest("The form has no boundary in its Content-Type.")
      }
      self = try Self.form(MultipartForm(body, boundary: boundary, limit: limit + 16))
    case "application/json":
      self = try Self.json(body, limit: limit)
    default:
      throw Problem(
        .unsupportedMediaType, code: "unsupported_media_type",
        "Send a picture as \(Self.mediaTypes.dropLast().joined(separator: ", ")) or in \(Self.mediaTypes.last!).")
    }
    guard !pictures.isEmpty else { throw Problem.badRequest("There is no picture in the request.") }
    guard pictures.count <= limit else {
      throw Problem.tooLarge("The request has \(pictures.count) pictures; \(limit) are allowed.")
    }
  }

  init(pictures: [Picture], isStudy: Bool = false) {
    self.pictures = pictures
    self.isStudy = isStudy
  }

  /// Takes a picture's file out.
  ///
  /// - Throws: `Problem` 400 for what is no base64.
  func takeOut(_ position: Int) throws -> Data {
    switch pictures[position] {
    case .file(let file): file
    case .base64(let text): try Self.picture(base64: text, position: position)
    }
  }

  private static func form(_ form: MultipartForm) throws -> Upload {
    var upload = Upload(pictures: [])
    for part in form.parts {
      if part.isFile {
        upload.pictures.append(.file(part.content))
      } else if part.name == "study" {
        upload.isStudy = try flag(String(decoding: part.content, as: UTF8.self), name: "study")
      }
    }
    return upload
  }

  private static func json(_ body: Data, limit: Int) throws -> Upload {
    let document: PictureDocument
    do {
      document = try PictureDocument(body, limit: limit)
    } catch is JSONFault {
      throw Problem.badRequest(
        "The body is not as described: {\"image\": \"<base64>\"} or {\"images\": [\"<base64>\", …], \"study\": true}.")
    }
    let texts = (document.image.map { [$0] } ?? []) + document.images
    return Upload(pictures: texts.map { .base64($0) }, isStudy: document.isStudy ?? false)
  }

  /// Base64, or a `data:` URL of it.
  private static func picture(base64 text: JSONText, position: Int) throws -> Data {
    guard var bytes = text.ascii else { throw notBase64(position) }
    if bytes.starts(with: Data("data:".utf8)), let comma = bytes.firstIndex(of: UInt8(ascii: ",")) {
      bytes = bytes[bytes.index(after: comma)...]
    }
    guard let data = Data(base64Encoded: bytes), !data.isEmpty else { throw notBase64(position) }
    return data
  }

  private static func notBase64(_ position: Int) -> Problem {
    .badRequest("Picture \(position + 1) is not in base64.")
  }

  static func flag(_ text: String, name: String) throws -> Bool {
    switch text {
    case "true": true
    case "false": false
    default: throw Problem.badRequest("'\(name)' is neither true nor false.")
    }
  }
}

/// A header such as `multipart/form-data; boundary="x"`.
package struct ContentType: Equatable, Sendable {
  /// In lower case.
  package var name: String
  package var parameters: [String: String] = [:]

  package init(_ header: String) {
    var pieces = Self.pieces(of: header)
    name = pieces.isEmpty ? "" : pieces.removeFirst().trimmingCharacters(in: .whitespaces).lowercased()
    for piece in pieces {
      let pair = piece.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard pair.count == 2 else { continue }
      var value = pair[1]
      if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
        value = String(value.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
      }
      parameters[pair[0].lowercased()] = value
    }
  }

  /// Splits at semicolons outside quotes.
  private static func pieces(of header: String) -> [String] {
    var pieces = [""]
    var (isQuoted, isEscaped) = (false, false)
    for character in header {
      if isEscaped {
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      }
      if character == ";", !isQuoted {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(character)
      }
    }
    return pieces
  }
}
