import Foundation
import HTTPTypes

/// The pictures of a request, as they came: files in memory, without names.
struct Upload: Equatable, Sendable {
  var pictures: [Data]
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
      pictures = [body]
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

  init(pictures: [Data], isStudy: Bool = false) {
    self.pictures = pictures
    self.isStudy = isStudy
  }

  private static func form(_ form: MultipartForm) throws -> Upload {
    var upload = Upload(pictures: [])
    for part in form.parts {
      if part.isFile {
        upload.pictures.append(part.content)
      } else if part.name == "study" {
        upload.isStudy = try flag(String(decoding: part.content, as: UTF8.self), name: "study")
      }
    }
    return upload
  }

  private struct Document: Decodable {
    var image: String?
    var images: [String]?
    var study: Bool?
  }

  private static func json(_ body: Data, limit: Int) throws -> Upload {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: body)
    } catch {
      throw Problem.badRequest(
        "The body is not as described: {\"image\": \"<base64>\"} or {\"images\": [\"<base64>\", …], \"study\": true}.")
    }
    let texts = (document.image.map { [$0] } ?? []) + (document.images ?? [])
    guard texts.count <= limit else {
      throw Problem.tooLarge("The request has \(texts.count) pictures; \(limit) are allowed.")
    }
    return Upload(
      pictures: try texts.enumerated().map { try picture(base64: $1, position: $0) }, isStudy: document.study ?? false)
  }

  /// Base64, or a `data:` URL of it.
  static func picture(base64 text: String, position: Int) throws -> Data {
    var text = Substring(text)
    if text.hasPrefix("data:"), let comma = text.firstIndex(of: ",") { text = text[text.index(after: comma)...] }
    guard let data = Data(base64Encoded: String(text)), !data.isEmpty else {
      throw Problem.badRequest("Picture \(position + 1) is not in base64.")
    }
    return data
  }

  static func flag(_ text: String, name: String) throws -> Bool {
    switch text.lowercased().trimmingCharacters(in: .whitespacesAndNewlines) {
    case "true", "1", "on": true
    case "false", "0", "off", "": false
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
