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
    let temporary = folder
      .appending(path: ".\(ProcessInfo.processInfo.processIdentifier).\(UInt32.random(in: 0...UInt32.max)).part")
    var file = try GrowingFile(creating: temporary)
    let url: URL
    do {
      guard let place = try produce(&file) else { return file.discard() }
      try createFolder(place.deletingLastPathComponent())
      try file.finish()
      url = place
    } catch {
      file.discard()
      throw error
    }
    guard rename(temporary.path, url.path) == 0 else {
      let code = errno
      unlink(temporary.path)
      throw LocalFileError.writing(url.path, code: code)
    }
    flushFolder(url.deletingLastPathComponent())
  }

  /// Creates a folder and those above it; one that exists is fine.
  public static func createFolder(_ url: URL) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError).map { Int32($0.code) } ?? 0
      if code != 0 { throw LocalFileError.writing(url.path, code: code) }
      throw LocalFileError.cannotWrite(path: url.path, reason: "the folder cannot be created (\(error.localizedDescription))")
    }
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
  public let url: URL
  private var descriptor: Int32

  init(creating url: URL) throws {
    self.url = url
    descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw LocalFileError.writing(url.path, code: errno) }
  }

  public mutating func append(_ data: Data) throws {
    try data.withUnsafeBytes { try append($0) }
  }

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

  mutating func finish() throws {
    guard fsync(descriptor) == 0 else { throw LocalFileError.writing(url.path, code: errno) }
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0 else { throw LocalFileError.writing(url.path, code: errno) }
  }

  mutating func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    unlink(url.path)
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
