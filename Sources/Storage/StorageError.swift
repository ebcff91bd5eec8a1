import Foundation
import GRDB

/// What can go wrong with a database of this machine.
public enum StorageError: Error, Equatable, CustomStringConvertible {
  /// The file is no database, or parts of it are damaged.
  case corrupt(path: String, reason: String)
  /// A newer version of this program has changed its schema.
  case newer(path: String)
  /// Another process held it for longer than one waits.
  case locked(path: String, seconds: Double)
  case full(path: String)
  /// It cannot be opened, read or written; `reason` is SQLite's.
  case unusable(path: String, reason: String)
  /// A query broke a rule of the schema, or is wrong itself: a mistake of this program.
  case failed(path: String, reason: String)

  public var description: String {
    switch self {
    case .corrupt(let path, let reason):
      "'\(path)' is not a whole SQLite database (\(reason)). Nothing in it was repaired or deleted. Put it aside with the files beside it, or bring back a copy, then run the command again."
    case .newer(let path):
      "'\(path)' was changed by a newer version of nefro. Use that version, or name another store."
    case .locked(let path, let seconds):
      "'\(path)' was in use by another process for more than \(Int(seconds)) s. Run the command again when that one has ended."
    case .full(let path):
      "No space left on the disk of '\(path)'. Free some space and run the command again; what was there before is unchanged."
    case .unusable(let path, let reason):
      "'\(path)' cannot be used: \(reason). Check that it exists, and that you may read and write it and its folder."
    case .failed(let path, let reason):
      "A query of '\(path)' failed: \(reason)."
    }
  }

  /// SQLite's error without the query's arguments, which may be a patient's.
  ///
  /// The files beside a write-ahead log cannot be made on a full disk, and then SQLite names no reason: the disk is asked.
  init(_ error: DatabaseError, path: String, patience: Double) {
    let reason = error.message ?? "\(error.resultCode)"
    self =
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt(path: path, reason: reason)
      case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: .locked(path: path, seconds: patience)
      case .SQLITE_FULL: .full(path: path)
      case .SQLITE_CANTOPEN where Self.isFull(path), .SQLITE_IOERR where Self.isFull(path): .full(path: path)
      case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_PERM, .SQLITE_AUTH:
        .unusable(path: path, reason: reason)
      default: .failed(path: path, reason: reason)
      }
  }

  /// Less than SQLite's own files need.
  private static func isFull(_ path: String) -> Bool {
    var status = statvfs()
    guard statvfs(URL(filePath: path).deletingLastPathComponent().path, &status) == 0 else { return false }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 64 << 10
  }
}
