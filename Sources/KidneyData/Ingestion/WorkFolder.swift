import Foundation
import LocalFiles

/// A temporary folder beside a destination: it becomes the destination by one rename, or vanishes.
///
/// Its owner holds a lock in it, so that what a killed run left behind is told apart from what another run is using,
/// and is removed by the next run.
final class WorkFolder {
  let url: URL
  private let destination: URL
  private let lock: FolderLock

  init(for destination: URL) throws {
    self.destination = destination
    let parent = destination.deletingLastPathComponent()
    try AtomicFile.createFolder(parent)
    url = parent.appending(path: "\(Self.prefix(destination))\(UInt64.random(in: 0...UInt64.max))\(Self.suffix)")
    lock = try FolderLock(url)
  }

  /// Makes `folder`, which lies in this one, the destination.
  ///
  /// What is there now goes away only after the new one stands in its place. A run that is killed between these two
  /// renames leaves the old one here, where the next run finds it and puts it back. After a power failure files may
  /// lack their content; the manifest's sizes and digests tell.
  func publish(_ folder: URL) throws {
    let old = url.appending(path: Self.replaced)
    guard rename(destination.path, old.path) == 0 || errno == ENOENT else {
      throw LocalFileError.writing(destination.path, code: errno)
    }
    guard rename(folder.path, destination.path) == 0 else {
      let code = errno
      rename(old.path, destination.path)
      throw LocalFileError.writing(destination.path, code: code)
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  private static let lockName = ".nefro.lock"
  private static let replaced = "replaced"
  private static let suffix = ".part"
  private static func prefix(_ destination: URL) -> String { ".\(destination.lastPathComponent)." }

  /// Removes what killed runs left behind, and puts back what one of them had moved away.
  static func sweep(_ destination: URL) {
    let parent = destination.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    for name in names where name.hasPrefix(prefix(destination)) && name.hasSuffix(suffix) {
      let folder = parent.appending(path: name)
      var status = stat()
      guard lstat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        // One that has just begun may not have its lock yet.
        FileManager.default.fileExists(atPath: folder.appending(path: lockName).path)
          || time(nil) - status.st_mtim.tv_sec > 60,
        let lock = try? FolderLock(folder)
      else { continue }
      rename(folder.appending(path: replaced).path, destination.path)
      try? FileManager.default.removeItem(at: folder)
      lock.release()
    }
  }
}
