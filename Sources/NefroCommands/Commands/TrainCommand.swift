import ArgumentParser
import Training

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train the prepared model on the ingested data.",
    discussion: "An interrupted training goes on with --resume, with the same bits as if it had run through.")

  @OptionGroup var options: ProjectOptions
  @OptionGroup var leakage: LeakageOptions

  @Flag(name: .long, help: "Go on from the last checkpoint.")
  var resume = false

  mutating func run() async throws {
    let progress = ProgressLine()
    let project = try options.open(progress: progress, acceptingLeakage: leakage.acceptLeakage)
    let lock = try project.lock()
    defer { lock.release() }
    let trained = try project.train(resume: resume ? .always : .never) { progress.show($0) }
    try project.remember(.training)
    progress.note("Model \(trained.digest.short): \(project.shown(trained.model))")
    progress.note("History and curves: \(project.shown(project.configuration.history)), \(project.shown(project.configuration.curves))")
  }
}
