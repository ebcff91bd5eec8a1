import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Takes a body in, as far as it is allowed.
struct BodyReader {
  /// In bytes.
  let limit: Int
  /// Of the request.
  let context: ServingContext

  /// - Parameter reserve: is told of each piece before it is kept, and may refuse it.
  /// - Throws: `Problem`: 413, 400 for a body that ends before its length; what `reserve` throws.
  func read(_ request: Request, reserve: (Int) throws -> Void = { _ in }) async throws -> Data {
    let length = request.headers[.contentLength].flatMap { Int($0) }
    guard length ?? 0 <= limit else { throw tooLarge }
    askIfAwaited(request)
    // As large as it says it will be, so that it is not copied while it grows; what is not written takes no memory.
    var body = length.map { Data(capacity: $0) } ?? Data()
    do {
      for try await piece in request.body {
        guard body.count + piece.readableBytes <= limit else { throw tooLarge }
        try reserve(piece.readableBytes)
        body.append(contentsOf: piece.readableBytesView)
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem.badRequest("The body is broken off, or its pieces are not as HTTP writes them.")
    }
    if let length, body.count != length { throw Problem.badRequest("The body ended before its Content-Length.") }
    return body
  }

  /// Some clients send a body only when they are told to, or wait for a second (RFC 9110, 10.1.1).
  private func askIfAwaited(_ request: Request) {
    guard request.headers[.expect]?.lowercased() == "100-continue" else { return }
    context.connection.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)), promise: nil)
  }

  private var tooLarge: Problem { .tooLarge("The body is larger than the \(limit) bytes that are allowed.") }
}
