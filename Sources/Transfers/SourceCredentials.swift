import Foundation

/// Where credentials for sources are looked for. Nothing is read until a source wants some.
public struct SourceCredentials: Sendable {
  package let environment: [String: String]

  /// - Parameter environment: the process's environment: `KAGGLE_USERNAME` with `KAGGLE_KEY`, `KAGGLE_CONFIG_DIR`,
  ///   `HOME`, `XDG_CONFIG_HOME`.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }
}
