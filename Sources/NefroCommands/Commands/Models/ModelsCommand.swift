import ArgumentParser
import Foundation
import Tracking

/// Which model answers, since when, and why.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Register models, decide which one answers, and tell which one did.",
    subcommands: [
      ModelsRegisterCommand.self, ModelsListCommand.self, ModelsPromoteCommand.self, ModelsRollbackCommand.self,
      ModelsHistoryCommand.self,
    ])
}

/// Where a command finds the registry.
struct RegistryOptions: ParsableArguments {
  @Option(name: .long, help: "The project's folder.")
  var project = "."

  @OptionGroup var place: StoreOptions

  var root: URL { URL(filePath: project, directoryHint: .isDirectory) }

  func open() throws -> ModelRegistry {
    let folder = place.folder(ofProject: root)
    guard RunStore.exists(at: folder) else { throw CommandError.noRuns(folder: folder.path) }
    return ModelRegistry(store: try RunStore(at: folder, patience: StoreOptions.patience))
  }
}
