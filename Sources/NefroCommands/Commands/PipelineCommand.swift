import ArgumentParser
import Training

struct PipelineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline",
    abstract: "Run the stages that are stale: ingest, prepare, train, evaluate.",
    discussion: "A stage runs when its parameters, its inputs, its outputs or the program changed; it says which.")

  @OptionGroup var options: ProjectOptions
  @OptionGroup var leakage: LeakageOptions
  @OptionGroup var opened: OpenedTestSetOptions
  @OptionGroup var selection: IngestionSelection
  @OptionGroup var recording: RecordingOptions

  @Flag(name: .long, help: "Run every stage, stale or not.")
  var force = false

  @Flag(
    name: .customLong("write-dvc-yaml"),
    help: "Write the four stages as dvc.yaml, for DVC and for this command, and run nothing.")
  var writeDVC = false

  @Flag(
    name: .long,
    help: "Write what dvc.yaml's stages depend on besides files, among the artifacts, and run nothing; DVC calls this.")
  var writeSettings = false

  func validate() throws {
    if writeDVC || writeSettings, force || (writeDVC && writeSettings) {
      throw ValidationError("--write-dvc-yaml and --write-settings run nothing: give one of them alone.")
    }
  }

  mutating func run() async throws {
    let progress = ProgressLine()
    let project = try options.open(
      progress: progress, acceptingLeakage: leakage.acceptLeakage, acceptingOpenedTestSet: opened.acceptOpenedTestSet)
    let lock = try project.lock()
    defer { lock.release() }
    if writeDVC { return progress.note("Written: \(project.shown(try project.writePipelineDefinition()))") }
    if writeSettings {
      _ = try project.writeSettings()
      return
    }
    try await recording.record(.pipeline, of: project, progress: progress) { run in
      let stages = run.map(RecordedStages.init)
      do {
        let summary = try await project.runPipeline(
          source: selection.source, options: selection.options, force: force
        ) { event in
          Self.show(event, progress)
          stages?.observe(event)
        }
        try Terminal.standardOutput(summary)
      } catch {
        stages?.fail(error)
        throw error
      }
    }
  }

  private static func show(_ event: PipelineEvent, _ progress: ProgressLine) {
    switch event {
    case .running(let stage, let reasons):
      progress.note("Stage \(stage.rawValue) runs: \(reasons.joined(separator: "; ")).")
    case .fresh(let stage): progress.note("Stage \(stage.rawValue) is up to date.")
    case .left(let names): progress.note("Only DVC runs these stages of dvc.yaml: \(names.joined(separator: ", ")).")
    case .ingestion(let event): progress.show(event)
    case .training(let event): progress.show(event)
    case .done, .trained, .evaluated: break
    }
  }
}
