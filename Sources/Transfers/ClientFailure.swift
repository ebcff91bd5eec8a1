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
      let reason = (error as? HTTPClientError)?.shortDescription ?? String(text.prefix(200))
      let codes = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, ETIMEDOUT]
      self = .other(
        reason: reason,
        isUnconnected: error is NIOConnectionError || (error as? IOError).map { codes.contains($0.errnoCode) } == true)
    }
  }
}
