import Dispatch

/// Threads on which loopback servers make their answers.
///
/// Tests that compute can hold all threads of the cooperative pool for a minute. A server that waited for one of them
/// would seem silent, and its client would rightly give it up.
final class AnsweringThreads: TaskExecutor {
  static let shared = AnsweringThreads()

  private let queue = DispatchQueue(label: "loopback-servers", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
