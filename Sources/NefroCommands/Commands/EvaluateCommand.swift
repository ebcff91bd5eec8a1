import ArgumentParser
import Training

struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score the trained model and write scores.json and predictions.json.",
    discussion: """
      Scores come from the split the model was trained with. Where a class has too few series to set five aside, they \
      are the pooled predictions of grouped cross-validation, which trains once for each fold.
      """)

  @OptionGroup var options: ProjectOptions

  mutating func run() async throws {
    let progress = ProgressLine()
    let project = try options.open(progress: progress)
    let lock = try project.lock()
    defer { lock.release() }
    let outcome = try project.evaluate { progress.show($0) }
    try project.remember(.evaluation)
    try Terminal.standardOutput(outcome.scores.summary)
    progress.note("Scores: \(project.shown(outcome.file)); every answer: \(project.shown(outcome.predictionsFile))")
  }
}
