/// What is wrong with a ledger, and what to do about it.
public enum LedgerError: Error, Equatable, CustomStringConvertible {
  /// A line is no entry, or not the one that was written.
  case corrupt(path: String, line: Int, reason: String)
  /// Lines at the end, or the whole file, are gone.
  case cut(path: String, lastKnown: String)
  /// The file that keeps the last line's digest holds none, so that a cut could not be told.
  case anchor(path: String)

  public var description: String {
    let advice =
      "Without it nobody can tell how often the test set was opened. Restore the file from a copy; or remove it "
      + "together with the artifacts folder, set another SEED, and count the old test pictures as seen."
    return switch self {
    case .corrupt(let path, let line, let reason):
      "The ledger '\(path)' was changed or damaged in line \(line): \(reason). \(advice)"
    case .cut(let path, let lastKnown):
      "The ledger '\(path)' lacks the entry \(lastKnown) that was written here before: it was cut, replaced or removed. "
        + advice
    case .anchor(let path):
      "'\(path)' does not hold the digest of the ledger's last line, so that a cut of the ledger could not be told. "
        + advice
    }
  }
}
