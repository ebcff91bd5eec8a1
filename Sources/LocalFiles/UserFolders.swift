import Foundation

/// The user's folders by the XDG Base Directory Specification.
public struct UserFolders: Sendable {
  /// For what can be fetched or computed again, such as base weights: `$XDG_CACHE_HOME/nefro`, else `~/.cache/nefro`.
  public let cache: URL
  /// For what cannot: `$XDG_DATA_HOME/nefro`, else `~/.local/share/nefro`.
  public let data: URL

  /// - Parameter environment: the process's environment; the specification says to ignore relative paths in it.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let home = URL(filePath: environment["HOME"] ?? NSHomeDirectory())
    func folder(_ variable: String, _ fallback: String) -> URL {
      if let path = environment[variable], path.hasPrefix("/") { return URL(filePath: path).appending(path: "nefro") }
      return home.appending(path: fallback).appending(path: "nefro")
    }
    cache = folder("XDG_CACHE_HOME", ".cache")
    data = folder("XDG_DATA_HOME", ".local/share")
  }
}
