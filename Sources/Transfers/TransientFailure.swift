import Foundation

/// A failure after which another try may succeed.
struct TransientFailure: Error {
  enum Kind: Equatable {
    case unreachable(address: String, reason: String)
    case silent(address: String, after: Duration, received: Int64)
    case lost(address: String, received: Int64, expected: Int64?, reason: String)
    case status(address: String, status: Int)
  }

  let kind: Kind
  let retryAfter: Duration?

  init(_ kind: Kind, retryAfter: Duration? = nil) {
    self.kind = kind
    self.retryAfter = retryAfter
  }

  /// What the user is told when no further try is made.
  func error(attempts: Int) -> TransferError {
    switch kind {
    case .unreachable(let address, let reason): .cannotConnect(address: address, reason: reason)
    case .silent(let address, let time, let received):
      .stalled(address: address, seconds: time / .seconds(1), received: received)
    case .lost(let address, let received, let expected, let reason):
      .connectionLost(address: address, received: received, expected: expected, reason: reason)
    case .status(let address, let status): .unavailable(address: address, status: status, attempts: attempts)
    }
  }

  func askedToWait(_ time: Duration) -> TransferError {
    guard case .status(let address, let status) = kind else { return error(attempts: 1) }
    return .askedToWait(address: address, status: status, seconds: (time / .seconds(1)).rounded())
  }
}
