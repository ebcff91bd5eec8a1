import Foundation
import Transfers

/// Where runs are mirrored to, and who asks: what MLflow's own clients read from the environment.
///
/// `MLFLOW_TRACKING_URI` names the server. Credentials are, in order: `MLFLOW_TRACKING_USERNAME` with
/// `MLFLOW_TRACKING_PASSWORD` (each may come from the section `[mlflow]` of `~/.mlflow/credentials` instead), a name
/// and password in the address itself, `MLFLOW_TRACKING_TOKEN`. `MLFLOW_TRACKING_SERVER_CERT_PATH` or
/// `SERVER_CERT_PATH` names certificates to trust besides the system's. `MLFLOW_EXPERIMENT_NAME` names the experiment.
public struct MLflowServer: Sendable {
  /// The server's address without name and password, without `/` at its end.
  public let address: URL
  public let credentials: OriginCredentials?
  public var experiment: String
  public var security: TransportSecurity
  public var proxies: ProxySettings
  /// What is taken out of everything a server says, should it repeat it.
  let secrets: [String]

  /// The address as it is shown and remembered.
  public var name: String { address.withoutSecrets }

  /// The project's own experiment where none is named.
  public static let defaultExperiment = "nefro"

  /// - Parameters:
  ///   - environment: the process's environment.
  ///   - home: the user's folder.
  /// - Returns: nil if `MLFLOW_TRACKING_URI` is not set, or empty.
  /// - Throws: `MLflowError.invalidAddress`, `credentialsUnreadable`, `credentialsExposed`.
  public static func configured(environment: [String: String], home: URL) throws -> MLflowServer? {
    func value(_ name: String) -> String? {
      let text = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
      return text?.isEmpty == false ? text : nil
    }
    guard let text = value("MLFLOW_TRACKING_URI") else { return nil }
    let file = try MLflowCredentialsFile.read(
      home.appending(path: ".mlflow/credentials"),
      ifWanted: {
        value("MLFLOW_TRACKING_USERNAME") == nil || value("MLFLOW_TRACKING_PASSWORD") == nil
      })
    let certificates = value("MLFLOW_TRACKING_SERVER_CERT_PATH") ?? value("SERVER_CERT_PATH")
    let insecure = ["true", "1"].contains(value("MLFLOW_TRACKING_INSECURE_TLS")?.lowercased())
    return try MLflowServer(
      uri: text, user: value("MLFLOW_TRACKING_USERNAME") ?? file.user,
      password: value("MLFLOW_TRACKING_PASSWORD") ?? file.password, token: value("MLFLOW_TRACKING_TOKEN"),
      experiment: value("MLFLOW_EXPERIMENT_NAME") ?? defaultExperiment,
      security: TransportSecurity(
        additionalCertificates: certificates.map { URL(filePath: $0) }, verifiesCertificates: !insecure),
      proxies: ProxySettings(environment: environment))
  }

  /// What a person must be told before anything is sent, such as that certificates are not checked; nil for nothing.
  public var warning: String? {
    guard !security.verifiesCertificates, address.scheme?.lowercased() == "https" else { return nil }
    return "MLFLOW_TRACKING_INSECURE_TLS is set: the certificate of \(name) is not checked, so anybody on the way can read "
      + "the password and what is sent. Name the server's authority in MLFLOW_TRACKING_SERVER_CERT_PATH instead."
  }

  /// - Throws: `MLflowError.invalidAddress`.
  public init(
    uri: String, user: String? = nil, password: String? = nil, token: String? = nil,
    experiment: String = defaultExperiment, security: TransportSecurity = TransportSecurity(),
    proxies: ProxySettings = ProxySettings()
  ) throws {
    guard let given = URL(string: uri), Origin(given) != nil,
      var parts = URLComponents(url: given, resolvingAgainstBaseURL: true)
    else { throw MLflowError.invalidAddress(scheme: URL(string: uri)?.scheme) }
    let user = user ?? parts.user
    let password = password ?? parts.password
    parts.user = nil
    parts.password = nil
    parts.query = nil
    parts.fragment = nil
    while parts.path.hasSuffix("/") { parts.path.removeLast() }
    guard let address = parts.url else { throw MLflowError.invalidAddress(scheme: given.scheme) }
    self.address = address
    self.experiment = experiment
    self.security = security
    self.proxies = proxies
    // As MLflow's client: a name and a password together, else a token.
    if let user, let password {
      credentials = .basic(user: user, password: password, for: address)
      secrets = [password, Data("\(user):\(password)".utf8).base64EncodedString()]
    } else if let token {
      credentials = .bearer(token: token, for: address)
      secrets = [token]
    } else {
      credentials = nil
      secrets = []
    }
  }

  /// A text of the server's without what should never be shown, and not longer than a few lines.
  func redacted(_ text: String) -> String {
    var text = text
    for secret in secrets where secret.count >= 4 { text = text.replacingOccurrences(of: secret, with: "***") }
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 300 ? "\(line.prefix(300))…" : line
  }
}

extension MLflowServer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Names the address only: credentials never reach a message, a log or a dump.
  public var description: String { name }
  public var debugDescription: String { name }
  public var customMirror: Mirror { Mirror(self, children: ["address": name, "experiment": experiment]) }
}
