import Digests
import Synchronization

/// Tokens that the database called valid within the last seconds.
///
/// They open nothing: whoever is let in was looked up in the database. They only tell a request that must be refused
/// anyway, because all is busy, from one of a stranger, who is told nothing.
final class RecentTokens: Sendable {
  /// How long a token counts as recent.
  static let time: Duration = .seconds(5)
  /// More are not remembered.
  static let capacity = 1024

  private let seen = Mutex<[ContentDigest: ContinuousClock.Instant]>([:])

  func remember(_ token: AccessToken) {
    let now = ContinuousClock.now
    let digest = token.digest
    seen.withLock { seen in
      if seen.count >= Self.capacity, seen[digest] == nil { seen = seen.filter { now - $0.value < Self.time } }
      if seen.count < Self.capacity || seen[digest] != nil { seen[digest] = now }
    }
  }

  func forget(_ token: AccessToken) {
    let digest = token.digest
    seen.withLock { $0[digest] = nil }
  }

  func contains(_ token: AccessToken) -> Bool {
    let digest = token.digest
    return seen.withLock { $0[digest] }.map { ContinuousClock.now - $0 < Self.time } ?? false
  }
}
