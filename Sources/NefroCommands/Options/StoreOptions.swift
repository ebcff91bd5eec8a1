import ArgumentParser
import Foundation
import Tracking

/// Where the runs of a project are kept.
struct StoreOptions: ParsableArguments {
  /// How long a command that looks, deletes or registers waits for another one, in seconds: writes take milliseconds.
  static let patience = 10.0

  @Option(
    name: .long,
    help: ArgumentHelp("The run store's folder; else NEFRO_STORE, else .nefro in the project's folder.", valueName: "folder"),
    completion: .directory)
  var store: String?

  func folder(ofProject root: URL, environment: [String: String] = ProcessInfo.processInfo.environment) -> URL {
    if let named = store ?? environment["NEFRO_STORE"].flatMap({ $0.isEmpty ? nil : $0 }) {
      return URL(filePath: named, directoryHint: .isDirectory)
    }
    return RunStore.folder(ofProject: root)
  }
}

/// Which project's runs a command looks at.
struct StoredRuns: ParsableArguments {
  @Option(name: .long, help: "The project's folder.", completion: .directory)
  var project = "."

  @OptionGroup var place: StoreOptions

  /// Where the weights of the project's base may lie, besides the user's cache.
  var bases: [URL] { ModelPackager.bases(ofProject: URL(filePath: project, directoryHint: .isDirectory)) }

  /// - Throws: `CommandError.noRuns` where nothing was ever recorded: looking must not make a store.
  func open() throws -> RunStore {
    let folder = place.folder(ofProject: URL(filePath: project, directoryHint: .isDirectory))
    guard RunStore.exists(at: folder) else { throw CommandError.noRuns(folder: folder.path) }
    return try RunStore(at: folder, patience: StoreOptions.patience)
  }
}
