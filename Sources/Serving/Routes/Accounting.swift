import Backbones
import Foundation
import HTTPTypes
import Hummingbird
import Inference
import Logging
import Storage
import Tracking

/// Around every request: errors become problems, the answer gets its id and headers, and one line is logged.
///
/// The line holds the route, not the path, and no query: a file name or a patient's name in an address stays out of it.
struct Accounting: RouterMiddleware {
  typealias Context = ServingContext

  let measurements: ServingMeasurements
  let routes: RouteRegistry

  func handle(
    _ request: Request, context: ServingContext, next: (Request, ServingContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    var cause: String?
    var path: String?
    do {
      response = try await next(request, context)
    } catch {
      var problem = Problem(error)
      if (error as? HTTPError)?.status == .notFound {
        let other = routes.otherMethods(at: request.uri.path)
        path = other?.path
        problem = other?.problem ?? .notFound
      }
      if problem.status.code >= 500, !(error is Problem) { cause = Self.words(error) }
      response = try problem.response(from: request, context: context)
      if problem.status == .notFound, path == nil, !(error is Problem),
        let page = try await routes.nowhere?(problem, request, context)
      {
        response = page
      }
      if Self.hasLongBody(request.head) { response.headers[.connection] = "close" }
    }
    Self.complete(&response.headers, request: context.id)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let route = path ?? context.endpointPath.map { $0 == "NotFound" ? "none" : $0 } ?? "none"
    let method = Self.known.contains(request.method) ? request.method.rawValue : "other"
    measurements.count(route: route, method: method, status: response.status.code, seconds: seconds)
    var line: Logger.Metadata = [
      "route": "\(route)", "method": "\(method)", "status": "\(response.status.code)",
      "milliseconds": "\((seconds * 10_000).rounded() / 10)",
    ]
    if let cause { line["error"] = "\(cause)" }
    let isOurFault = response.status.code >= 500 && response.status != .serviceUnavailable
    context.logger.log(level: isOurFault ? .error : .info, "request", metadata: line)
    return response
  }

  /// Errors whose texts hold nothing of a request are logged whole, of others the kind.
  private static func words(_ error: any Error) -> String {
    switch error {
    case is StorageError, is ServingError, is RegistryError, is TrackingError, is InferenceError, is BackboneError:
      "\(error)"
    default: String(reflecting: type(of: error))
    }
  }

  static let requestID = HTTPField.Name("X-Request-Id")!
  private static let known: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

  /// Adds what every answer has.
  static func complete(_ headers: inout HTTPFields, request id: String) {
    headers[requestID] = id
    headers[.xContentTypeOptions] = "nosniff"
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
  }

  /// Whether reading what the client still sends, only to keep the connection, is not worth it: who waited to be told to
  /// send it may send nothing any more.
  static func hasLongBody(_ head: HTTPRequest) -> Bool {
    if head.headerFields[.expect] != nil { return true }
    if head.headerFields[.transferEncoding] != nil { return true }
    return head.headerFields[.contentLength].map { (Int($0) ?? .max) > 1 << 20 } ?? false
  }
}
