import Foundation

/// The time as downloads see it, so that tests need not wait.
public struct TransferClock: Sendable {
  /// Time since some fixed moment; never goes back.
  public let now: @Sendable () -> Duration
  /// Date and time, for a `Retry-After` that names one.
  public let date: @Sendable () -> Date
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  public let sleep: @Sendable (Duration) async throws -> Void

  public init(
    now: @escaping @Sendable () -> Duration, date: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.date = date
    self.sleep = sleep
  }

  public static let system: TransferClock = {
    let clock = ContinuousClock()
    let start = clock.now
    return TransferClock(
      now: { start.duration(to: clock.now) }, date: { Date() }, sleep: { try await clock.sleep(for: $0) })
  }()
}
