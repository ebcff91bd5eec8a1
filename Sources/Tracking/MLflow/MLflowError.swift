import Transfers

/// What can go wrong between runs and a tracking server. Whatever it is, the runs are whole in their own store.
public enum MLflowError: Error, Equatable, CustomStringConvertible {
  case invalidAddress(scheme: String?)
  case credentialsUnreadable(path: String)
  case credentialsExposed(path: String, mode: String)
  /// 401.
  case loginRefused(server: String)
  /// 403; DagsHub says so, too, where a run belongs to another repository.
  case forbidden(server: String, message: String)
  /// A web page where an answer in JSON was expected.
  case webPage(address: String, title: String?)
  case redirected(address: String)
  case malformedAnswer(address: String, reason: String)
  /// The server refuses a call; `code` is MLflow's, such as `RESOURCE_DOES_NOT_EXIST`.
  case refused(address: String, status: Int, code: String?, message: String)
  /// 408, 429 or 5xx to the last attempt.
  case unavailable(address: String, status: Int, message: String)
  /// There was no answer at all.
  case noAnswer(server: String, TransferError)
  case artifactStoreUnsupported(server: String, scheme: String)
  /// The server, which is reached by https, wants artifacts to be sent by http.
  case artifactsUnencrypted(server: String)
  case experimentDeleted(server: String, name: String)
  case runDeleted(server: String, run: String)
  case modelRefused(model: String, version: String, message: String)
  case badModelScope(String)

  public var description: String {
    switch self {
    case .invalidAddress(let scheme):
      "MLFLOW_TRACKING_URI \(scheme.map { "begins with '\($0):'" } ?? "is no address"). Runs can be mirrored to an http "
        + "or https address, such as https://dagshub.com/OWNER/REPOSITORY.mlflow; correct the variable, or unset it."
    case .credentialsUnreadable(let path):
      "Cannot read the credentials in '\(path)'. Check that you may read it, or set MLFLOW_TRACKING_USERNAME and "
        + "MLFLOW_TRACKING_PASSWORD."
    case .credentialsExposed(let path, let mode):
      "'\(path)' holds a password and can be read by other users (mode \(mode)). Run: chmod 600 '\(path)'"
    case .loginRefused(let server):
      "\(server) wants a login, or does not accept the one it got (401). Check MLFLOW_TRACKING_USERNAME and "
        + "MLFLOW_TRACKING_PASSWORD (for DagsHub: the account's name and an access token), or MLFLOW_TRACKING_TOKEN."
    case .forbidden(let server, let message):
      "\(server) denies access (403: \(message)). Check that this account may write there, and that "
        + "MLFLOW_TRACKING_URI names the repository the run belongs to."
    case .webPage(let address, let title):
      "\(address) answered with a web page\(title.map { " ('\($0)')" } ?? "") where MLflow's JSON was expected. "
        + "Check MLFLOW_TRACKING_URI: it names the server itself (for DagsHub it ends in .mlflow), not a page "
        + "of it, and there must be no login page of a proxy before it."
    case .redirected(let address):
      "\(address) sends callers to another address. Redirects are not followed, since credentials go with every call: "
        + "set MLFLOW_TRACKING_URI to the address that is shown in a browser."
    case .malformedAnswer(let address, let reason):
      "\(address) does not answer as MLflow does: \(reason). Check MLFLOW_TRACKING_URI and the server's version "
        + "(2.7 or later)."
    case .refused(let address, let status, let code, let message):
      "\(address) refused a call (\(status)\(code.map { " \($0)" } ?? "")): \(message)"
    case .unavailable(let address, let status, let message):
      "\(address) answered \(status)\(message.isEmpty ? "" : " (\(message))"). The server is overloaded or "
        + "broken; nothing is lost: 'nefro runs sync' goes on later."
    case .noAnswer(let server, let failure): Self.text(failure, server)
    case .artifactsUnencrypted(let server):
      "\(server) keeps artifacts at an http address, where anybody on the way can read and change them; they are not sent "
        + "there. Start it with --serve-artifacts, or give it an https address for them."
    case .artifactStoreUnsupported(let server, let scheme):
      "\(server) keeps artifacts in a place of its own (\(scheme):) that only programs with its credentials can write "
        + "to. Start the server with --serve-artifacts and --default-artifact-root mlflow-artifacts:/, or use another "
        + "experiment (MLFLOW_EXPERIMENT_NAME) whose artifacts go through the server."
    case .experimentDeleted(let server, let name):
      "The experiment '\(name)' was deleted on \(server). Restore it there, or name another one in "
        + "MLFLOW_EXPERIMENT_NAME."
    case .runDeleted(let server, let run):
      "Run \(run) was deleted on \(server) and is not mirrored again. Restore it there if it should be."
    case .modelRefused(let model, let version, let message):
      "Version \(version) of the model '\(model)' did not become ready: \(message)"
    case .badModelScope(let text):
      "NEFRO_MLFLOW_MODEL is '\(text)'. Set it to "
        + "\(ModelPackager.Scope.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")), or unset it."
    }
  }

  /// Whether later the same call may succeed with nothing changed.
  public var isTransient: Bool {
    switch self {
    case .unavailable, .noAnswer(_, .cannotConnect), .noAnswer(_, .stalled), .noAnswer(_, .connectionLost): true
    default: false
    }
  }

  private static func text(_ failure: TransferError, _ server: String) -> String {
    let later = "Nothing is lost: 'nefro runs sync' goes on later."
    return switch failure {
    case .cannotConnect(_, let reason):
      "Cannot reach \(server): \(reason). Check MLFLOW_TRACKING_URI and the network. \(later)"
    case .stalled(let address, let seconds, _): "\(address) did not answer within \(Int(seconds)) s. \(later)"
    case .connectionLost(let address, _, _, let reason): "The connection to \(address) was lost (\(reason)). \(later)"
    case .untrustedCertificate:
      "\(failure) If the server has an authority of its own, name its certificate (PEM) in "
        + "MLFLOW_TRACKING_SERVER_CERT_PATH."
    case .tooLarge(let address, let most, _):
      "\(address) answered with more than \(most) bytes, which no call of MLflow's has. Check MLFLOW_TRACKING_URI."
    default: "\(failure)"
    }
  }
}
