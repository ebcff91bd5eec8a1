import Foundation
import Synchronization
import Transfers

/// Mirrors runs while they are recorded, beside the work and without ever stopping it.
///
/// It reads the store only; a server that is slow, broken or away costs the work nothing, and the end a few seconds.
/// Models in MLflow's form and registered models come last, when the work is over: they take processor, memory and
/// line.
public final class BackgroundMirror: Sendable {
  private let store: RunStore
  private let server: MLflowServer
  private let packager: ModelPackager?
  private let settings: APIClient.Settings
  private let interval: Duration
  private let state = Mutex(State())

  private struct State {
    var runs: [RunID] = []
    var models: [String] = []
    var marks: [RunID: String] = [:]
    var reason: String?
    var notes: [String] = []
    var isEnding = false
    /// All but the models is there.
    var isSendingModels = false
    var task: Task<Void, Never>?
  }

  /// - Parameters:
  ///   - packager: makes what MLflow can load of a model.
  ///   - settings: timeouts and clock. Calls are tried twice each: what fails is tried again with the next look.
  ///   - interval: between two looks into the store.
  public init(
    store: RunStore, server: MLflowServer, packager: ModelPackager? = nil,
    settings: APIClient.Settings = APIClient.Settings(idleTimeout: .seconds(30)), interval: Duration = .seconds(5)
  ) {
    var settings = settings
    settings.retries.attempts = min(settings.retries.attempts, 2)
    self.store = store
    self.server = server
    self.packager = packager
    self.settings = settings
    self.interval = interval
  }

  /// Mirrors a run from now on, until `finish`, which must follow.
  ///
  /// - Throws: `StorageError` if the store cannot note it; nothing that has to do with the server.
  public func follow(_ run: RunID) throws {
    try store.enroll(run, on: server)
    begin { $0.runs.append(run) }
  }

  /// Mirrors a registered model, with the runs of its versions, at the end.
  ///
  /// - Throws: as `follow(_:)` for a run.
  public func follow(model name: String) throws {
    try store.enroll(model: name, on: server)
    begin { $0.models.append(name) }
  }

  private func begin(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      if state.task == nil {
        state.task = Task.detached(priority: .utility) { await self.work() }
      }
    }
  }

  /// Sends what is left, for a limited time.
  ///
  /// - Parameters:
  ///   - patience: after that the rest is left to a later synchronization.
  ///   - forModels: in place of it once all but the models is there: the server answers, and they are large.
  public func finish(within patience: Duration = .seconds(5), forModels: Duration = .seconds(60)) async
    -> MirrorSummary
  {
    let task = state.withLock { state in
      state.isEnding = true
      return state.task
    }
    if let task {
      let timer = Task.detached { [clock = settings.clock] in
        try? await clock.sleep(patience)
        if self.state.withLock({ $0.isSendingModels }) { try? await clock.sleep(forModels - patience) }
        task.cancel()
      }
      await task.value
      timer.cancel()
    }
    let runs = (try? store.runsWaiting(for: server).count) ?? 0
    let models = (try? store.modelsWaiting(for: server).count) ?? 0
    return state.withLock {
      MirrorSummary(
        waitingRuns: runs, waitingModels: models, reason: runs + models > 0 ? $0.reason : nil, notes: $0.notes,
        server: server.name)
    }
  }

  private func work() async {
    do {
      try await RunMirror.with(store, server, settings: settings, packager: packager, passes: 1) { mirror in
        var failures = 0
        while !Task.isCancelled {
          let isLast = state.withLock { $0.isEnding }
          let isWhole = await look(mirror)
          failures = isWhole ? 0 : failures + 1
          if isLast {
            if isWhole { return try await sendModels(mirror) }
            // What went wrong may be over in a moment; `finish` sets the end.
            try await settings.clock.sleep(.milliseconds(500))
          } else {
            try await pause(after: failures)
          }
        }
      }
    } catch is CancellationError {
    } catch {
      state.withLock { $0.reason = "\(error)" }
    }
  }

  /// The models of the runs, and registered ones. What fails three times is left for later.
  private func sendModels(_ mirror: RunMirror) async throws {
    // More patience is for a server that answers.
    _ = try await mirror.limits()
    let (runs, models) = state.withLock { state in
      state.isSendingModels = true
      return (state.runs, state.models)
    }
    let waiting = try store.runsWaiting(for: server)
    for subject in runs.filter(waiting.contains).map(MirrorSubject.run) + models.map(MirrorSubject.model) {
      for attempt in 1...3 {
        do {
          accept(try await mirror.synchronize(subject))
          break
        } catch let error where !(error is CancellationError) {
          state.withLock { $0.reason = "\(error)" }
          guard RunMirror.isTransient(error), attempt < 3 else { break }
          try await settings.clock.sleep(.milliseconds(500 * attempt))
        }
      }
    }
  }

  private func accept(_ report: MirrorReport) {
    state.withLock { state in
      state.reason = nil
      for note in report.notes where !state.notes.contains(note) { state.notes.append(note) }
    }
  }

  /// - Returns: whether the server has all that the store has of the runs, but for models in MLflow's form.
  private func look(_ mirror: RunMirror) async -> Bool {
    var isWhole = true
    for run in state.withLock({ $0.runs }) {
      do {
        let mark = try store.changeMark(of: run)
        if state.withLock({ $0.marks[run] }) == mark { continue }
        accept(try await mirror.synchronize(run, leavingModel: true))
        state.withLock { $0.marks[run] = mark }
      } catch is CancellationError {
        return false
      } catch {
        isWhole = false
        state.withLock { $0.reason = "\(error)" }
        // A refusal stays one until a person has changed something.
        if !RunMirror.isTransient(error) { state.withLock { $0.marks[run] = try? store.changeMark(of: run) } }
      }
    }
    return isWhole
  }

  private func pause(after failures: Int) async throws {
    var rest = min(interval * (1 << min(failures, 4)), .seconds(60))
    while rest > .zero, !state.withLock({ $0.isEnding }) {
      let step = min(rest, .milliseconds(200))
      try await settings.clock.sleep(step)
      rest -= step
    }
  }
}
