import Foundation

/// Where credentials for sources are looked for. Nothing is read until a source wants some.
public struct SourceCredentials: Sendable {
  private let environment: [String: String]

  /// - Parameter environment: the process's environment.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// Kaggle's credentials, bound to the origin of its API. In order: `KAGGLE_API_TOKEN`; `KAGGLE_USERNAME` with
  /// `KAGGLE_KEY`; `kaggle.json` in `$KAGGLE_CONFIG_DIR` if that is set, else in `~/.kaggle`, else in
  /// `$XDG_CONFIG_HOME/kaggle` (`~/.config/kaggle`).
  ///
  /// A `kaggle.json` that other users can read is refused, as ssh refuses such keys: browsers save it so, and on a
  /// shared machine it would stay so.
  package func kaggle(for api: URL) throws -> OriginCredentials {
    guard Origin(api) != nil else {
      throw TransferError.invalidAddress(api.withoutSecrets, reason: "Kaggle's API needs an http or https address")
    }
    if let token = value("KAGGLE_API_TOKEN"), let found = OriginCredentials.bearer(token: token, for: api) {
      return found
    }
    if let user = value("KAGGLE_USERNAME"), let key = value("KAGGLE_KEY"),
      let found = OriginCredentials.basic(user: user, password: key, for: api)
    {
      return found
    }
    for file in kaggleFiles {
      if let found = try Self.credentials(in: file, for: api) { return found }
    }
    throw TransferError.kaggleCredentialsMissing(searched: kaggleFiles.map(\.path))
  }

  private func value(_ name: String) -> String? {
    let text = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
    return text?.isEmpty == false ? text : nil
  }

  private var kaggleFiles: [URL] {
    if let folder = value("KAGGLE_CONFIG_DIR") { return [URL(filePath: folder).appending(path: "kaggle.json")] }
    let home = URL(filePath: value("HOME") ?? NSHomeDirectory())
    let configuration = value("XDG_CONFIG_HOME").map { URL(filePath: $0) } ?? home.appending(path: ".config")
    return [home.appending(path: ".kaggle/kaggle.json"), configuration.appending(path: "kaggle/kaggle.json")]
  }

  private struct KaggleFile: Decodable {
    let username: String
    let key: String
  }

  /// - Returns: nil if there is no such file.
  private static func credentials(in file: URL, for api: URL) throws -> OriginCredentials? {
    func unreadable(_ reason: String) -> TransferError { .kaggleCredentialsUnreadable(path: file.path, reason: reason) }
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw unreadable(String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw unreadable("it is not a regular file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw TransferError.kaggleCredentialsExposed(
        path: file.path, mode: String(status.st_mode & 0o777, radix: 8))
    }
    guard let data = try? handle.read(upToCount: 1 << 16),
      let content = try? JSONDecoder().decode(KaggleFile.self, from: data), !content.username.isEmpty,
      !content.key.isEmpty
    else { throw unreadable("it does not hold a \"username\" and a \"key\"") }
    return .basic(user: content.username, password: content.key, for: api)
  }
}
