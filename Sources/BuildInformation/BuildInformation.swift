/// What this program is: its version and the commit it was built from.
public struct BuildInformation: Equatable, Sendable {
  /// Such as "0.1.0".
  public var version: String
  /// 40 hexadecimal digits, with "-modified" behind them if what the program is built from had changed since; "unknown"
  /// outside a git checkout.
  public var commit: String

  /// - Parameters:
  ///   - version: such as "0.1.0".
  ///   - commit: as `commit` says.
  public init(version: String, commit: String) {
    self.version = version
    self.commit = commit
  }

  /// This program's.
  public static let current = BuildInformation(version: "0.1.0", commit: builtFromCommit)

  /// Goes into what the program makes, such as "0.1.0+1ceb5d3a0c11".
  public var identity: String { "\(version)+\(shortCommit)" }

  /// The commit's first twelve digits, and whether files had changed.
  public var shortCommit: String {
    let parts = commit.split(separator: "-", maxSplits: 1)
    return parts.count == 2 ? "\(parts[0].prefix(12))-\(parts[1])" : String(commit.prefix(12))
  }
}
