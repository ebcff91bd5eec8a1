import Dispatch
import Synchronization

/// Whether the task that waits for some blocking work has been cancelled.
final class CancellationFlag: Sendable {
  private let isCancelled = Atomic(false)

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// - Throws: `CancellationError` if `cancel` was called.
  func check() throws {
    if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
  }
}

/// Runs blocking work away from Swift's own few threads, which must not be blocked.
///
/// - Parameter body: asks the flag now and then whether it is still wanted.
func offTheCooperativePool<Result: Sendable>(
  _ body: @escaping @Sendable (CancellationFlag) throws -> Result
) async throws -> Result {
  let flag = CancellationFlag()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Swift.Result { try body(flag) })
      }
    }
  } onCancel: {
    flag.cancel()
  }
}
