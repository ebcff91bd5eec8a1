import Foundation

/// What can go wrong with files of this machine.
public enum LocalFileError: Error, Equatable, CustomStringConvertible {
  /// A system call failed; `reason` is the system's own text.
  case cannotWrite(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  case diskFull(path: String)
  /// Another process holds the lock of `folder`.
  case locked(folder: String, holder: String)

  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "Cannot write '\(path)': \(reason). Check that the folder exists and that you may write there."
    case .cannotRead(let path, let reason):
      "Cannot read '\(path)': \(reason)."
    case .diskFull(let path):
      "No space left on the disk of '\(path)'. Free some space and run the command again; what was there before is unchanged."
    case .locked(let folder, let holder):
      "'\(folder)' is in use by another run of nefro (\(holder)). Wait until it ends, or choose another folder."
    }
  }

  /// The error for a failed write, from `errno`.
  package static func writing(_ path: String, code: Int32) -> LocalFileError {
    code == ENOSPC || code == EDQUOT
      ? .diskFull(path: path) : .cannotWrite(path: path, reason: String(cString: strerror(code)))
  }
}
