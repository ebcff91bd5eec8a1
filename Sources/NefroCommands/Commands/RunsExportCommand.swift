import ArgumentParser
import Foundation
import Tracking

struct RunsExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write runs with their artifacts into a folder, or print them as CSV.",
    discussion: """
      Into the folder --out goes a folder for each run, named by its first eight digits, with run.json and artifacts. \
      private/predictions.json among them names pictures: think before you pass it on.
      """)

  @OptionGroup var stored: StoredRuns
  @OptionGroup var selection: RunSelection

  @Argument(help: "These runs; else those that the filter finds.")
  var runs: [String] = []

  @Option(name: .long, help: ArgumentHelp("The folder.", valueName: "folder"), completion: .directory)
  var out: String?

  @Flag(name: .long, help: "Print one line a run as CSV instead.")
  var csv = false

  func validate() throws {
    if csv == (out != nil) { throw ValidationError("Give either --out or --csv.") }
    if csv, !runs.isEmpty { throw ValidationError("--csv prints the runs that --filter finds; leave the others out.") }
  }

  func run() async throws {
    let store = try stored.open()
    func found() throws -> [RunOverview] {
      let query = try selection.query(limit: nil)
      try store.noteUnknownNames(in: query)
      return try store.runs(query).runs
    }
    guard let out else { return try Terminal.standardOutput(RunExport.csv(found())) }
    let ids = try runs.isEmpty ? found().map(\.run.id) : runs.map { try store.run($0).id }
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    for id in ids {
      try RunExport.write(store.details(of: id), of: store, to: folder.appending(path: id.short))
    }
    Terminal.standardError("\(ids.count) run(s) in \(out).\n")
  }
}
