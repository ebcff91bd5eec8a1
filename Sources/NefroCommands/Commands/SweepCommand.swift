import ArgumentParser
import Foundation
import LocalFiles
import Training

struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Try settings of params.yaml by grouped cross-validation, and choose one.",
    discussion: """
      Trials are scored on the training and validation series; the test part is not looked at. The winner is the \
      simplest within one standard error of the best. After an interruption the same command goes on with the trials \
      that are left.
      """)

  @Argument(
    help: ArgumentHelp("What is tried: a YAML file, see docs/sweeps.md.", valueName: "specification"),
    completion: .file())
  var specification: String

  @OptionGroup var options: ProjectOptions
  @OptionGroup var recording: RecordingOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Where results go, relative to the project's folder; one sweep a folder.", valueName: "folder"),
    completion: .directory)
  var out = "sweep"

  @Flag(name: .long, help: "Forget what an earlier sweep left in that folder.")
  var fresh = false

  @Flag(name: .long, help: "Print the whole as JSON.")
  var json = false

  mutating func run() async throws {
    let progress = ProgressLine()
    let specification = try SweepSpecification(file: URL(filePath: self.specification))
    try specification.checkUnused(settings: options.settings.map(\.key))
    let project = try options.open(progress: progress)
    let folder = URL(filePath: out, directoryHint: .isDirectory, relativeTo: project.configuration.root).absoluteURL
    let locks = [try FolderLock(folder), try project.lock()]
    defer { for lock in locks { lock.release() } }
    let sweep = try project.sweep(specification, in: folder, fresh: fresh)
    let interruption = Interruption("Stopped. The same command goes on with the trials that are left.", progress)
    defer { interruption.end() }
    try await recording.record(
      of: project, progress: progress, begin: { try $0.begin(sweep, fresh: fresh) }
    ) { run in
      let shown = SweepProgress(progress, trials: sweep.plan.trials.count, metric: sweep.plan.specification.metric)
      progress.note(sweep.plan.summary)
      let record = run.map { RecordedSweep($0, plan: sweep.plan) }
      do {
        let result = try sweep.run { event in
          shown.show(event)
          record?.observe(event)
        }
        record?.finish(result, in: folder)
        try Terminal.standardOutput(json ? result.json() : result.summary(fitting: Terminal.width))
      } catch {
        record?.fail(error)
        throw error
      }
      let names = [SweepResult.fileName, SweepResult.chartName, SweepResult.winnerName]
      progress.note("Sweep: \(names.map { project.shown(folder.appending(path: $0)) }.joined(separator: ", "))")
      if let run { progress.note("Run \(run.id.short); `nefro runs show \(run.id.short)` tells all of it.") }
    }
  }
}
