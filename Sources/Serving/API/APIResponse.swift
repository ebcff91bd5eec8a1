import Foundation
import HTTPTypes
import Hummingbird

extension Response {
  /// A JSON answer.
  static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) throws -> Response {
    .content(try APIJSON.encode(value), "application/json", status: status, headers: headers)
  }

  static func content(
    _ data: Data, _ mediaType: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = mediaType
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
  }

  static func content(
    _ text: String, _ mediaType: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    .content(Data(text.utf8), mediaType, status: status, headers: headers)
  }
}

extension Request {
  /// A small JSON body.
  ///
  /// - Throws: `Problem`: 415, 413, 400 with what it should be.
  func json<Value: Decodable>(
    _ type: Value.Type, shape: String, context: ServingContext
  ) async throws -> Value {
    guard ContentType(headers[.contentType] ?? "").name == "application/json" else {
      throw Problem(.unsupportedMediaType, code: "unsupported_media_type", "Send it as application/json.")
    }
    let body = try await BodyReader(limit: 16 << 10, context: context).read(self)
    do {
      return try APIJSON.decode(type, from: body)
    } catch {
      throw Problem.badRequest("The body is not as described: \(shape)")
    }
  }
}
