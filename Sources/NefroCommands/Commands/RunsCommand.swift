import ArgumentParser

/// What was recorded of earlier commands.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Send the project's runs to a tracking server.",
    subcommands: [RunsSyncCommand.self])
}
