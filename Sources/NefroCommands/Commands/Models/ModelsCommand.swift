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
  @Option(name: .long, help: "The project's folder.", completion: .directory)
  var project = "."

  @OptionGroup var place: StoreOptions

  var root: URL { URL(filePath: project, directoryHint: .isDirectory) }

  /// Where the weights of the project's base may lie, besides the user's cache.
  var bases: [URL] { ModelPackager.bases(ofProject: root) }

  func open() throws -> ModelRegistry {
    let folder = place.folder(ofProject: root)
    guard RunStore.exists(at: folder) else { throw CommandError.noRuns(folder: folder.path) }
    return ModelRegistry(store: try RunStore(at: folder, patience: StoreOptions.patience))
  }
}

extension ModelRegistry {
  /// Tells the server that the environment names what was done to a model. What goes wrong is told and waits: here it
  /// is done.
  func mirror(_ name: String, bases: [URL]) async {
    do {
      let mirror = try BackgroundMirror.configured(
        store: store, bases: bases, environment: ProcessInfo.processInfo.environment,
        warn: { Terminal.standardError("\($0)\n") })
      guard let mirror else { return }
      try mirror.follow(model: name)
      for line in await mirror.finish().lines { Terminal.standardError("note: \(line)\n") }
    } catch {
      Terminal.standardError("WARNING: the tracking server is not told: \(describe(error))\n")
    }
  }
}
