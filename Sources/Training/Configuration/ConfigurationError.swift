/// What can be wrong with `params.yaml` or `config/config.yaml`.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
  case missingFile(path: String)
  case notYAML(path: String, reason: String)
  case notAMapping(path: String, key: String?)
  case unknownKey(path: String, key: String, line: Int?, nearest: String?)
  case repeatedKey(path: String, key: String, line: Int?)
  case missingKey(path: String, key: String)
  case badValue(path: String, key: String, value: String, expected: String, line: Int?)
  /// Two keys that do not go together.
  case conflict(path: String, keys: [String], reason: String)

  public var description: String {
    switch self {
    case .missingFile(let path):
      "There is no file '\(path)'. Run the command in the project's folder, or name the file with --params or --config."
    case .notYAML(let path, let reason):
      "'\(path)' is not valid YAML: \(reason)"
    case .notAMapping(let path, let key):
      "'\(path)': \(key.map { "'\($0)'" } ?? "the file") must be a mapping of keys to values."
    case .unknownKey(let path, let key, let line, let nearest):
      "'\(path)'\(Self.at(line)): unknown key '\(key)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? " Remove it; docs/parameters.md lists every key.")
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
