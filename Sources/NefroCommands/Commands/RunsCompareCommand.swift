import ArgumentParser
import Tracking

struct RunsCompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Set runs side by side: what differs, then their figures with intervals.",
    discussion: "Runs that were scored on different data or splits are said to be so: their figures cannot be compared.")

  @OptionGroup var stored: StoredRuns

  @Argument(help: "Two runs or more.")
  var runs: [String]

  @Flag(name: .long, help: "Print it as JSON.")
  var json = false

  func validate() throws {
    if runs.count < 2 { throw ValidationError("Name two runs or more.") }
  }

  func run() async throws {
    let store = try stored.open()
    let comparison = RunComparison(try runs.map { try store.details(of: store.run($0).id) })
    try Terminal.standardOutput(json ? RunExport.json(comparison) : RunText.comparison(comparison, width: Terminal.width))
  }
}
