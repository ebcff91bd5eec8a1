import Dispatch
import Serving
import Testing

/// Keeps a server's network busy, so that what comes waits for as long as a test wants.
final class BusyNetwork: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let work: Task<Void, any Error>

  /// Returns when the network does nothing else.
  init(_ queue: PredictionQueue) async {
    let (busy, begun) = AsyncStream.makeStream(of: Void.self)
    work = Task { [semaphore] in
      try await queue.run {
        begun.finish()
        semaphore.wait()
      }
    }
    for await _ in busy {}
  }

  func goOn() async throws {
    semaphore.signal()
    try await work.value
  }

  /// Waits for something that happens soon, a minute at most.
  static func until(_ sentence: String, _ holds: @Sendable () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await !holds() {
      try #require(ContinuousClock.now < end, "\(sentence)")
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
