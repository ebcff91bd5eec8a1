import ArgumentParser

/// What was recorded of earlier commands.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, compare, export and delete the project's runs; send them to a tracking server.",
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsCompareCommand.self, RunsCurvesCommand.self,
      RunsExportCommand.self, RunsDeleteCommand.self, RunsSyncCommand.self,
    ])
}
