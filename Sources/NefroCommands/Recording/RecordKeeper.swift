import Foundation
import Synchronization
import Tracking
import Training

/// Records a command's work as runs, and mirrors them where a tracking server is named. What goes wrong with the record
/// while the work goes on is told once and never stops the work.
final class RecordKeeper: Sendable {
  let project: Project
  let progress: ProgressLine
  let store: RunStore
  private let mirror: BackgroundMirror?
  private let state = Mutex(State())

  private struct State {
    var isTold = false
    var isComplete = true
  }

  /// How long a write waits for another process before the work goes on without it, in seconds; it is tried again later.
  private static let patience = 5.0

  /// - Throws: `StorageError`, `LocalFileError`.
  init(project: Project, folder: URL, progress: ProgressLine, environment: [String: String]) throws {
    self.project = project
    self.progress = progress
    store = try RunStore(at: folder, patience: Self.patience)
    do {
      mirror = try BackgroundMirror.configured(
        store: store, bases: [project.configuration.baseModel, project.configuration.baseModelCopy],
        environment: environment, warn: { progress.note($0) })
    } catch {
      // The variables may be meant for other programs; the run is kept here all the same.
      mirror = nil
      progress.note("WARNING: nothing is sent to a tracking server: \(describe(error))")
    }
  }

  /// Whether everything is in the store.
  var isComplete: Bool { state.withLock { $0.isComplete } }

  /// Starts a run, or goes on with the one that the last checkpoint is of.
  func begin(_ kind: RunKind, parent: RunID? = nil, resuming: Bool = false) throws -> RecordedRun {
    var tags = [RunTags.seed: String(project.parameters.seed)]
    let parameters = Dictionary(uniqueKeysWithValues: project.parameters.record)
    if resuming, let note = CheckpointNote.read(of: project) {
      if note.isOf(project), try isResumable(note.run, kind, parameters) {
        return try resume(note.run, kind)
      }
      // More epochs, say, are another run, which tells where it comes from.
      tags[RunTags.resumedFrom] = note.run.text
    }
    let name = "\(project.configuration.root.lastPathComponent) \(kind.rawValue)"
    return try begin(kind, name: name, parent: parent, parameters: parameters, tags: tags)
  }

  /// Starts a run that is not of the project's own parameters.
  ///
  /// - Parameter tags: beside those of the program.
  func begin(
    _ kind: RunKind, name: String, parent: RunID? = nil, parameters: [String: String], tags: [String: String]
  ) throws -> RecordedRun {
    let tags = try RunTags.ofProgram().merging(tags) { $1 }
    return try follow(store.begin(kind, name: name, parent: parent, parameters: parameters, tags: tags), kind)
  }

  /// Goes on with a run that was interrupted or failed, maybe by another build or on another machine.
  func resume(_ id: RunID, _ kind: RunKind) throws -> RecordedRun {
    let recorder = try store.resume(id)
    try recorder.set(tags: try RunTags.ofProgram())
    return try follow(recorder, kind)
  }

  private func isResumable(_ id: RunID, _ kind: RunKind, _ parameters: [String: String]) throws -> Bool {
    guard let known = try store.detailsIfThere(of: id), known.run.kind == kind else { return false }
    return [.interrupted, .failed].contains(known.run.status)
      && known.parameters.allSatisfy { parameters[$0.key] == $0.value }
  }

  private func follow(_ recorder: RunRecorder, _ kind: RunKind) throws -> RecordedRun {
    try mirror?.follow(recorder.id)
    return RecordedRun(recorder, kind: kind, store: store, keeper: self)
  }

  /// Says once that the record cannot be written now.
  func tell(_ error: any Error) {
    let isFirst = state.withLock { state in
      defer { state.isTold = true }
      return !state.isTold
    }
    guard isFirst else { return }
    progress.note(
      "WARNING: the run's record cannot be written now: \(describe(error)) The work goes on, and what is missing is tried again.")
  }

  func missing(_ error: any Error) {
    let isFirst = state.withLock { state in
      defer { state.isComplete = false }
      return state.isComplete
    }
    if isFirst {
      progress.note("WARNING: the work is done and its files are kept, but its record is not whole: \(describe(error))")
    }
  }

  /// Sends what a server still lacks, for some seconds.
  func end() async {
    guard let mirror else { return }
    for line in await mirror.finish().lines { progress.note(line) }
  }
}
