import Foundation
import Synchronization
import Transfers

/// How mirroring stands when a command ends.
public struct MirrorSummary: Equatable, Sendable {
  /// Runs of this store that the server does not have whole.
  public var waiting = 0
  /// Why, if something went wrong last; without secrets.
  public var reason: String?
  public var notes: [String] = []
  let server: String

  /// What a person is told at the end, line by line; nothing where all is well.
  public var lines: [String] {
    guard waiting > 0 else { return notes }
    return notes + [
      "\(waiting) \(waiting == 1 ? "run waits" : "runs wait") for \(server): nefro runs sync"
        + (reason.map { "\n  \($0)" } ?? "")
    ]
  }
}

/// Mirrors runs while they are recorded, beside the work and without ever stopping it.
///
/// It reads the store only; a server that is slow, broken or away costs the work nothing, and the end a few seconds.
public final class BackgroundMirror: Sendable {
  private let store: RunStore
  private let server: MLflowServer
  private let settings: APIClient.Settings
  private let interval: Duration
  private let state = Mutex(State())

  private struct State {
    var runs: [RunID] = []
    var marks: [RunID: String] = [:]
    var reason: String?
    var notes: [String] = []
    var isEnding = false
    var task: Task<Void, Never>?
  }

  /// - Parameters:
  ///   - settings: timeouts and clock. Calls are tried twice each: what fails is tried again with the next look.
  ///   - interval: between two looks into the store.
  public init(
    store: RunStore, server: MLflowServer, settings: APIClient.Settings = APIClient.Settings(idleTimeout: .seconds(30)),
    interval: Duration = .seconds(5)
  ) {
    var settings = settings
    settings.retries.attempts = min(settings.retries.attempts, 2)
    self.store = store
    self.server = server
    self.settings = settings
    self.interval = interval
  }

  /// Mirrors a run from now on, until `finish`, which must follow.
  ///
  /// - Throws: `StorageError` if the store cannot note it; nothing that has to do with the server.
  public func follow(_ run: RunID) throws {
    try store.enroll(run, on: server)
    state.withLock { state in
      state.runs.append(run)
      if state.task == nil {
        state.task = Task.detached(priority: .utility) { await self.work() }
      }
    }
  }

  /// Sends what is left, for a limited time.
  ///
  /// - Parameter patience: after that the rest is left to a later synchronization.
  public func finish(within patience: Duration = .seconds(5)) async -> MirrorSummary {
    let task = state.withLock { state in
      state.isEnding = true
      return state.task
    }
    if let task {
      let timer = Task.detached { [clock = settings.clock] in
        try? await clock.sleep(patience)
        task.cancel()
      }
      await task.value
      timer.cancel()
    }
    let waiting = (try? store.runsWaiting(for: server).count) ?? 0
    return state.withLock {
      MirrorSummary(waiting: waiting, reason: waiting > 0 ? $0.reason : nil, notes: $0.notes, server: server.name)
    }
  }

  private func work() async {
    do {
      try await RunMirror.with(store, server, settings: settings, passes: 1) { mirror in
        var failures = 0
        while !Task.isCancelled {
          let isLast = state.withLock { $0.isEnding }
          let isWhole = await look(mirror)
          failures = isWhole ? 0 : failures + 1
          if isLast {
            if isWhole { return }
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

  /// - Returns: whether the server has all that the store has.
  private func look(_ mirror: RunMirror) async -> Bool {
    var isWhole = true
    for run in state.withLock({ $0.runs }) {
      do {
        let mark = try store.changeMark(of: run)
        if state.withLock({ $0.marks[run] }) == mark { continue }
        let report = try await mirror.synchronize(run)
        state.withLock { state in
          state.marks[run] = mark
          state.reason = nil
          for note in report.notes where !state.notes.contains(note) { state.notes.append(note) }
        }
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
