import Inference
import MedicalImages
import Synchronization

/// The pictures of one request on their way through the network.
final class QueuedJob: Sendable {
  let model: ServedModel
  let pictures: [Picture]
  /// Is told how many of the pictures a pass has taken.
  let onTaken: @Sendable (Int) -> Void
  private let progress: Mutex<Progress>

  private struct Progress {
    var taken = 0
    var answers: [Answer?]
    var missing: Int
    /// Answered, failed or given up: nothing more is to be computed.
    var isOver = false
    var continuation: CheckedContinuation<[Answer], any Error>?
  }

  /// One picture of one job.
  struct Place {
    var job: QueuedJob
    var index: Int
  }

  init(_ model: ServedModel, _ pictures: [Picture], onTaken: @escaping @Sendable (Int) -> Void) {
    self.model = model
    self.pictures = pictures
    self.onTaken = onTaken
    progress = Mutex(Progress(answers: Array(repeating: nil, count: pictures.count), missing: pictures.count))
  }

  /// Pictures that no pass has taken, and that somebody still waits for.
  var untaken: Int { progress.withLock { $0.isOver ? 0 : pictures.count - $0.taken } }

  /// - Returns: false if the job was given up before it began; its error has been told then.
  func begin(_ continuation: CheckedContinuation<[Answer], any Error>) -> Bool {
    let isOver = progress.withLock { progress in
      if !progress.isOver { progress.continuation = continuation }
      return progress.isOver
    }
    if isOver { continuation.resume(throwing: CancellationError()) }
    return !isOver
  }

  func deliver(_ answer: Answer, at index: Int) {
    let (continuation, answers) = progress.withLock {
      progress -> (CheckedContinuation<[Answer], any Error>?, [Answer]) in
      guard !progress.isOver else { return (nil, []) }
      progress.answers[index] = answer
      progress.missing -= 1
      guard progress.missing == 0 else { return (nil, []) }
      progress.isOver = true
      defer { progress.continuation = nil }
      return (progress.continuation, progress.answers.compactMap { $0 })
    }
    continuation?.resume(returning: answers)
  }

  /// Ends the job with an error, once.
  func fail(_ error: any Error) {
    let continuation = progress.withLock { progress in
      progress.isOver = true
      defer { progress.continuation = nil }
      return progress.continuation
    }
    continuation?.resume(throwing: error)
  }

  /// - Returns: nil for a job that is over.
  private func next() -> (index: Int, isLast: Bool)? {
    progress.withLock { progress in
      guard !progress.isOver else { return nil }
      progress.taken += 1
      return (progress.taken - 1, progress.taken == pictures.count)
    }
  }

  /// Takes one picture from each job in turn, of those with the first one's model, until there are enough. Jobs that are
  /// over, since a pass has failed or their client has gone, are left out.
  static func take(_ most: Int, from jobs: inout [QueuedJob]) -> [Place] {
    jobs.removeAll { $0.untaken == 0 }
    guard let identity = jobs.first?.model.identity else { return [] }
    var places: [Place] = []
    var others: [QueuedJob] = []
    var turn = jobs.filter { job in
      let fits = job.model.identity == identity
      if !fits { others.append(job) }
      return fits
    }
    while places.count < most, !turn.isEmpty {
      let job = turn.removeFirst()
      guard let (index, isLast) = job.next() else { continue }
      places.append(Place(job: job, index: index))
      if !isLast { turn.append(job) }
    }
    // Those of another model have waited as long: they come first in the next pass.
    jobs = others + turn
    return places
  }
}
