import Evaluation
import Foundation
import Synchronization
import Tracking
import Training

/// One run of a command: turns what training tells into what the store keeps.
final class RecordedRun: Sendable {
  typealias Write = @Sendable (RunRecorder) throws -> Void

  let id: RunID
  private let kind: RunKind
  private let recorder: RunRecorder
  private let store: RunStore
  private let keeper: RecordKeeper
  private let state: Mutex<State>

  private struct State {
    /// What could not be written yet, in order.
    var waiting: [Write] = []
    var clock: PhaseClock
    /// Epochs, or other steps, that are in the store, or wait for it.
    var steps: Set<Int>
    /// Whether the checkpoints are noted to be this run's.
    var ownsCheckpoint = false
    /// Nothing is tried before this moment: waiting for a store that another process holds would hold up the work.
    var nextTry = 0.0
  }

  /// Seconds from one failure to the next try; a try takes `RecordKeeper.patience` at most.
  private static let pause = 60.0

  init(_ recorder: RunRecorder, kind: RunKind, store: RunStore, keeper: RecordKeeper) {
    id = recorder.id
    self.kind = kind
    self.recorder = recorder
    self.store = store
    self.keeper = keeper
    let known = try? store.details(of: recorder.id)
    state = Mutex(
      State(clock: PhaseClock(before: known?.tags ?? [:]), steps: Set((known?.history ?? []).map(\.step))))
  }

  /// Starts a part of this run.
  ///
  /// - Returns: nil if it cannot be recorded; the person has been told.
  func child(_ kind: RunKind) -> RecordedRun? { begun { try keeper.begin(kind, parent: id) } }

  /// Starts a part with parameters of its own, or goes on with the one that was begun for it before.
  func child(
    _ kind: RunKind, name: String, parameters: [String: String], tags: [String: String], resuming earlier: Run?
  ) -> RecordedRun? {
    begun {
      if let earlier, earlier.status != .finished { return try keeper.resume(earlier.id, kind) }
      return try keeper.begin(kind, name: name, parent: id, parameters: parameters, tags: tags)
    }
  }

  private func begun(_ begin: () throws -> RecordedRun) -> RecordedRun? {
    do {
      return try begin()
    } catch {
      keeper.tell(error)
      keeper.missing(error)
      return nil
    }
  }

  /// The parts of this run, by a tag that numbers them; of two with one number the later. None if they cannot be read:
  /// then they are begun anew.
  func parts(by tag: String) -> [Int: Run] {
    let parts = (try? store.parts(of: id)) ?? []
    let numbered = parts.compactMap { part in
      (try? store.details(of: part.id).tags[tag]).flatMap { Int($0) }.map { ($0, part) }
    }
    return Dictionary(numbered) { $1 }
  }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .starting(let facts):
      var tags = RunTags.of(facts)
      if kind == .train, facts.goesOn, let note = CheckpointNote.read(of: keeper.project), note.run != id {
        tags[RunTags.resumedFrom] = note.run.text
      }
      record { [tags] in try $0.set(tags: tags) }
    case .progress(let phase, _, _):
      state.withLock { $0.clock.spent(on: phase) }
      if case .training = phase { ownCheckpoint() }
    case .epochEnded(let epoch, _, _):
      state.withLock { $0.clock.spent(on: .checkpoint) }
      log([epoch])
    case .stoppedEarly(_, let best): record { try $0.set(tags: [RunTags.bestEpoch: String(best)]) }
    case .note: break
    }
  }

  func set(tags: [String: String]) { record { try $0.set(tags: tags) } }

  /// What a training left.
  func trained(_ outcome: TrainedModel) {
    // An epoch whose checkpoint was written just before a kill is in the history, but was never told.
    log(outcome.history.epochs)
    let configuration = keeper.project.configuration
    record { recorder in
      try recorder.set(tags: [
        RunTags.model: outcome.digest.hex, RunTags.epochs: String(outcome.history.epochs.count),
      ])
      try recorder.add(outcome.model, as: RunArtifact.model)
      try recorder.add(configuration.history, as: "history.csv")
      try recorder.add(configuration.curves, as: "curves.svg")
    }
  }

  /// What an evaluation found.
  func evaluated(_ outcome: EvaluationOutcome) {
    let scores = outcome.scores
    record { [store] recorder in
      var tags = [RunTags.model: scores.model]
      if let training = try store.last(.train, tagged: RunTags.model, scores.model) {
        tags[RunTags.trainedBy] = training.id.text
      }
      if let test = scores.split.testSet {
        tags[RunTags.testOpenings] = String(test.openings)
        tags[RunTags.testCrossValidations] = String(test.crossValidations)
        tags[RunTags.modelPredatesOpening] = String(test.modelPredatesFirstOpening)
      }
      if scores.split.leakage != nil { tags[RunTags.leakage] = "LEAKY split" }
      tags[RunTags.scoredBy] = scores.split.scoredBy
      try recorder.set(tags: tags)
      try recorder.log(figures: scores.figures)
      try recorder.add(outcome.file, as: "scores.json")
      try recorder.add(outcome.predictionsFile, as: RunArtifact.privateFolder + "predictions.json")
      let summary = FileManager.default.temporaryDirectory.appending(path: "nefro-\(recorder.id.text).txt")
      defer { try? FileManager.default.removeItem(at: summary) }
      try Data(scores.summary.utf8).write(to: summary)
      try recorder.add(summary, as: "scores.txt")
    }
  }

  /// Notes that the checkpoints from now on are of this run: after the training has removed older ones, and before it
  /// writes its first.
  private func ownCheckpoint() {
    guard kind == .train,
      state.withLock({ state in
        defer { state.ownsCheckpoint = true }
        return !state.ownsCheckpoint
      })
    else { return }
    do { try CheckpointNote(run: id, project: keeper.project).write(for: keeper.project) } catch { keeper.tell(error) }
  }

  func finish() { end(.finished, failure: nil) }

  /// The run failed; the reason is kept as far as it names no picture.
  func fail(_ error: any Error) { end(.failed, failure: FailureText.kept(describe(error))) }

  func end(_ status: RunStatus, failure: String?) {
    let tags = state.withLock { $0.clock.tags() }.merging(RunTags.memory()) { $1 }
    let last: Write = { try $0.set(tags: tags) }
    state.withLock { $0.waiting.append(last) }
    // Who held the store may have let go of it.
    if drain() != nil, let error = drain() { keeper.missing(error) }
    // Whatever could not be written: a run that is done must not look like one that was killed.
    do { try recorder.finish(status, failure: failure) } catch { keeper.missing(error) }
  }

  private func log(_ epochs: [EpochRecord]) {
    let now = Date()
    let durations = state.withLock { $0.clock.tags() }
    log(epochs.flatMap { MetricPoint.all(of: $0, at: now) }, tags: durations)
  }

  /// Records the points of those steps of which there are none yet.
  ///
  /// - Parameter tags: set with them.
  func log(_ points: [MetricPoint], tags: [String: String] = [:]) {
    let steps = Set(points.map(\.step))
    let new = state.withLock { state in steps.filter { state.steps.insert($0).inserted } }
    guard !new.isEmpty else { return }
    record { recorder in try recorder.log(points.filter { new.contains($0.step) }, tags: tags) }
  }

  func record(_ write: @escaping Write) {
    let isTime = state.withLock { state in
      state.waiting.append(write)
      return PhaseClock.uptime() >= state.nextTry
    }
    guard isTime, let error = drain() else { return }
    state.withLock { $0.nextTry = PhaseClock.uptime() + Self.pause }
    keeper.tell(error)
  }

  /// Writes what waits, in order; what fails goes on waiting.
  ///
  /// - Returns: the first error.
  private func drain() -> (any Error)? {
    state.withLock { state in
      var first: (any Error)?
      var left: [Write] = []
      var rest = state.waiting[...]
      while let next = rest.popFirst() {
        do { try next(recorder) } catch {
          first = first ?? error
          left.append(next)
          // A store that is held or full refuses the others, too, each after a wait. A file that is gone is the matter of
          // one write alone.
          if RunStore.refusesAll(after: error) { break }
        }
      }
      state.waiting = left + rest
      return first
    }
  }
}

extension MetricPoint {
  /// An epoch's values, with Keras's names.
  static func all(of epoch: EpochRecord, at time: Date) -> [MetricPoint] {
    let values: [(String, Double?)] = [
      ("learning_rate", epoch.learningRate), ("loss", epoch.loss), ("accuracy", epoch.accuracy),
      ("val_loss", epoch.validationLoss), ("val_accuracy", epoch.validationAccuracy),
    ]
    return values.compactMap { key, value in
      value.map { MetricPoint(key: key, step: epoch.epoch, time: time, value: $0) }
    }
  }
}
