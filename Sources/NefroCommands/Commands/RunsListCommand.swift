import ArgumentParser
import Tracking

struct RunsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the project's runs, those that satisfy a filter, or the best ones.")

  @OptionGroup var stored: StoredRuns
  @OptionGroup var selection: RunSelection

  @Flag(name: .long, help: "Print all of each run as JSON.")
  var json = false

  func run() async throws {
    let store = try stored.open()
    let query = try selection.query(limit: 50)
    let found = try store.runs(query)
    try store.noteUnknownNames(in: query)
    if found.total > found.runs.count {
      Terminal.standardError("\(found.total - found.runs.count) more; --limit 0 shows all.\n")
    }
    if json { return try Terminal.standardOutput(RunExport.json(found.runs)) }
    guard !found.runs.isEmpty else { return Terminal.standardError("No run is like that.\n") }
    try Terminal.standardOutput(
      RunText.table(found.runs, keys: selection.sort.map { [$0] } ?? [], width: Terminal.width))
  }
}
