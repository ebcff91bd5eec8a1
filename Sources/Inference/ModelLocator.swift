import Foundation

/// Which model answers when several could: the first that is named or found, in a fixed order.
public struct ModelLocator: Sendable {
  /// What the user named, most specific first.
  public var explicit: URL?
  public var environment: [String: String]
  public var workingFolder: URL
  /// The running program; models shipped with it are found relative to it, wherever it was started.
  public var executable: URL?

  public init(
    explicit: URL?, environment: [String: String] = ProcessInfo.processInfo.environment,
    workingFolder: URL = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory),
    executable: URL? = Bundle.main.executableURL
  ) {
    self.explicit = explicit
    self.environment = environment
    self.workingFolder = workingFolder
    self.executable = executable
  }

  /// The name of the model that is used where none is named.
  public static let shippedName = "kidney-two-class.safetensors"
  /// The names of all models that are shipped.
  public static let shippedNames = [shippedName, "kidney-four-class.safetensors"]

  /// - Returns: `explicit`, else `NEFRO_MODEL`, else the one trained here, else the shipped one. Both of the first may be
  ///   the name of a shipped model, with or without its suffix, where no file here has that name.
  /// - Throws: `InferenceError.missingModel` if a named one is not there, `noModel` if none is found.
  public func locate() throws -> URL {
    if let named = explicit ?? environment["NEFRO_MODEL"].map({ URL(filePath: $0, relativeTo: workingFolder) }) {
      if FileManager.default.fileExists(atPath: named.path) { return named }
      let name = named.relativePath
      for shippedName in Self.shippedNames where name == shippedName || name + ".safetensors" == shippedName {
        if let found = shipped(shippedName).first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
          return found
        }
      }
      throw InferenceError.missingModel(path: named.path)
    }
    let candidates =
      [workingFolder.appending(path: "artifacts/training/model.safetensors")] + shipped(Self.shippedName)
    if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) { return found }
    throw InferenceError.noModel(tried: candidates.map(\.path))
  }

  /// Installed, the models lie in `share/nefro/models` beside `bin`; in a checkout in `Models` above the build folder.
  private func shipped(_ name: String) -> [URL] {
    guard let folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent() else { return [] }
    var candidates = [folder.deletingLastPathComponent().appending(path: "share/nefro/models/\(name)")]
    if let build = folder.pathComponents.lastIndex(where: { $0.hasPrefix(".build") }) {
      let checkout = folder.pathComponents[..<build].reduce(URL(filePath: "/")) { $0.appending(path: $1) }
      candidates.append(checkout.appending(path: "Models/\(name)"))
    }
    return candidates
  }
}
