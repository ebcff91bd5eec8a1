import ArgumentParser
import Tracking

struct RunsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show all that a run recorded.")

  @OptionGroup var stored: StoredRuns

  @Argument(help: "The run: its identity, or enough of its first digits.")
  var run: String

  @Flag(name: .long, help: "Print it as JSON, with every point of its metrics.")
  var json = false

  func run() async throws {
    let store = try stored.open()
    let details = try store.details(of: store.run(run).id)
    if json { return try Terminal.standardOutput(RunExport.json(details)) }
    try Terminal.standardOutput(RunText.whole(details, parts: store.parts(of: details.run.id), width: Terminal.width))
  }
}
