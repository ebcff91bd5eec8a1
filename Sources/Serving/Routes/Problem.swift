import Foundation
import HTTPTypes
import Hummingbird
import Inference
import MedicalImages

/// An error as a client sees it: RFC 9457's `application/problem+json`, with a code for programs and the request's id.
public struct Problem: Error, HTTPResponseError, Equatable {
  /// Its reason phrase is the document's `title`.
  public var status: HTTPResponse.Status
  /// For programs; it does not change with the language.
  public var code: String
  /// For persons: what, where, what to do. It never holds what the client sent.
  public var detail: String
  /// Sent beside `Content-Type`, such as `Retry-After` or `Allow`.
  public var headers: HTTPFields

  /// - Parameters:
  ///   - status: 400 or more.
  ///   - code: for programs, in lower case with underscores.
  ///   - detail: for persons; it must not hold what the client sent.
  ///   - headers: beside `Content-Type`.
  public init(_ status: HTTPResponse.Status, code: String, _ detail: String, headers: HTTPFields = [:]) {
    self.status = status
    self.code = code
    self.detail = detail
    self.headers = headers
  }

  struct Document: Codable, Equatable {
    var type = "about:blank"
    var title: String
    var status: Int
    var code: String
    var detail: String
    var requestId: String?
  }

  func document(request: String?) -> Document {
    Document(title: status.reasonPhrase, status: status.code, code: code, detail: detail, requestId: request)
  }

  static let mediaType = "application/problem+json"

  /// The answer to a request: the document with the request's id.
  ///
  /// - Throws: `EncodingError`.
  public func response(from request: Request, context: some RequestContext) throws -> Response {
    var headers = headers
    headers[.contentType] = Self.mediaType
    return Response(
      status: status, headers: headers,
      body: .init(byteBuffer: ByteBuffer(bytes: try APIJSON.encode(document(request: context.id)))))
  }
}

extension Problem {
  static func badRequest(_ detail: String) -> Problem { Problem(.badRequest, code: "bad_request", detail) }

  static let unauthenticated = Problem(
    .unauthorized, code: "unauthenticated",
    "A valid token is needed: send it as 'Authorization: Bearer nefro_…'. An administrator makes one with 'nefro tokens create'.",
    headers: [.wwwAuthenticate: "Bearer realm=\"nefro\""])

  static func forbidden(_ role: Role) -> Problem {
    Problem(.forbidden, code: "forbidden", "This takes the role \(role.rawValue). Ask an administrator for a token with it.")
  }

  static let notFound = Problem(
    .notFound, code: "not_found", "There is nothing of that name that you may see.")

  static func tooLarge(_ detail: String) -> Problem { Problem(.contentTooLarge, code: "too_large", detail) }

  static func busy(retryAfter seconds: Int) -> Problem {
    Problem(
      .serviceUnavailable, code: "busy", "Too many pictures wait already. Come back in \(seconds) s.",
      headers: [.retryAfter: "\(seconds)"])
  }

  /// Nobody reads it: it stands in the log and in the measurements.
  static let clientGone = Problem(
    .init(code: 499, reasonPhrase: "Client Gone"), code: "client_gone",
    "The client left before its answer was ready, or the server had to end. Ask again.")

  /// What an error that a handler threw means to the client. One that is nobody's fault but ours says nothing of itself.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case is CancellationError: self = .clientGone
    case let error as MedicalImageError: self = Problem(picture: error)
    case let error as HTTPError where error.status == .contentTooLarge:
      self = .tooLarge("The body is larger than allowed.")
    case let error as HTTPError where error.status.code < 500:
      self = Problem(error.status, code: "bad_request", "The request cannot be understood.")
    default:
      self = Problem(
        .internalServerError, code: "internal",
        "The server could not answer. Its log says more under the request's id.")
    }
  }

  private init(picture error: MedicalImageError) {
    let (status, code): (HTTPResponse.Status, String) =
      switch error {
      case .notAPicture: (.unsupportedMediaType, "not_a_picture")
      case .unsupported: (.unsupportedMediaType, "unsupported_picture")
      case .fileTooLarge, .tooManyPixels, .tooManyScans: (.contentTooLarge, "too_large")
      case .truncated, .damaged: (.unprocessableContent, "damaged_picture")
      case .unreadable, .invalidSetting, .cannotEncode: (.internalServerError, "internal")
      }
    self = Problem(status, code: code, error.description)
  }
}
