import Synchronization
import Tracking
import Training

/// A pipeline's run, with a child run for each stage that runs.
final class RecordedStages: Sendable {
  private let pipeline: RecordedRun
  private let stage = Mutex<RecordedRun?>(nil)

  init(_ pipeline: RecordedRun) { self.pipeline = pipeline }

  func observe(_ event: PipelineEvent) {
    let current = stage.withLock { $0 }
    switch event {
    case .running(let stage, let reasons):
      let run = pipeline.child(stage.kind)
      run?.set(tags: ["stage.reasons": reasons.joined(separator: "; ")])
      self.stage.withLock { $0 = run }
    case .fresh(let stage): pipeline.set(tags: ["stage.\(stage.rawValue)": "up to date"])
    case .training(let event): current?.observe(event)
    case .trained(let model): current?.trained(model)
    case .evaluated(let outcome):
      current?.evaluated(outcome)
      // What a pipeline is sorted and compared by.
      pipeline.evaluated(outcome)
    case .done(let stage):
      pipeline.set(tags: ["stage.\(stage.rawValue)": "run"])
      current?.finish()
      self.stage.withLock { $0 = nil }
    case .ingestion, .left: break
    }
    if case .training(.starting(let facts)) = event { pipeline.observe(.starting(facts)) }
  }

  /// The stage that was running has failed; the pipeline's own end is told by who runs it.
  func fail(_ error: any Error) { stage.withLock { $0 }?.fail(error) }
}

extension PipelineStage {
  var kind: RunKind {
    switch self {
    case .dataIngestion: .ingest
    case .prepareBaseModel: .prepare
    case .training: .train
    case .evaluation: .evaluate
    }
  }
}
