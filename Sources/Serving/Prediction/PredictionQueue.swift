import Dispatch
import Inference
import MedicalImages
import Synchronization

/// Gathers the pictures of all requests into passes through the network.
///
/// While a pass runs, what comes in waits and shares the next one: no request waits for company. Pictures are taken from
/// the requests in turn, so that one slice does not wait for somebody's three hundred. One pass runs at a time; it uses
/// every processor. Other work with a network has its turn after each pass, one piece of it.
public final class PredictionQueue: Sendable {
  private let limits: ServingLimits
  private let measurements: ServingMeasurements
  private let state = Mutex(State())
  /// Everything that computes with a network runs here, one after the other.
  private let worker = DispatchQueue(label: "nefro.network", qos: .userInitiated)

  private struct State {
    var jobs: [QueuedJob] = []
    /// The oldest first.
    var works: [@Sendable () -> Void] = []
    var isRunning = false
    /// Pictures that requests may bring or have brought, and no pass has taken.
    var promised = 0

    /// Whether the worker must be started, which it then is.
    mutating func starts() -> Bool {
      defer { isRunning = true }
      return !isRunning
    }
  }

  package init(limits: ServingLimits, measurements: ServingMeasurements) {
    self.limits = limits
    self.measurements = measurements
  }

  /// Pictures that wait for a pass.
  package var waiting: Int { state.withLock { $0.jobs.reduce(0) { $0 + $1.untaken } } }

  /// Pictures that wait, and places that are taken for those which are on their way.
  package var promised: Int { state.withLock { $0.promised } }

  /// Pieces of other work that wait for their turn.
  package var worksWaiting: Int { state.withLock { $0.works.count } }

  /// Whether one more request may come.
  var hasRoom: Bool { promised < limits.waitingPictures }

  /// A request's places in the queue: taken before its body is read, given back one by one as passes take its pictures,
  /// and whatever is left when nobody holds it any more.
  package final class Places: Sendable {
    private let queue: PredictionQueue
    private let count: Mutex<Int>

    fileprivate init(_ queue: PredictionQueue, _ count: Int) {
      self.queue = queue
      self.count = Mutex(count)
    }

    /// - Returns: false if there are not as many left.
    package func take(_ more: Int) -> Bool {
      guard queue.promise(more) else { return false }
      count.withLock { $0 += more }
      return true
    }

    fileprivate func give(back less: Int) {
      let given = count.withLock { count in
        let given = min(less, count)
        count -= given
        return given
      }
      queue.release(given)
    }

    deinit { queue.release(count.withLock { $0 }) }
  }

  /// - Returns: nil if there are not as many left.
  package func places(_ count: Int) -> Places? { promise(count) ? Places(self, count) : nil }

  private func promise(_ more: Int) -> Bool {
    state.withLock { state in
      guard state.promised + more <= limits.waitingPictures else { return false }
      state.promised += more
      return true
    }
  }

  private func release(_ count: Int) { state.withLock { $0.promised -= count } }

  /// - Parameters:
  ///   - pictures: at least one.
  ///   - places: of the request, given back as its pictures are taken.
  /// - Returns: their answers, in order, all by `model`.
  /// - Throws: what the model throws; `CancellationError` as soon as the task is cancelled: what waits is taken out then.
  package func answers(
    for pictures: [Picture], by model: ServedModel, in places: Places? = nil
  ) async throws -> [Answer] {
    precondition(!pictures.isEmpty, "a request has pictures")
    let job = QueuedJob(model, pictures) { places?.give(back: $0) }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let starts = state.withLock { state in
          guard job.begin(continuation) else { return false }
          state.jobs.append(job)
          return state.starts()
        }
        if starts { worker.async { [self] in step() } }
      }
    } onCancel: {
      state.withLock { state in state.jobs.removeAll { $0 === job } }
      job.fail(CancellationError())
    }
  }

  /// Runs other work with a network when its turn comes: one piece after each pass.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      _ = enqueue(most: .max) { continuation.resume(with: Result(catching: work)) }
    }
  }

  /// As `run`, unless as much work waits as may.
  ///
  /// - Returns: nil if there is no room.
  func runIfRoom<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value? {
    try await withCheckedThrowingContinuation { continuation in
      let isIn = enqueue(most: limits.waitingExplanations) {
        continuation.resume(with: Result { Optional(try work()) })
      }
      if !isIn { continuation.resume(returning: nil) }
    }
  }

  /// - Parameter most: pieces of work that may wait.
  /// - Returns: false if as many wait already.
  private func enqueue(most: Int, _ work: @escaping @Sendable () -> Void) -> Bool {
    let (isIn, starts) = state.withLock { state in
      guard state.works.count < most else { return (false, false) }
      state.works.append(work)
      return (true, state.starts())
    }
    if starts { worker.async { [self] in step() } }
    return isIn
  }

  // MARK: -

  /// One pass and one piece of other work, then the rest as new work.
  private func step() {
    let (places, work, before) = state.withLock { state in
      // A job that is let go gives its places back, which takes this lock: that must come after it.
      let before = state.jobs
      let places = QueuedJob.take(limits.batch, from: &state.jobs)
      let work = state.works.isEmpty ? nil : state.works.removeFirst()
      if places.isEmpty, work == nil { state.isRunning = false }
      return (places, work, before)
    }
    withExtendedLifetime(before) {}
    guard !places.isEmpty || work != nil else { return }
    for place in places { place.job.onTaken(1) }
    if !places.isEmpty { pass(places) }
    work?()
    worker.async { [self] in step() }
  }

  private func pass(_ places: [QueuedJob.Place]) {
    let start = ContinuousClock.now
    let result = Result {
      try places[0].job.model.classifier.answers(for: places.map { $0.job.pictures[$0.index] })
    }
    measurements.count(batch: places.count, seconds: (ContinuousClock.now - start) / .seconds(1))
    for (number, place) in places.enumerated() {
      switch result {
      case .success(let answers): place.job.deliver(answers[number], at: place.index)
      case .failure(let error): place.job.fail(error)
      }
    }
  }
}
