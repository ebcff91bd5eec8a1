import ArgumentParser
import Training

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train the prepared model on the ingested data.",
    discussion: "An interrupted training goes on with --resume, with the same bits as if it had run through.")

  @OptionGroup var options: ProjectOptions
  @OptionGroup var leakage: LeakageOptions
  @OptionGroup var recording: RecordingOptions

  @Flag(name: .long, help: "Go on from the last checkpoint.")
  var resume = false

  /// For whoever starts a training and may be killed before it ends, such as `nefro serve`.
  @Flag(name: .long, help: ArgumentHelp("End when standard input ends, as on SIGTERM.", visibility: .hidden))
  var endWithInput = false

  mutating func run() async throws {
    if endWithInput { InputWatch.start() }
    let progress = ProgressLine()
    let project = try options.open(progress: progress, acceptingLeakage: leakage.acceptLeakage)
    let lock = try project.lock()
    defer { lock.release() }
    // Before there is a run: what cannot go on leaves none.
    if resume { try project.checkResumable() }
    try await recording.record(.train, of: project, resuming: resume, progress: progress) { run in
      let trained = try project.train(resume: resume ? .always : .never) { event in
        progress.show(event)
        run?.observe(event)
      }
      try project.remember(.training)
      run?.trained(trained)
      progress.note("Model \(trained.digest.short): \(project.shown(trained.model))")
      let configuration = project.configuration
      progress.note("History and curves: \(project.shown(configuration.history)), \(project.shown(configuration.curves))")
      if let run { progress.note("Run \(run.id.short); `nefro runs show \(run.id.short)` tells all of it.") }
    }
  }
}
