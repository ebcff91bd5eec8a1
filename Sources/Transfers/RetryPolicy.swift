import Foundation

/// How often and how patiently a failed download is tried again.
///
/// Tried again are cut and stalled connections and the answers 408, 429 and 5xx. A retry goes on where the last
/// attempt stopped. An attempt that brought the file further than any before it starts the count anew, so a long
/// download over a bad line is not given up while it moves.
///
/// A server that has never answered is given up once the connect timeout has passed, whatever the count says: on a
/// closed network one should learn within seconds that there is no way out.
public struct RetryPolicy: Sendable, Equatable {
  /// Attempts without progress, the first one included.
  public var attempts: Int
  /// Before the second attempt; doubled each time.
  public var firstDelay: Duration
  public var maximumDelay: Duration
  /// A server's `Retry-After` is obeyed up to this; one that asks for more is given up.
  public var maximumRetryAfter: Duration

  public init(
    attempts: Int = 5, firstDelay: Duration = .milliseconds(500), maximumDelay: Duration = .seconds(30),
    maximumRetryAfter: Duration = .seconds(120)
  ) {
    precondition(attempts >= 1, "at least one attempt is needed")
    self.attempts = attempts
    self.firstDelay = firstDelay
    self.maximumDelay = maximumDelay
    self.maximumRetryAfter = maximumRetryAfter
  }

  public static let none = RetryPolicy(attempts: 1)

  /// How long a server asks to wait.
  ///
  /// - Parameter field: its `Retry-After`: whole seconds, or a date.
  /// - Returns: nil if it does not say, or not so that it can be understood.
  static func wait(asked field: String?, clock: TransferClock) -> Duration? {
    guard let field else { return nil }
    if let seconds = wholeNumber(field) { return .seconds(seconds) }
    return HTTPDate.parse(field).map { .seconds(max(0, $0.timeIntervalSince(clock.date()))) }
  }

  /// The pause after `failures` failed attempts in a row.
  package func delay(afterFailures failures: Int) -> Duration {
    var delay = firstDelay
    for _ in 1..<max(1, failures) where delay < maximumDelay { delay *= 2 }
    return min(delay, maximumDelay)
  }
}
