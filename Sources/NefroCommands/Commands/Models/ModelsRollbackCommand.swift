import ArgumentParser
import Tracking

struct ModelsRollbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Let the version answer again that did before.",
    discussion: """
      No gate is asked: it passed one when it was promoted. Going back twice goes two versions back. Where \
      MLFLOW_TRACKING_URI names a server, its registry is told.
      """)

  @OptionGroup var options: RegistryOptions

  @Argument(help: "The registered model, such as kidney.")
  var name: String

  @Option(name: .long, help: "The alias that goes back.")
  var alias = ModelAlias.champion

  @Option(name: .long, help: "Why, for the history.")
  var reason: String?

  mutating func run() async throws {
    let registry = try options.open()
    let version = try registry.rollBack(name, alias: alias, reason: reason)
    try Terminal.standardOutput("\(version.reference) is '\(alias)' again\n")
    await registry.mirror(name, bases: options.bases)
  }
}
