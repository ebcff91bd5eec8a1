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
      runs go that were recorded for that server and are not there whole, and the registered models that are not there \
      as they are here. What is there already is not sent again, so it can be repeated at any time.
      """)

  @Argument(help: ArgumentHelp("Send these runs, whatever is known of them.", valueName: "run"))
  var runs: [String] = []

  @Flag(
    name: .long,
    help: "Send every run and registered model that is not there whole, also those from before the server.")
  var all = false

  @Flag(name: .long, help: "Only say what would be sent.")
  var dryRun = false

  @OptionGroup var stored: StoredRuns

  func validate() throws {
    if all, !runs.isEmpty { throw ValidationError("Give runs or --all, not both.") }
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    guard let server = try MLflowServer.configured(environment: environment) else {
      throw CommandError.noTrackingServer
    }
    let store = try stored.open()
    func waiting(all: Bool) throws -> [MirrorSubject] {
      try store.runsWaiting(for: server, all: all).map(MirrorSubject.run)
        + store.modelsWaiting(for: server, all: all).map(MirrorSubject.model)
    }
    let chosen: [MirrorSubject] = try runs.isEmpty ? waiting(all: all) : runs.map { .run(try store.run($0).id) }
    if chosen.isEmpty {
      let others = all ? 0 : try waiting(all: true).count
      Terminal.standardError(
        "Nothing waits for \(server.name)."
          + (others > 0 ? " \(others) recorded without it: 'nefro runs sync --all' sends them, too." : "") + "\n")
      return
    }
    if dryRun {
      for subject in chosen {
        try Terminal.standardOutput("\(Self.shown(subject))  \(Self.name(subject, store))\n")
      }
      return
    }
    if let warning = server.warning { Terminal.standardError("WARNING: \(warning)\n") }
    let packager = try ModelPackager.exporting(bases: stored.bases, environment: environment)
    var notes: [String] = []
    let failed = try await RunSynchronization.run(chosen, of: store, to: server, packager: packager) {
      subject, outcome in
      switch outcome {
      case .done(let report):
        try Terminal.standardOutput("\(Self.shown(subject))  \(Self.text(report))\n")
        for note in report.notes where !notes.contains(note) {
          notes.append(note)
          Terminal.standardError("note: \(note)\n")
        }
      case .failed(let error):
        let kind = if case .run = subject { "run" } else { "registered model" }
        Terminal.standardError("error: \(kind) \(Self.shown(subject)): \(describe(error))\n")
      }
    }
    guard failed == 0 else { throw ExitCode(1) }
  }

  private static func shown(_ subject: MirrorSubject) -> String {
    switch subject {
    case .run(let id): id.short
    case .model(let name): name
    }
  }

  private static func name(_ subject: MirrorSubject, _ store: RunStore) throws -> String {
    switch subject {
    case .run(let id): try store.details(of: id).run.name
    case .model: "registered model"
    }
  }

  static func text(_ report: MirrorReport) -> String {
    guard !report.sentNothing else { return report.notes.isEmpty ? "there already" : "nothing sent" }
    let parts = [
      (report.parameters, "parameter", "parameters"), (report.points, "point", "points"), (report.tags, "tag", "tags"),
      (report.files, "file", "files"), (report.versions, "version", "versions"), (report.aliases, "alias", "aliases"),
    ]
    return "sent " + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }.joined(separator: ", ")
  }
}
