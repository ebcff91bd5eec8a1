import Synchronization

/// What one client hears of a training, from the moment at which it began to watch until nobody holds this any more.
final class JobWatch: Sendable {
  /// The job as it was then.
  let job: TrainingJob
  /// Everything since then; the latest thousand where the client is slow.
  let events: AsyncStream<JobEvent>
  /// Where events are told.
  let continuation: AsyncStream<JobEvent>.Continuation
  private let over = Atomic(false)

  /// - Parameter onEnd: is told that nobody listens any more.
  init(_ job: TrainingJob, onEnd: @escaping @Sendable () -> Void) {
    self.job = job
    (events, continuation) = AsyncStream.makeStream(of: JobEvent.self, bufferingPolicy: .bufferingNewest(1000))
    continuation.onTermination = { _ in onEnd() }
  }

  deinit { continuation.finish() }

  /// Whether nothing more is to be heard, not even what waits.
  var isOver: Bool { over.load(ordering: .relaxed) }

  /// Nothing more is heard.
  func end() {
    over.store(true, ordering: .relaxed)
    continuation.finish()
  }
}
