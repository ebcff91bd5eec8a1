import Dispatch
import Foundation
import Hummingbird
import Inference
import Logging
import Synchronization
import Tracking

/// What the routes of a server share.
public struct ServingRoom: Sendable {
  /// As the server was started with them.
  public let options: ServingOptions
  /// Who may ask.
  public let tokens: TokenStore
  /// Who did what.
  public let audit: AuditTrail
  /// Every answer that was given.
  public let results: ResultStore
  /// What persons said of answers.
  public let feedback: FeedbackStore
  /// The model that answers.
  public let models: ModelSlot
  /// Pictures on their way through the network.
  public let queue: PredictionQueue
  /// What is counted since the start, for Prometheus.
  public let measurements: ServingMeasurements
  let budget: MemoryBudget
  let kept: KeptPictures
  let runs: RunsOnDemand
  let readiness: Readiness
  let jobs: JobStore
  let training: JobRunner
  /// Pictures are decoded and the database is waited for here, never on threads that serve connections.
  let worker = DispatchQueue(label: "nefro.serving", attributes: .concurrent)

  var limits: ServingLimits { options.limits }
  var clock: @Sendable () -> Date { options.clock }

  /// - Throws: what opening the store and loading the model throw.
  init(_ options: ServingOptions, records: ServingRecords, source: ModelSource) throws {
    self.options = options
    tokens = TokenStore(records)
    audit = AuditTrail(records)
    results = ResultStore(records)
    feedback = FeedbackStore(records)
    models = try ModelSlot(source)
    measurements = ServingMeasurements(started: options.clock())
    queue = PredictionQueue(limits: options.limits, measurements: measurements)
    budget = MemoryBudget(bytes: options.limits.memoryBytes, requests: options.limits.requests)
    kept = KeptPictures(capacity: options.limits.keptPictureBytes)
    runs = RunsOnDemand(folder: options.store, clock: options.clock)
    readiness = Readiness()
    jobs = JobStore(records: records)
    try jobs.markInterrupted()
    training = JobRunner(
      program: options.program, project: options.project, store: options.store, jobs: jobs, clock: options.clock)
  }

  /// 32 hexadecimal digits that cannot be guessed.
  func newIdentity() -> String {
    let random = options.random
    return (0..<2).map { _ in
      let text = String(random(), radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
  }

  /// A place for a request that takes memory and the network's time.
  ///
  /// - Throws: `Problem` 503 when there is none.
  func admit() throws -> MemoryBudget.Share {
    guard queue.hasRoom else { throw busy("queue") }
    guard let share = budget.share(bytes: 0) else { throw busy("requests") }
    return share
  }

  /// Bytes of bodies and pictures that requests hold.
  package var memoryInUse: Int { budget.inUse.bytes }

  /// Takes memory for a request.
  ///
  /// - Throws: 503 where there is not as much left; 413 where there never is, since waiting would not help.
  func take(_ bytes: Int, for share: MemoryBudget.Share) throws(Problem) {
    guard !share.grow(by: bytes) else { return }
    guard share.mayEverGrow(by: bytes) else {
      throw .tooLarge("This takes more memory than the \(limits.memoryBytes) bytes there are. Send less at a time.")
    }
    throw busy("memory")
  }

  func busy(_ reason: String) -> Problem {
    measurements.countRefusal(reason)
    return .busy(retryAfter: measurements.retryAfter(waiting: queue.waiting))
  }
}

/// The project's runs, opened when they are first asked for: a server works where there is none.
final class RunsOnDemand: Sendable {
  private let folder: URL
  private let clock: @Sendable () -> Date
  private let opened = Mutex<RunStore?>(nil)

  init(folder: URL, clock: @escaping @Sendable () -> Date) {
    self.folder = folder
    self.clock = clock
  }

  /// Nil where nothing was ever recorded.
  func store() throws -> RunStore? {
    try opened.withLock { opened in
      if opened == nil, RunStore.exists(at: folder) { opened = try RunStore(at: folder, clock: clock) }
      return opened
    }
  }
}

/// Whether the model answers, asked of it at most every five seconds however often somebody looks: all who look while it
/// is asked wait for that one answer.
final class Readiness: Sendable {
  private struct Look {
    var time: ContinuousClock.Instant
    var model: Prediction.Model
    var answer: Task<Bool, Never>
  }

  private let last = Mutex<Look?>(nil)

  func isReady(_ model: ServedModel, queue: PredictionQueue) async -> Bool {
    let answer = last.withLock { last in
      let now = ContinuousClock.now
      if let last, last.model == model.identity, now - last.time < .seconds(5) { return last.answer }
      let answer = Task { (try? await queue.run { try model.isSteady() }) ?? false }
      last = Look(time: now, model: model.identity, answer: answer)
      return answer
    }
    return await answer.value
  }
}
