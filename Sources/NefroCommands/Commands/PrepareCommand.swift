import ArgumentParser
import Training

struct PrepareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Write the base and the base with its new, untrained head.")

  @OptionGroup var options: ProjectOptions

  mutating func run() async throws {
    let progress = ProgressLine()
    let project = try options.open(progress: progress)
    let lock = try project.lock()
    defer { lock.release() }
    let prepared = try project.prepare()
    try project.remember(.prepareBaseModel)
    progress.note("Base \(prepared.baseDigest.short): \(project.shown(prepared.base))")
    progress.note("Base with its new head: \(project.shown(prepared.updated))")
  }
}
