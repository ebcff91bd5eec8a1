import Dispatch
import Foundation
import Synchronization

/// Runs one training at a time as a process of its own: this program's `train`. Nothing of it runs in the server, and
/// the model that answers stays what it is until an administrator changes it.
final class JobRunner: Sendable {
  private let program: URL
  private let project: URL
  private let store: URL
  private let jobs: JobStore
  private let clock: @Sendable () -> Date
  /// Between two looks at those who watch.
  private let pulseTime: Duration
  private let state = Mutex(State())

  private struct State {
    var job: TrainingJob?
    /// Of the process; a signal goes to nobody else.
    var process: Process?
    /// The process reads its other end, and ends when it is closed: by us, or by the system when this server is gone,
    /// however it went.
    var lifeline: FileHandle?
    var isCancelled = false
    /// What came after the last line's end.
    var rest = Data()
    /// Not the watches themselves: each ends when its client lets it go.
    var watchers: [Int: AsyncStream<JobEvent>.Continuation] = [:]
    var nextWatcher = 0
    /// Lets those who watch know that somebody is still here, and the server that they are.
    var pulse: Task<Void, any Error>?
  }

  /// - Parameters:
  ///   - program: `nefro`.
  ///   - project: the folder that `train` works in.
  ///   - store: where it records its run.
  ///   - pulseTime: between two looks at those who watch, whether they are there and still may.
  init(
    program: URL, project: URL, store: URL, jobs: JobStore, pulseTime: Duration, clock: @escaping @Sendable () -> Date
  ) {
    self.program = program
    self.project = project
    self.store = store
    self.jobs = jobs
    self.pulseTime = pulseTime
    self.clock = clock
  }

  /// The job that runs; nil if none does.
  var current: TrainingJob? { state.withLock { $0.job } }

  /// Begins a training.
  ///
  /// - Throws: `Problem` 409 while another one runs; what starting a process and the store throw.
  func start(
    id: String, parameters: [String: String], resumes: Bool, by owner: Principal, request: String
  ) throws -> TrainingJob {
    let job = TrainingJob(
      id: id, state: .running, parameters: parameters, resumes: resumes, by: owner.name, started: clock(), ended: nil,
      run: nil, lines: [])
    let isFree = state.withLock { state in
      guard state.job == nil else { return false }
      state.job = job
      state.isCancelled = false
      state.rest = Data()
      return true
    }
    guard isFree else {
      throw Problem(.conflict, code: "training_runs", "A training runs already. Wait for it, or cancel it.")
    }
    do {
      try jobs.add(job, by: owner, request: request)
      try launch(job)
    } catch {
      finish(.failed)
      throw error
    }
    return job
  }

  private func launch(_ job: TrainingJob) throws {
    let process = Process()
    process.executableURL = program
    process.arguments =
      ["train", "--project", project.path, "--store", store.path, "--end-with-input"] + (job.resumes ? ["--resume"] : [])
      + job.parameters.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] }
    process.currentDirectoryURL = project
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    let reading = output.fileHandleForReading
    let ended = DispatchGroup()
    ended.enter()
    reading.readabilityHandler = { [self] handle in
      let data = handle.availableData
      if data.isEmpty {
        handle.readabilityHandler = nil
        ended.leave()
      } else {
        take(data)
      }
    }
    process.terminationHandler = { [self] process in
      // What it said last is read before its end is told.
      _ = ended.wait(timeout: .now() + 5)
      let isCancelled = state.withLock { $0.isCancelled }
      finish(process.terminationStatus == 0 ? .finished : isCancelled ? .cancelled : .failed)
    }
    let pulse = Task { [weak self] in
      while true {
        guard let time = self?.pulseTime else { return }
        try await Task.sleep(for: time)
        self?.pulse()
      }
    }
    state.withLock { state in
      state.process = process
      state.lifeline = input.fileHandleForWriting
      state.pulse = pulse
    }
    try process.run()
  }

  /// Takes what the process said, whole lines of it.
  private func take(_ data: Data) {
    state.withLock { state in
      state.rest += data
      var start = state.rest.startIndex
      while let end = state.rest[start...].firstIndex(where: { $0 == 10 || $0 == 13 }) {
        let line = String(String(decoding: state.rest[start..<end], as: UTF8.self).prefix(TrainingJob.lineLength))
        start = state.rest.index(after: end)
        if line.isEmpty { continue }
        state.job?.lines.append(line)
        if state.job?.lines.count ?? 0 > TrainingJob.lineLimit { state.job?.lines.removeFirst() }
        if let run = TrainingJob.run(in: line) { state.job?.run = run }
        for watcher in state.watchers.values { watcher.yield(.line(line)) }
      }
      state.rest = Data(state.rest[start...])
      // A line without an end must not fill the memory.
      if state.rest.count > 1 << 16 { state.rest = Data() }
    }
  }

  private func finish(_ how: TrainingJob.State) {
    let (job, watchers) = state.withLock { state -> (TrainingJob?, [AsyncStream<JobEvent>.Continuation]) in
      var job = state.job
      job?.state = how
      job?.ended = clock()
      state.job = nil
      state.process = nil
      state.lifeline = nil
      state.pulse?.cancel()
      state.pulse = nil
      defer { state.watchers = [:] }
      return (job, Array(state.watchers.values))
    }
    guard let job else { return }
    // A job that cannot be kept is still told to those who watch; the next start marks it as interrupted.
    try? jobs.end(job)
    for watcher in watchers {
      watcher.yield(.ended(job))
      watcher.finish()
    }
  }

  /// Ends a job's process; what it had at its last checkpoint stays, and `resumes` goes on from there.
  ///
  /// - Returns: false if that job does not run.
  func cancel(_ id: String) -> Bool {
    state.withLock { state in
      guard state.job?.id == id, let process = state.process, process.isRunning else { return false }
      state.isCancelled = true
      process.terminate()
      return true
    }
  }

  /// What is said from now on; nil if that job does not run.
  func watch(_ id: String) -> JobWatch? {
    state.withLock { state in
      guard let job = state.job, job.id == id else { return nil }
      let number = state.nextWatcher
      state.nextWatcher += 1
      let watch = JobWatch(job) { [weak self] in
        guard let self else { return }
        // `stop` ends streams from within the lock.
        DispatchQueue.global().async { self.state.withLock { _ = $0.watchers.removeValue(forKey: number) } }
      }
      state.watchers[number] = watch.continuation
      return watch
    }
  }

  private func pulse() { state.withLock { for watcher in $0.watchers.values { watcher.yield(.pulse) } } }

  /// Ends what runs, for the server's own end.
  func stop() {
    if let id = current?.id { _ = cancel(id) }
    state.withLock { state in
      for watcher in state.watchers.values { watcher.finish() }
      state.watchers = [:]
    }
  }
}
