/// What can be wrong with a file that tells a project what to do.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
  case missingFile(path: String, document: Document)
  case notYAML(path: String, reason: String)
  case notAMapping(path: String, key: String?)
  case unknownKey(path: String, key: String, line: Int?, nearest: String?, document: Document)
  case repeatedKey(path: String, key: String, line: Int?)
  case missingKey(path: String, key: String)
  case badValue(path: String, key: String, value: String, expected: String, line: Int?)
  /// Two keys that do not go together.
  case conflict(path: String, keys: [String], reason: String)

  /// Which file it is, so that a message can name what tells more of it.
  public enum Document: Sendable {
    /// `params.yaml` and `config/config.yaml`.
    case project
    case sweep, promotionGate, pipeline

    /// What lists its keys.
    var page: String {
      switch self {
      case .project: "docs/parameters.md"
      case .sweep: "docs/sweeps.md"
      case .promotionGate: "docs/models.md"
      case .pipeline: "docs/dvc.md"
      }
    }
  }

  /// What is wrong in which file, in which line where that is known, and what to do.
  public var description: String {
    switch self {
    case .missingFile(let path, .promotionGate):
      "There is no gate '\(path)'. Name a file with --gate, or leave it out for the project's own; docs/models.md shows what is in one."
    case .missingFile(let path, .sweep):
      "There is no file '\(path)'. Name a sweep's specification; docs/sweeps.md shows what is in one."
    case .missingFile(let path, .project), .missingFile(let path, .pipeline):
      "There is no file '\(path)'. Run the command in the project's folder, or name the file with --params or --config."
    case .notYAML(let path, let reason):
      "'\(path)' is not valid YAML: \(reason)"
    case .notAMapping(let path, let key):
      "'\(path)': \(key.map { "'\($0)'" } ?? "the file") must be a mapping of keys to values."
    case .unknownKey(let path, let key, let line, let nearest, let document):
      "'\(path)'\(Self.at(line)): unknown key '\(key)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? " Remove it; \(document.page) lists every key.")
    case .repeatedKey(let path, let key, let line):
      "'\(path)'\(Self.at(line)): '\(key)' stands there twice. Remove one of the two."
    case .missingKey(let path, let key):
      "'\(path)': the key '\(key)' is missing. Add it."
    case .badValue(let path, let key, let value, let expected, let line):
      "'\(path)'\(Self.at(line)): \(key) is \(value), but must be \(expected)."
    case .conflict(let path, let keys, let reason):
      "'\(path)': \(keys.joined(separator: " and ")) do not go together: \(reason)"
    }
  }

  private static func at(_ line: Int?) -> String { line.map { " line \($0)" } ?? "" }
}
