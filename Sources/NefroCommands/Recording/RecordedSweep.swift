import Digests
import Foundation
import Tracking
import Training

/// A sweep's run, with a child run for each trial.
final class RecordedSweep {
  private let sweep: RecordedRun
  private let plan: SweepPlan
  /// Child runs that earlier processes began, by their trial's number.
  private let earlier: [Int: Run]
  private var trial: RecordedRun?

  /// Before the names of metrics whose steps are folds.
  static let foldPrefix = "fold."

  init(_ sweep: RecordedRun, plan: SweepPlan) {
    self.sweep = sweep
    self.plan = plan
    earlier = sweep.parts(by: RunTags.trial)
  }

  func observe(_ event: SweepEvent) {
    switch event {
    case .found(let result):
      // Its result was kept, but a kill came before its record.
      if let run = earlier[result.number], run.status == .finished || run.status == .failed { return }
      begin(plan.trials[result.number - 1])
      end(result)
    case .started(let trial): begin(trial)
    case .progress: break
    case .ended(let result): end(result)
    }
  }

  private func begin(_ trial: SweepTrial) {
    let parameters = trial.parameters?.record ?? trial.settings.map { (key: $0.key, value: $0.value) }
    // What it worked on, so that trials can be compared with each other and with other runs.
    var facts = plan.facts(of: trial).map(RunTags.of) ?? [:]
    // The plan knows the digest of its own weights alone.
    if trial.settings.contains(where: { $0.key == "WEIGHTS" }) { facts[RunTags.base] = nil }
    self.trial = sweep.child(
      .trial, name: "trial \(trial.number): \(trial.name)", parameters: Dictionary(uniqueKeysWithValues: parameters),
      tags: [RunTags.trial: "\(trial.number)", RunTags.settings: trial.name].merging(facts) { $1 },
      resuming: earlier[trial.number])
  }

  private func end(_ result: TrialResult) {
    guard let trial else { return }
    self.trial = nil
    guard let metrics = result.metrics else {
      return trial.end(.failed, failure: FailureText.kept(result.failure ?? ""))
    }
    let now = Date()
    trial.log(
      result.folds.joined().enumerated().map { place, score in
        MetricPoint(key: "\(Self.foldPrefix)\(plan.specification.metric.rawValue)", step: place + 1, time: now, value: score)
      })
    trial.record { try $0.log(figures: metrics.byName) }
    trial.finish()
  }

  /// The sweep is done: its choice, its files, and the winner's figures.
  ///
  /// - Parameter folder: the sweep's.
  func finish(_ result: SweepResult, in folder: URL) {
    let winner = result.trial(result.choice.winner)
    sweep.record { recorder in
      try recorder.set(tags: [
        RunTags.winner: "\(winner.number)", RunTags.settings: winner.name, RunTags.looks: "\(result.looks)",
        "sweep.failed": "\(result.failed.count)",
      ])
      if let metrics = winner.metrics { try recorder.log(figures: metrics.byName) }
      for name in [SweepResult.fileName, SweepResult.chartName, SweepResult.winnerName] {
        try recorder.add(folder.appending(path: name), as: name)
      }
    }
  }

  /// The sweep stops here; what is done stays done. The sweep's own end is told by who runs it.
  func fail(_ error: any Error) { trial?.fail(error) }
}

extension RecordKeeper {
  /// The run of a sweep: the one that its folder's last sweep did not come to the end of, if it is the same, or a new one.
  ///
  /// - Parameter fresh: begin a new one in any case.
  /// - Returns: nil where all of it is in a finished run.
  func begin(_ sweep: Sweep, fresh: Bool) throws -> RecordedRun? {
    let plan = sweep.plan
    // Several projects may share a store, so the folder is part of it.
    let identity = ContentDigest(of: "\(plan.digest) in \(sweep.url.standardized.path)").hex
    if !fresh, let last = try store.last(.sweep, tagged: RunTags.plan, identity) {
      if last.status == .finished, sweep.isDone { return nil }
      if last.status == .interrupted || last.status == .failed { return try resume(last.id, .sweep) }
    }
    let tags = [
      RunTags.plan: identity, RunTags.sweepFolder: project.shown(sweep.url), RunTags.seed: "\(plan.parameters.seed)",
      RunTags.scoredBy: "grouped cross-validation, \(plan.folds) folds, \(plan.repeats) times",
      "sweep.method": plan.specification.method.rawValue, "sweep.metric": plan.specification.metric.rawValue,
      "sweep.trials": "\(plan.trials.count)",
    ]
    return try begin(
      .sweep, name: "\(project.configuration.root.lastPathComponent) sweep",
      parameters: Dictionary(uniqueKeysWithValues: plan.parameters.record),
      tags: tags.merging(RunTags.of(plan.facts)) { $1 })
  }
}
