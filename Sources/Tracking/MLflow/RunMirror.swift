import Digests
import Foundation
import LocalFiles
import Synchronization
import Transfers

/// Brings runs of a store to a tracking server, so that they are there whole and once.
///
/// The store is what is true; a journal in it says how much of a run the server has acknowledged. What may be said
/// twice is; before what may not (creating a run, points of metrics, a model's version) the server is asked what it has
/// whenever an earlier answer was lost. So a synchronization can be cut, killed and repeated at any moment.
public final class RunMirror: Sendable {
  let store: RunStore
  let client: MLflowClient
  /// Nil where models are sent as the files they are.
  let packager: ModelPackager?
  let clock: TransferClock
  /// How often one run is tried before it is left for later.
  let passes: Int
  let known = Mutex(Known())

  struct Known {
    var limits: MLflowLimits?
    var version: MLflowVersion?
    var experiment: MLflowExperiment?
    var hasNoRegistry = false
    /// The last model's folder, for when it has to be sent again.
    var package: (model: ContentDigest, files: [ModelPackager.File])?
  }

  init(store: RunStore, client: MLflowClient, packager: ModelPackager?, passes: Int) {
    self.store = store
    self.client = client
    self.packager = packager
    self.passes = passes
    clock = client.transport.settings.clock
  }

  /// Runs `body` with a mirror whose connections are closed afterwards.
  ///
  /// - Parameters:
  ///   - settings: timeouts, retries and clock.
  ///   - packager: makes what MLflow can load of a model; without it models are sent as the files they are.
  ///   - passes: how often a run or a registered model is tried before it is left for later.
  public static func with<Result>(
    _ store: RunStore, _ server: MLflowServer, settings: APIClient.Settings = APIClient.Settings(),
    packager: ModelPackager? = nil, passes: Int = 3, isolation: isolated (any Actor)? = #isolation,
    _ body: (RunMirror) async throws -> Result
  ) async throws -> Result {
    try await MLflowClient.with(server, settings: settings) { client in
      try await body(RunMirror(store: store, client: client, packager: packager, passes: passes))
    }
  }

  /// Brings a run, or a registered model with the runs of its versions, to the server as it is in the store now.
  ///
  /// - Returns: what was sent.
  /// - Throws: as `synchronize(_:leavingModel:)`; for a model also `RegistryError`.
  public func synchronize(_ subject: MirrorSubject) async throws -> MirrorReport {
    switch subject {
    case .run(let run): try await synchronize(run)
    case .model(let name): try await synchronize(model: name)
    }
  }

  /// Brings one run to the server as it is in the store now.
  ///
  /// - Parameter leavingModel: all but the folder that MLflow loads, which is large: the run still waits for it then.
  /// - Returns: what was sent.
  /// - Throws: `MLflowError`, `TrackingError`, `StorageError`, `LocalFileError` (also if another
  ///   process is mirroring the run), `CancellationError`. Whatever it is, a later call goes on from there.
  public func synchronize(_ run: RunID, leavingModel: Bool = false) async throws -> MirrorReport {
    var root = run
    while let parent = try store.details(of: root).run.parent { root = parent }
    let lock = try await lock(String(root.text.prefix(2)))
    defer { lock.release() }
    return try await inPasses { isLastPass, report in
      try await bring(run, leavingModel: leavingModel, isLastPass: isLastPass, &report)
    }
  }

  /// Tries again what may succeed later with nothing changed.
  func inPasses(_ body: (_ isLastPass: Bool, inout MirrorReport) async throws -> Void) async throws -> MirrorReport {
    var report = MirrorReport()
    for pass in 1... {
      do {
        try await body(pass >= passes, &report)
        break
      } catch let error where Self.isTransient(error) && pass < passes {
        try await clock.sleep(client.transport.settings.retries.delay(afterFailures: pass))
      }
    }
    return report
  }

  /// Whether the same may succeed later with nothing changed.
  public static func isTransient(_ error: any Error) -> Bool {
    switch error {
    case let error as MLflowError: error.isTransient
    default: false
    }
  }

  /// One at a time mirrors a run and those it is a part of, and one at a time registered models. There are few lock
  /// files, and they stay: one that is removed could be held by two.
  func lock(_ name: String) async throws -> FolderLock {
    let folder = store.folder.appending(path: "mirroring").appending(path: name)
    let patience = 300
    for attempt in 0... {
      do {
        return try FolderLock(folder)
      } catch let error as LocalFileError {
        guard case .locked = error, attempt < patience else { throw error }
        try await clock.sleep(.milliseconds(100))
      }
    }
    preconditionFailure("the loop has no end")
  }

  private func bring(
    _ id: RunID, leavingModel: Bool, isLastPass: Bool, _ report: inout MirrorReport
  ) async throws {
    let details = try store.details(of: id)
    let limits = try await limits()
    var parent: String?
    if let own = details.run.parent { parent = try await remote(for: store.details(of: own)).state.remote }
    let content = MirrorContent(details, parent: parent, limits: limits)
    var (state, there) = try await remote(for: details)
    report.remote = there.info.run_id

    // What the server refuses of a run must not keep the rest of it away, its end above all.
    var failures = MirrorFailures(isLastPass: isLastPass)
    try await failures.deferring { try await sendParametersAndTags(content, there, &report) }
    try await failures.deferring { try await sendHistory(&state, there.info.run_id, &report) }
    try await failures.deferring { try await sendFigures(content, there, &report) }
    try await failures.deferring { try await sendInputs(content, there) }
    try await sendFiles(details, content, state, &failures, &report)
    if failures.isEmpty {
      try await failures.deferring { try await listModels(details, there, isLastPass: isLastPass, &report) }
    }
    if there.info.status != content.status || (content.end != nil && there.info.end_time?.value != content.end) {
      try await client.updateRun(there.info.run_id, status: content.status, end: content.end, name: content.name)
    }
    try failures.throwFirst()
    // Last, since it is large: whatever becomes of it, all else is there.
    if let model = ownModel(details) {
      guard !leavingModel else { return }
      try await sendPackage(of: model, to: Self.modelFolder, details, there, isLastPass: isLastPass, &report)
    }
    if details.run.ended != nil {
      if state.isCreating { try await removeTwins(&state) }
      state.settled = content.end
      try store.save(state)
    }
  }

  private func sendInputs(_ content: MirrorContent, _ there: MLflowRun) async throws {
    let inputs = content.datasets.filter { wanted in
      there.inputs?.dataset_inputs?.contains {
        $0.dataset.name == wanted.dataset.name && $0.dataset.digest == wanted.dataset.digest
      } != true
    }
    if !inputs.isEmpty { try await client.logInputs(inputs, run: there.info.run_id) }
  }

  /// Finds out whether the server answers at all, after a run that it would not take.
  ///
  /// - Throws: what any call would meet now.
  func probe() async throws { _ = try await client.experiment(named: client.server.experiment) }

  func limits() async throws -> MLflowLimits {
    if let limits = known.withLock({ $0.limits }) { return limits }
    let version = try await client.version()
    let limits = MLflowLimits(version: version)
    known.withLock {
      $0.limits = limits
      $0.version = version
    }
    return limits
  }
}
