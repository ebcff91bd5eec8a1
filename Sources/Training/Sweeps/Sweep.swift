import Foundation
import KidneyData
import LocalFiles

/// A sweep that is ready to run in its folder.
///
/// Each trial is scored by a grouped cross-validation on the training and validation parts: the softmax of every picture,
/// by a model trained without its fold, before calibration and thresholds. A test part is not looked at.
public struct Sweep: Sendable {
  /// Its trials and how each is scored.
  public let plan: SweepPlan
  private let folder: SweepFolder
  private let project: Project
  private let fresh: Bool

  /// - Parameter project: whose parameters hold where the specification says nothing.
  fileprivate init(_ specification: SweepSpecification, project: Project, in url: URL, fresh: Bool) throws {
    let base = try project.parameters.setting(
      specification.base.map { ($0.key, $0.value) }, source: "base of the sweep")
    plan = try SweepPlan(specification, project: project.with(base))
    folder = SweepFolder(url)
    self.project = project
    self.fresh = fresh
    if !fresh { try folder.check(plan.identity) }
  }

  /// The sweep's folder.
  public var url: URL { folder.url }

  /// Whether every trial was done by an earlier process.
  public var isDone: Bool { !fresh && plan.trials.allSatisfy { folder.result(of: $0) != nil } }

  /// Tries every trial that was not done before, keeps each result at once, and chooses.
  ///
  /// In the end the folder has `sweep.json`, `sweep.svg` and `params.best.yaml`. What one trial's settings are to blame for
  /// is recorded with the trial.
  ///
  /// - Throws: `SweepError.nothingScored`, and what reading pictures or writing files throws.
  public func run(report: (SweepEvent) -> Void = { _ in }) throws -> SweepResult {
    project.cache?.trim()
    try folder.begin(plan.identity, fresh: fresh)
    var results = plan.trials.map(folder.result)
    for case let result? in results { report(.found(result)) }
    let scorer = TrialScorer(plan: plan, project: project)
    for (place, trial) in plan.trials.enumerated() where results[place] == nil {
      report(.started(trial))
      let result = try scorer.result(of: trial) { done, total in report(.progress(done: done, total: total)) }
      try folder.save(result, of: trial)
      results[place] = result
      report(.ended(result))
    }
    let result = try SweepResult(plan, trials: results.compactMap { $0 }, version: project.version)
    try result.write(to: url, plan: plan)
    return result
  }
}

extension Project {
  /// Plans a sweep and finds out whether its folder can take it; nothing is written yet.
  ///
  /// - Parameters:
  ///   - url: the sweep's folder; it holds one sweep.
  ///   - fresh: forget what is there, once the sweep runs.
  /// - Throws: `SweepError`, `ConfigurationError`, `TrainingError`, `KidneyDataError`, `BackboneError`.
  public func sweep(_ specification: SweepSpecification, in url: URL, fresh: Bool = false) throws -> Sweep {
    try Sweep(specification, project: self, in: url, fresh: fresh)
  }

  /// The same project with other parameters.
  func with(_ parameters: TrainingParameters) -> Project {
    Project(
      configuration: configuration, parameters: parameters, store: store, cache: cache, version: version,
      acceptsLeakage: acceptsLeakage, acceptsOpenedTestSet: acceptsOpenedTestSet, clock: clock)
  }
}
