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

  /// The name of the model that is shipped.
  public static let shippedName = "kidney-two-class.safetensors"

  /// - Returns: `explicit`, else `NEFRO_MODEL`, else the one trained here, else the shipped one.
  /// - Throws: `InferenceError.missingModel` if a named one is not there, `noModel` if none is found.
  public func locate() throws -> URL {
    if let named = explicit ?? environment["NEFRO_MODEL"].map({ URL(filePath: $0, relativeTo: workingFolder).absoluteURL }) {
      guard FileManager.default.fileExists(atPath: named.path) else {
        throw InferenceError.missingModel(path: named.path)
      }
      return named
    }
    let candidates = [workingFolder.appending(path: "artifacts/training/model.safetensors")] + shipped
    if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) { return found }
    throw InferenceError.noModel(tried: candidates.map(\.path))
  }

  /// Installed, the models lie in `share/nefro/models` beside `bin`; in a checkout in `Models` above the build folder.
  private var shipped: [URL] {
    guard let folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent() else { return [] }
    var candidates = [folder.deletingLastPathComponent().appending(path: "share/nefro/models/\(Self.shippedName)")]
    if let build = folder.pathComponents.lastIndex(where: { $0.hasPrefix(".build") }) {
      let checkout = folder.pathComponents[..<build].reduce(URL(filePath: "/")) { $0.appending(path: $1) }
      candidates.append(checkout.appending(path: "Models/\(Self.shippedName)"))
    }
    return candidates
  }
}
