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
  /// Tokens that were valid a moment ago.
  let recent: RecentTokens
  let refusals: RefusalLog
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
    recent = RecentTokens()
    refusals = RefusalLog(options.logger)
    kept = KeptPictures(capacity: options.limits.keptPictureBytes)
    runs = RunsOnDemand(folder: options.store, clock: options.clock)
    readiness = Readiness()
    jobs = JobStore(records: records)
    try jobs.markInterrupted()
    training = JobRunner(
      program: options.program, project: options.project, store: options.store, jobs: jobs,
      pulseTime: .seconds(options.limits.pulseSeconds), clock: options.clock)
  }

  /// 32 hexadecimal digits that cannot be guessed.
  func newIdentity() -> String {
    let random = options.random
    return (0..<2).map { _ in
      let text = String(random(), radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
  }

  /// What a request that brings pictures is let in with, before anything of its body is read.
  struct Admission: Sendable {
    /// Bytes that it holds.
    let memory: MemoryBudget.Share
    /// Of its pictures in the queue: one, until they are counted.
    let places: PredictionQueue.Places
  }

  /// A place for a request that takes memory and the network's time.
  ///
  /// - Throws: `Problem` 503 when there is none.
  func admit() throws(Problem) -> Admission {
    guard let places = queue.places(1) else { throw busy("queue") }
    guard let memory = budget.share(bytes: 0) else { throw busy("requests") }
    return Admission(memory: memory, places: places)
  }

  /// What is full, if a request that brings pictures would be refused now; nil if it would not.
  var fullPart: String? { !queue.hasRoom ? "queue" : !budget.hasRoom ? "requests" : nil }

  /// Takes places for all of a request's pictures, of which one was taken when it was let in.
  ///
  /// - Throws: 503 where there are not as many left; 413 where there never are, since waiting would not help.
  func take(pictures count: Int, for admission: Admission) throws(Problem) {
    guard count > 1, !admission.places.take(count - 1) else { return }
    guard count <= limits.waitingPictures else {
      throw .tooLarge("The request has \(count) pictures; \(limits.waitingPictures) may wait. Send fewer at a time.")
    }
    throw busy("queue")
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

  /// In seconds.
  var retryAfter: Int { measurements.retryAfter(waiting: queue.promised) }

  /// Notes in the audit trail what somebody asks for or has seen: on the disk when this returns.
  func note(
    _ action: AuditEntry.Action, _ context: ServingContext, subject: String? = nil, model: String? = nil,
    detail: String? = nil
  ) async throws {
    let entry = AuditEntry(
      time: clock(), actor: context.principal.id, action: action, subject: subject, model: model, request: context.id,
      detail: detail)
    try await audit.records.writing { [audit] in try audit.add(entry) }
  }

  func busy(_ reason: String) -> Problem {
    measurements.countRefusal(reason)
    return .busy(retryAfter: retryAfter)
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
