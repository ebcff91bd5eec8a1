import Inference

/// Why a server does not start, or what is asked of its tokens and records cannot be done.
public enum ServingError: Error, Equatable, CustomStringConvertible {
  /// Anybody in reach could read what goes over the wire.
  case needsTLS(host: String)
  /// A route without a token is for this machine only.
  case legacyOpenBeyondLoopback(host: String)
  /// A certificate without its key, or a key without its certificate; `missing` is the option for the other.
  case incompleteTLS(missing: String)
  /// The certificate or its key is not there, or cannot be used.
  case cannotRead(path: String, reason: String)
  /// The system does not give the host or the port; `reason` is in its words.
  case cannotListen(host: String, port: Int, reason: String)
  /// The model does not answer its own picture as it did.
  case modelNotSteady(model: String)
  /// Of the tokens that are not revoked, none has this as its name or as the beginning of its identity.
  case noSuchToken(String)
  /// Several of them have it; `candidates` are their identities.
  case ambiguousToken(String, candidates: [String])
  /// It is not 1 to 80 printable characters.
  case badTokenName(String)
  /// A row of the audit trail is not what was written.
  case auditTrailChanged(entry: Int64)
  /// Entries are missing at the end of an audit trail, or all of it is another one: none has the seal that is known.
  case auditTrailCut(count: Int64)
  /// There is no `serving.sqlite` in the folder.
  case noRecords(path: String)
  /// A page's template cannot be written.
  case brokenPage(String)

  /// What is wrong and what to do about it. It is logged whole, so it holds nothing of a request.
  public var description: String {
    switch self {
    case .needsTLS(let host):
      "'\(host)' can be reached by other machines, and pictures of patients would cross the network in the clear. "
        + "Give --tls-certificate and --tls-key, or --behind-proxy if a proxy on this machine does TLS."
    case .legacyOpenBeyondLoopback(let host):
      "--legacy-open lets anybody ask without a token, which is for this machine only, not for '\(host)'."
    case .incompleteTLS(let missing):
      "A certificate and its key belong together: \(missing) is missing."
    case .cannotRead(let path, let reason): "Cannot use '\(path)': \(reason)."
    case .cannotListen(let host, let port, let reason):
      "Cannot listen on \(host):\(port): \(reason). Is another server running? --port names another port."
    case .modelNotSteady(let model):
      "'\(model)' does not give the same answer to the same picture twice. Do not use it; check this machine's memory."
    case .noSuchToken(let id): "There is no token '\(id)'. 'nefro tokens list' shows those that there are."
    case .ambiguousToken(let id, let candidates):
      "'\(id)' is the name or the beginning of several tokens: \(candidates.joined(separator: ", ")). Give more of its identity."
    case .brokenPage(let template):
      "The page '\(template)' cannot be written: this build of the program is broken. Install it again."
    case .badTokenName(let name):
      "'\(name)' cannot name a token. Use 1 to 80 printable characters; it stands in the audit trail, so name the "
        + "person or the program that gets it."
    case .auditTrailChanged(let entry):
      "The audit trail is not what was written: entry \(entry) or the one before it was changed or removed. "
        + "Keep the file as it is, and compare it with a copy."
    case .auditTrailCut(let count):
      "None of the \(count) entries has the seal that was given: entries are missing at the end, or all seals were written "
        + "anew. Keep the file as it is, and compare it with a copy."
    case .noRecords(let path): "There is no record of a server in '\(path)'. 'nefro serve' makes one; --store names another place."
    }
  }
}
