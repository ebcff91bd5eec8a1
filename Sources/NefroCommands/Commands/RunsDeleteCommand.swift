import ArgumentParser
import Tracking

struct RunsDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete runs, and the files that only they had. It cannot be undone.")

  @OptionGroup var stored: StoredRuns

  @Argument(help: "The runs.")
  var runs: [String]

  @Flag(name: .long, help: "Also their parts, such as a pipeline's stages.")
  var parts = false

  @Flag(name: .long, help: "Also runs that registered models come from; the models stay.")
  var force = false

  @Flag(name: .long, help: "Delete them; without it the runs are only shown.")
  var yes = false

  func run() async throws {
    let store = try stored.open()
    let chosen = try runs.map { try store.run($0) }
    guard yes else {
      for run in chosen { try Terminal.standardOutput("\(run.id.short)  \(run.kind.rawValue)  \(run.status.rawValue)  \(run.name)\n") }
      throw CommandError.notConfirmed(runs: chosen.count)
    }
    let gone = try store.delete(chosen.map(\.id), includingParts: parts, includingMakers: force)
    Terminal.standardError("\(gone.runs) run(s) deleted, \(gone.bytes) bytes of files freed.\n")
  }
}
