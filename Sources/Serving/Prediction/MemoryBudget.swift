import Synchronization

/// How many bytes of bodies and pictures, and how many requests, are in memory at a time. Who gets no share is refused
/// at once, before anything of theirs is read.
final class MemoryBudget: Sendable {
  private let bytes: Int
  private let requests: Int
  private let used = Mutex((bytes: 0, requests: 0))

  init(bytes: Int, requests: Int) {
    self.bytes = bytes
    self.requests = requests
  }

  /// A request's share; given back when nobody holds it any more.
  final class Share: Sendable {
    private let budget: MemoryBudget
    private let held: Mutex<Int>

    fileprivate init(_ budget: MemoryBudget, bytes: Int) {
      self.budget = budget
      held = Mutex(bytes)
    }

    /// - Returns: false if there is not as much left.
    func grow(by more: Int) -> Bool {
      guard budget.take(bytes: more, requests: 0) else { return false }
      held.withLock { $0 += more }
      return true
    }

    /// Whether there would be as much if nobody else held anything.
    func mayEverGrow(by more: Int) -> Bool { held.withLock { $0 } + more <= budget.bytes }

    /// Gives some of it back early.
    func shrink(by less: Int) {
      held.withLock { $0 -= less }
      budget.giveBack(bytes: less, requests: 0)
    }

    deinit { budget.giveBack(bytes: held.withLock { $0 }, requests: 1) }
  }

  /// - Returns: nil if there is not as much left.
  func share(bytes: Int) -> Share? { take(bytes: bytes, requests: 1) ? Share(self, bytes: bytes) : nil }

  /// Whether one more request may come.
  var hasRoom: Bool { used.withLock { $0.requests } < requests }

  /// For measurements and tests.
  var inUse: (bytes: Int, requests: Int) { used.withLock { $0 } }

  private func take(bytes more: Int, requests count: Int) -> Bool {
    used.withLock { used in
      guard used.bytes + more <= bytes, used.requests + count <= requests else { return false }
      used.bytes += more
      used.requests += count
      return true
    }
  }

  private func giveBack(bytes: Int, requests count: Int) {
    used.withLock { used in
      used.bytes -= bytes
      used.requests -= count
    }
  }
}
