import Foundation

/// A Python environment that `scripts/test` has made for outside programs.
public struct PythonTools: Sendable {
  /// The environment's folder.
  public let folder: URL

  /// The environment of `Tests/tools/<name>.txt`.
  ///
  /// - Returns: nil where it is not there whole; that is printed as `SKIPPED`, which `scripts/test` repeats at its end.
  public static func named(_ name: String) -> PythonTools? {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["NEFRO_TEST_CACHE"].map { URL(filePath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/nefro-tests")
    let folder = cache.appending(path: name)
    guard FileManager.default.fileExists(atPath: folder.appending(path: "complete.txt").path) else {
      print("SKIPPED: no Python environment '\(name)' (scripts/test makes it from Tests/tools/\(name).txt)")
      return nil
    }
    return PythonTools(folder: folder)
  }

  /// One of the environment's programs, such as `mlflow` or `python`.
  public func program(_ name: String) -> URL { folder.appending(path: "bin").appending(path: name) }
}
