import Dispatch
import Foundation

/// The right to be the only one to write into a folder, held until `release` or the process's end.
///
/// The system's advisory lock on a small file in the folder: a process that is killed loses it at once,
/// so nothing stale is ever left to clean up.
public final class FolderLock: Sendable {
  private let descriptor: Int32
  private let folder: URL

  /// - Parameter folder: created if missing.
  /// - Throws: `LocalFileError.locked` if another process, or another lock of this one, holds it.
  public init(_ folder: URL) throws {
    descriptor = try Self.lockedFile(in: folder)
    self.folder = folder
    let note = "process \(ProcessInfo.processInfo.processIdentifier)\n"
    ftruncate(descriptor, 0)
    _ = note.utf8CString.withUnsafeBytes { pwrite(descriptor, $0.baseAddress!, $0.count - 1, 0) }
  }

  /// A folder's lock, after waiting for another holder.
  ///
  /// - Parameter patience: how long, in seconds.
  /// - Throws: as `init`; `locked` after that time.
  public static func waiting(_ folder: URL, patience: Double) throws -> FolderLock {
    let end = DispatchTime.now().uptimeNanoseconds + UInt64(max(0, patience) * 1e9)
    while true {
      do {
        return try FolderLock(folder)
      } catch LocalFileError.locked where DispatchTime.now().uptimeNanoseconds < end {
        usleep(10_000)
      }
    }
  }

  /// Gives the lock back before the object's end.
  public func release() { flock(descriptor, LOCK_UN) }

  /// Gives the lock back and removes its file, and the folder if nothing else is in it.
  ///
  /// It must be held: whoever waits for it then sees that the file is gone, and makes another.
  public func remove() {
    unlink(Self.file(in: folder).path)
    rmdir(folder.path)
    release()
  }

  /// - Returns: the descriptor of the folder's lock file, locked.
  private static func lockedFile(in folder: URL) throws -> Int32 {
    let file = file(in: folder)
    while true {
      try AtomicFile.createFolder(folder)
      let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        let code = errno
        // Its last holder has just removed the folder.
        if code == ENOENT, !FileManager.default.fileExists(atPath: folder.path) { continue }
        throw LocalFileError.writing(file.path, code: code)
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        let holder = (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        close(descriptor)
        guard code == EWOULDBLOCK else { throw LocalFileError.writing(file.path, code: code) }
        throw LocalFileError.locked(
          folder: folder.path, holder: holder.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown process")
      }
      // A file that its holder removed after it was opened here guards nothing: the next one makes another.
      if isStillThere(descriptor, file) { return descriptor }
      close(descriptor)
    }
  }

  private static func file(in folder: URL) -> URL { folder.appending(path: ".nefro.lock") }

  private static func isStillThere(_ descriptor: Int32, _ file: URL) -> Bool {
    var (opened, present) = (stat(), stat())
    guard fstat(descriptor, &opened) == 0, stat(file.path, &present) == 0 else { return false }
    return opened.st_ino == present.st_ino && opened.st_dev == present.st_dev
  }

  deinit {
    close(descriptor)
  }
}
