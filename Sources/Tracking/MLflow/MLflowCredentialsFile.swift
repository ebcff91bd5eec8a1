import Foundation

/// `~/.mlflow/credentials`, which `mlflow login` writes: an INI file whose section `[mlflow]` has
/// `mlflow_tracking_username` and `mlflow_tracking_password`.
struct MLflowCredentialsFile: Equatable {
  var user: String?
  var password: String?

  /// - Parameter isWanted: whether anything in it would be used.
  /// - Returns: nothing if there is no such file, or it is not wanted.
  /// - Throws: `MLflowError.credentialsUnreadable`; `credentialsExposed` if others can read a file with a password, as
  ///   ssh refuses such keys.
  static func read(_ file: URL, ifWanted isWanted: () -> Bool) throws -> MLflowCredentialsFile {
    guard isWanted(), FileManager.default.fileExists(atPath: file.path) else { return MLflowCredentialsFile() }
    guard let handle = try? FileHandle(forReadingFrom: file), let data = try? handle.read(upToCount: 1 << 16),
      let text = String(data: data, encoding: .utf8)
    else { throw MLflowError.credentialsUnreadable(path: file.path) }
    var status = stat()
    let found = parse(text)
    if found.password != nil, fstat(handle.fileDescriptor, &status) == 0, status.st_mode & 0o077 != 0 {
      throw MLflowError.credentialsExposed(path: file.path, mode: String(status.st_mode & 0o777, radix: 8))
    }
    return found
  }

  static func parse(_ text: String) -> MLflowCredentialsFile {
    var section = ""
    var found = MLflowCredentialsFile()
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if line.hasPrefix("["), line.hasSuffix("]") {
        section = String(line.dropFirst().dropLast())
        continue
      }
      guard section == "mlflow", let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
      let value = line[line.index(after: separator)...].trimmingCharacters(in: .whitespaces)
      guard !value.isEmpty else { continue }
      switch line[..<separator].trimmingCharacters(in: .whitespaces).lowercased() {
      case "mlflow_tracking_username": found.user = value
      case "mlflow_tracking_password": found.password = value
      default: break
      }
    }
    return found
  }
}
