import Foundation

/// The right to be the only one to write into a folder, held until `release` or the process's end.
///
/// The system's advisory lock on a small file in the folder: a process that is killed loses it at once,
/// so nothing stale is ever left to clean up.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Parameter folder: created if missing.
  /// - Throws: `LocalFileError.locked` if another process, or another lock of this one, holds it.
  public init(_ folder: URL) throws {
    try AtomicFile.createFolder(folder)
    let file = folder.appending(path: ".nefro.lock")
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw LocalFileError.writing(file.path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw LocalFileError.writing(file.path, code: code) }
      throw LocalFileError.locked(folder: folder.path, holder: holder.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown process")
    }
    let note = "process \(ProcessInfo.processInfo.processIdentifier)\n"
    ftruncate(descriptor, 0)
    _ = note.utf8CString.withUnsafeBytes { pwrite(descriptor, $0.baseAddress!, $0.count - 1, 0) }
    self.descriptor = descriptor
  }

  /// Gives the lock back before the object's end.
  public func release() { flock(descriptor, LOCK_UN) }

  deinit {
    close(descriptor)
  }
}
