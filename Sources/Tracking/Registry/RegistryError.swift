/// What can be wrong with registered models and what is asked of them.
public enum RegistryError: Error, Equatable, CustomStringConvertible {
  case noSuchModel(name: String, known: [String])
  case noSuchVersion(reference: String, known: [Int])
  case noSuchAlias(model: String, alias: String, known: [String])
  case badName(String)
  case badAlias(String)
  /// Nobody had the alias before.
  case nothingToRollBack(model: String, alias: String)
  /// The gate did not let it pass; `reasons` says why.
  case refused(reference: String, alias: String, reasons: [String])
  /// Somebody gave the alias to another version while the gate looked; `now` is that version.
  case holderChanged(model: String, alias: String, now: Int?)

  public var description: String {
    switch self {
    case .noSuchModel(let name, let known):
      "No model is registered as '\(name)'. "
        + (known.isEmpty ? "Register one with 'nefro models register'." : "There is: \(known.joined(separator: ", ")).")
    case .noSuchVersion(let reference, let known):
      "There is no version '\(reference)'. There is: \(known.map(String.init).joined(separator: ", "))."
    case .noSuchAlias(let model, let alias, let known):
      "No version of '\(model)' has the alias '\(alias)'"
        + (known.isEmpty ? "; none has any. Give one with 'nefro models promote'." : "; there is: \(known.joined(separator: ", ")).")
    case .badName(let name):
      "'\(name)' cannot name a model. Use 1 to 100 letters (a-z, A-Z), digits, '.', '_' and '-', with a letter first."
    case .badAlias(let alias):
      "'\(alias)' cannot be an alias. Use at most 255 letters (a-z, A-Z), digits, '_' and '-'; not 'latest', and not 'v' with a number."
    case .nothingToRollBack(let model, let alias):
      "No version of '\(model)' was '\(alias)' before the present one, so there is nothing to go back to."
    case .holderChanged(let model, let alias, let now):
      "While the gate looked, '\(alias)' of '\(model)' went to \(now.map { "version \($0)" } ?? "nobody"). Run the command again."
    case .refused(let reference, let alias, let reasons):
      "\(reference) does not become '\(alias)':\n" + reasons.map { "- \($0)" }.joined(separator: "\n")
    }
  }
}
