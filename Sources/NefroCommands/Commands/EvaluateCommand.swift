import ArgumentParser
import Training

struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score the trained model and write scores.json and predictions.json.",
    discussion: """
      Scores come from the split the model was trained with. Where a class has too few series to set five aside, they \
      are the pooled predictions of grouped cross-validation, which trains once for each fold. A locked test set is \
      opened for models alone that are older than its first opening.
      """)

  @OptionGroup var options: ProjectOptions
  @OptionGroup var opened: OpenedTestSetOptions
  @OptionGroup var recording: RecordingOptions

  mutating func run() async throws {
    let progress = ProgressLine()
    let project = try options.open(progress: progress, acceptingOpenedTestSet: opened.acceptOpenedTestSet)
    let lock = try project.lock()
    defer { lock.release() }
    try await recording.record(.evaluate, of: project, progress: progress) { run in
      let outcome = try project.evaluate { event in
        progress.show(event)
        run?.observe(event)
      }
      try project.remember(.evaluation)
      run?.evaluated(outcome)
      try Terminal.standardOutput(outcome.scores.summary)
      progress.note("Scores: \(project.shown(outcome.file)); every answer: \(project.shown(outcome.predictionsFile))")
      if let run { progress.note("Run \(run.id.short); `nefro runs show \(run.id.short)` tells all of it.") }
    }
  }
}
