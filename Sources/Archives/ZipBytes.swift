import Foundation
import LocalFiles

/// Reads pieces of a zip file; a piece beyond its end is an error, never a crash.
final class ZipBytes {
  let path: String
  let size: UInt64
  private let descriptor: Int32

  init(_ url: URL) throws {
    path = url.path
    descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw LocalFileError.cannotRead(path: url.path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    size = fstat(descriptor, &status) == 0 ? UInt64(max(status.st_size, 0)) : 0
  }

  deinit { close(descriptor) }

  func read(at offset: UInt64, count: UInt64) throws -> [UInt8] {
    guard offset <= size, count <= size - offset else { throw damaged("it refers to bytes beyond its end") }
    var reached = 0
    let wanted = Int(count)
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
      while reached < wanted {
        let got = pread(descriptor, buffer.baseAddress! + reached, wanted - reached, off_t(offset) + off_t(reached))
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        reached += got
      }
      initialized = reached
    }
    guard reached == wanted else { throw damaged("it could not be read to its end") }
    return bytes
  }

  func damaged(_ reason: String) -> ArchiveError { .damaged(archive: path, reason: reason) }
}

/// Steps through little-endian fields.
struct ZipCursor {
  let file: ZipBytes
  private let content: [UInt8]
  private var position = 0

  init(_ content: [UInt8], file: ZipBytes) {
    self.content = content
    self.file = file
  }

  var isAtEnd: Bool { position == content.count }

  mutating func bytes(_ count: UInt64) throws -> [UInt8] {
    guard count <= UInt64(content.count - position) else { throw file.damaged("its directory is cut short") }
    defer { position += Int(count) }
    return Array(content[position..<position + Int(count)])
  }

  mutating func skip(_ count: UInt64) throws { _ = try bytes(count) }

  mutating func number(_ width: UInt64) throws -> UInt64 {
    try bytes(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The 64-bit numbers of the extra field 1, which stand in for 32-bit fields that hold only ones.
  static func wideFields(_ extra: [UInt8], file: ZipBytes) throws -> WideFields {
    var cursor = ZipCursor(extra, file: file)
    while extra.count - cursor.position >= 4 {
      let kind = try cursor.number(2)
      let field = try cursor.bytes(try cursor.number(2))
      if kind == 1 { return WideFields(cursor: ZipCursor(field, file: file)) }
    }
    return WideFields(cursor: ZipCursor([], file: file))
  }

  struct WideFields {
    fileprivate var cursor: ZipCursor
    mutating func next() throws -> UInt64 { try cursor.number(8) }
  }
}
