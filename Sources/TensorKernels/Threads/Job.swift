import Synchronization

/// One call of `ThreadPool.run`: the indices still to claim and the helpers that take part.
///
/// Unchecked: the body is shared between threads on purpose, and lives on the caller's stack until the
/// last helper has left.
final class Job: @unchecked Sendable {
  typealias Body = (_ index: Int, _ worker: Int) -> Void

  private let body: UnsafePointer<Body>
  private let count: Int
  private let next = Atomic<Int>(0)
  /// Helpers that are inside; raised and lowered under the crew's lock, read without.
  let helpers = Atomic<Int>(0)

  init(body: UnsafePointer<Body>, count: Int) {
    self.body = body
    self.count = count
  }

  var hasUnclaimedWork: Bool { next.load(ordering: .relaxed) < count }

  /// Claims and works until nothing is left to claim.
  func work(as worker: Int) {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body.pointee(index, worker)
    }
  }
}
