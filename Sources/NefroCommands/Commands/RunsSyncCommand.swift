import ArgumentParser
import Foundation
import Tracking

/// Sends runs to the tracking server that the environment names.
struct RunsSyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Send runs that wait to the tracking server (MLflow, DagsHub).",
    discussion: """
      MLFLOW_TRACKING_URI names the server; see docs/tracking-servers.md for the other variables. Without RUN, the \
      runs go that were recorded for that server and are not there whole. What is there already is not sent again, so \
      it can be repeated at any time.
      """)

  @Argument(help: ArgumentHelp("Send these runs, whatever is known of them.", valueName: "run"))
  var runs: [String] = []

  @Flag(
    name: .long, help: "Send every run of the project that is not there whole, also those recorded without a server.")
  var all = false

  @Flag(name: .long, help: "Only say which runs would be sent.")
  var dryRun = false

  @OptionGroup var stored: StoredRuns

  func validate() throws {
    if all, !runs.isEmpty { throw ValidationError("Give runs or --all, not both.") }
  }

  func run() async throws {
    let home = FileManager.default.homeDirectoryForCurrentUser
    guard let server = try MLflowServer.configured(environment: ProcessInfo.processInfo.environment, home: home) else {
      throw CommandError.noTrackingServer
    }
    let store = try stored.open()
    let chosen = try runs.isEmpty ? store.runsWaiting(for: server, all: all) : runs.map { try store.run($0).id }
    if chosen.isEmpty {
      let others = all ? 0 : try store.runsWaiting(for: server, all: true).count
      Terminal.standardError(
        "No run waits for \(server.name)."
          + (others > 0 ? " \(others) recorded without it: 'nefro runs sync --all' sends them, too." : "") + "\n")
      return
    }
    if dryRun {
      for id in chosen { try Terminal.standardOutput("\(id.short)  \(try store.details(of: id).run.name)\n") }
      return
    }
    if let warning = server.warning { Terminal.standardError("WARNING: \(warning)\n") }
    var notes: [String] = []
    let failed = try await RunSynchronization.run(chosen, of: store, to: server) { id, outcome in
      switch outcome {
      case .done(let report):
        try Terminal.standardOutput("\(id.short)  \(Self.text(report))\n")
        for note in report.notes where !notes.contains(note) {
          notes.append(note)
          Terminal.standardError("note: \(note)\n")
        }
      case .failed(let error):
        Terminal.standardError("error: run \(id.short): \(describe(error))\n")
      }
    }
    guard failed == 0 else { throw ExitCode(1) }
  }

  static func text(_ report: MirrorReport) -> String {
    guard !report.sentNothing else { return "there already" }
    let parts = [
      (report.parameters, "parameter"), (report.points, "point"), (report.tags, "tag"), (report.files, "file"),
    ]
    return "sent "
      + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }
}
