import Foundation

/// Files that are there whole or not at all.
public enum AtomicFile {
  /// Writes `data` to `url`: first to a temporary file beside it, flushed to the disk, then renamed.
  ///
  /// Folders on the way are created. If anything fails, a file that was at `url` is unchanged and the
  /// temporary one is removed.
  ///
  /// - Throws: `LocalFileError` naming the path and the system's reason.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { file in try file.append(data) }
  }

  /// The same for text, as UTF-8.
  public static func write(_ text: String, to url: URL) throws {
    try write(Data(text.utf8), to: url)
  }

  /// The same for content that is produced in pieces.
  public static func write(to url: URL, _ produce: (inout GrowingFile) throws -> Void) throws {
    try write(in: url.deletingLastPathComponent()) { file in
      try produce(&file)
      return url
    }
  }

  /// The same where the content tells the name.
  ///
  /// - Parameters:
  ///   - folder: of the temporary file, on the same disk as the place it gets.
  ///   - produce: writes the content and returns its place; nil if it is not wanted, and then nothing is left.
  public static func write(in folder: URL, _ produce: (inout GrowingFile) throws -> URL?) throws {
    try createFolder(folder)
    let temporary =
      folder
      .appending(path: ".\(ProcessInfo.processInfo.processIdentifier).\(UInt32.random(in: 0...UInt32.max))\(ending)")
    var file = try GrowingFile(creating: temporary)
    let url: URL
    do {
      guard let place = try produce(&file) else { return file.discard() }
      try createFolder(place.deletingLastPathComponent())
      try file.flush()
      url = place
      guard rename(temporary.path, url.path) == 0 else { throw LocalFileError.writing(url.path, code: errno) }
    } catch {
      file.discard()
      throw error
    }
    // Only now: its lock goes with it.
    file.close()
    flushFolder(url.deletingLastPathComponent())
  }

  private static let ending = ".part"

  /// Removes the temporary files of writers that were killed. One whose writer lives is left alone: that holds its lock.
  ///
  /// - Parameter folder: as for `write(in:)`; one that is not there has none.
  public static func removeRemains(in folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.wholeMatch(of: /\.\d+\.\d+\.part/) != nil {
      let path = folder.appending(path: name).path
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(descriptor)
    }
  }

  /// Creates a folder and those above it; one that exists is fine.
  ///
  /// - Throws: `LocalFileError` with the system's reason, such as "Not a directory".
  public static func createFolder(_ url: URL) throws {
    let code = makeFolder(url.path)
    if code != 0 { throw LocalFileError.writing(url.path, code: code) }
  }

  /// - Returns: 0, or the system's error number.
  private static func makeFolder(_ path: String) -> Int32 {
    // Permission bits as the system's mask leaves them.
    if mkdir(path, 0o777) == 0 { return 0 }
    var code = errno
    if code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      let failure = makeFolder(String(path[..<slash]))
      if failure != 0 { return failure }
      if mkdir(path, 0o777) == 0 { return 0 }
      code = errno
    }
    // "It exists" may come second to another reason, such as a disk that cannot be written to.
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return code }
    return isFolder.boolValue ? 0 : ENOTDIR
  }

  /// A rename is durable only once its folder is flushed. Some file systems refuse; then nothing is lost
  /// but that guarantee.
  private static func flushFolder(_ url: URL) {
    let descriptor = open(url.path, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// A new file that grows piece by piece.
public struct GrowingFile {
  /// Where the bytes are for now: the temporary file, not the place it gets.
  public let url: URL
  private var descriptor: Int32

  /// It is locked until it is closed, so that others can tell it from what a killed process left.
  init(creating url: URL) throws {
    self.url = url
    while true {
      descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw LocalFileError.writing(url.path, code: errno) }
      // A file system without locks has none to be told by; nothing else depends on it.
      guard flock(descriptor, LOCK_EX) == 0 else { return }
      var status = stat()
      if fstat(descriptor, &status) != 0 || status.st_nlink > 0 { return }
      // It was taken for a remain between the two calls.
      Foundation.close(descriptor)
    }
  }

  /// Adds bytes at the end.
  ///
  /// - Throws: `LocalFileError` naming the path and the system's reason.
  public mutating func append(_ data: Data) throws {
    try data.withUnsafeBytes { try append($0) }
  }

  /// Adds bytes at the end.
  ///
  /// - Throws: `LocalFileError` naming the path and the system's reason.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, rest.baseAddress!, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw LocalFileError.writing(url.path, code: errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  func flush() throws {
    guard fsync(descriptor) == 0 else { throw LocalFileError.writing(url.path, code: errno) }
  }

  mutating func close() {
    if descriptor >= 0 { Foundation.close(descriptor) }
    descriptor = -1
  }

  mutating func discard() {
    unlink(url.path)
    close()
  }
}

extension AtomicFile {
  /// Puts the content of `source` at `target`, whole or not at all, in pieces of 1 MiB.
  public static func replace(_ target: URL, withContentsOf source: URL) throws {
    let handle: FileHandle
    do {
      handle = try FileHandle(forReadingFrom: source)
    } catch {
      throw LocalFileError.cannotRead(path: source.path, reason: error.localizedDescription)
    }
    defer { try? handle.close() }
    try write(to: target) { file in
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { try file.append(piece) }
    }
  }
}
