import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// What an error of the HTTP client means, without what its long descriptions may quote, such as header fields.
enum ClientFailure {
  /// Nothing came for the idle timeout.
  case silent
  case closed
  case noConnectionInTime
  case untrusted
  /// Something else; `isUnconnected` if there was no connection at all.
  case other(reason: String, isUnconnected: Bool)

  init(_ error: any Error) {
    let text = String(describing: error)
    if text.contains("CERTIFICATE_VERIFY_FAILED") || (error as? NIOSSLError) == .unableToValidateCertificate {
      self = .untrusted
      return
    }
    switch error as? HTTPClientError {
    case .readTimeout?, .writeTimeout?: self = .silent
    case .remoteConnectionClosed?: self = .closed
    case .connectTimeout?: self = .noConnectionInTime
    default:
      if error is NIOSSLError || error is NIOSSLExtraError {
        self = .other(reason: "no encrypted connection can be agreed on", isUnconnected: true)
        return
      }
      let codes = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, ETIMEDOUT]
      self = .other(
        reason: Self.words(error),
        isUnconnected: error is NIOConnectionError || (error as? IOError).map { codes.contains($0.errnoCode) } == true)
    }
  }

  /// The reason in words for a person, where it is a known one.
  private static func words(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: return error.shortDescription
    case let error as NIOConnectionError:
      // No address was tried: its name has none.
      guard let first = error.connectionErrors.first?.error else { return "its name is not known (DNS)" }
      return words(first)
    case let error as IOError: return words(code: error.errnoCode)
    default:
      return String(describing: type(of: error)) == "HTTPParserError"
        ? "what answers there does not speak HTTP" : String(String(describing: error).prefix(200))
    }
  }

  private static func words(code: CInt) -> String {
    switch code {
    case ECONNREFUSED: "nothing answers at that port (connection refused)"
    case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL: "this machine has no way to it"
    case ETIMEDOUT: "it did not answer in time"
    case ECONNRESET, EPIPE: "the other side broke it off"
    default: String(cString: strerror(code))
    }
  }
}
