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

/// Whether the model answers, asked of it at most every few seconds however often somebody looks.
final class Readiness: Sendable {
  private let last = Mutex<(time: ContinuousClock.Instant, model: Prediction.Model, isReady: Bool)?>(nil)

  func isReady(_ model: ServedModel, queue: PredictionQueue) async -> Bool {
    let known = last.withLock { $0 }
    if let known, known.model == model.identity, ContinuousClock.now - known.time < .seconds(5) { return known.isReady }
    let isReady = (try? await queue.run { try model.isSteady() }) ?? false
    last.withLock { $0 = (.now, model.identity, isReady) }
    return isReady
  }
}
