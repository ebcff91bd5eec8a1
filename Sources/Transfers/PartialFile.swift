import Digests
import Foundation
import LocalFiles

/// What the bytes in a `.part` file are part of; lies beside it as `.part.json`.
package struct PartRecord: Codable, Equatable, Sendable {
  /// Of the request's address or identity. A digest, since addresses may hold tokens that do not belong on a disk.
  package var source: ContentDigest
  package var etag: String?
  package var lastModified: String?
  /// Bytes of the whole file.
  package var total: Int64?

  package init(source: ContentDigest, etag: String? = nil, lastModified: String? = nil, total: Int64? = nil) {
    self.source = source
    self.etag = etag
    self.lastModified = lastModified
    self.total = total
  }

  /// What `If-Range` may carry: a strong tag, or the date. Weak tags are not for ranges (RFC 9110, 13.1.5).
  package var condition: String? {
    if let etag, !etag.hasPrefix("W/") { return etag }
    return lastModified
  }

  /// Whether an answer can be of the same version: nothing that both name differs.
  package func agrees(with other: PartRecord) -> Bool {
    func agree<Value: Equatable>(_ a: Value?, _ b: Value?) -> Bool { a == nil || b == nil || a == b }
    return source == other.source && agree(etag, other.etag) && agree(lastModified, other.lastModified)
      && agree(total, other.total)
  }
}

/// A file that is being downloaded: `FILE.part`, locked against other processes, with its record.
///
/// Used by one task at a time, on whatever thread that runs; hence unchecked.
package final class PartialFile: @unchecked Sendable {
  package let file: URL
  package let part: URL
  private let recordFile: URL
  private var descriptor: Int32
  /// Bytes so far.
  package private(set) var count: Int64 = 0
  /// Nil as long as nothing is known about the bytes.
  package private(set) var record: PartRecord?

  /// Opens what an earlier download left, or begins anew.
  ///
  /// - Throws: `LocalFileError`; `.locked` if another download of the same file is running.
  package init(for file: URL) throws {
    self.file = file
    part = file.appendingToName(".part")
    recordFile = file.appendingToName(".part.json")
    descriptor = try Self.openLocked(part)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Foundation.close(descriptor)
      throw LocalFileError.cannotWrite(path: part.path, reason: "it is not a regular file")
    }
    count = Int64(status.st_size)
    record = (try? Data(contentsOf: recordFile)).flatMap { try? JSONDecoder().decode(PartRecord.self, from: $0) }
    if record == nil { try restart(nil) }
  }

  /// For tests: a file that stands on some other descriptor.
  package init(file: URL, descriptor: Int32) {
    self.file = file
    part = file.appendingToName(".part")
    recordFile = file.appendingToName(".part.json")
    self.descriptor = descriptor
  }

  deinit { close() }

  /// Forgets all bytes. The record follows the bytes, so that a crash in between leaves no bytes with a wrong one.
  package func restart(_ record: PartRecord?) throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw LocalFileError.writing(part.path, code: errno)
    }
    count = 0
    self.record = record
    if let record {
      try AtomicFile.write(try JSONEncoder().encode(record), to: recordFile)
    } else {
      unlink(recordFile.path)
    }
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = pwrite(descriptor, rest.baseAddress, rest.count, off_t(count))
      if written < 0 {
        if errno == EINTR { continue }
        throw LocalFileError.writing(part.path, code: errno)
      }
      count += Int64(written)
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Puts the bytes on the disk and gives them the file's name.
  package func finish() throws {
    guard fsync(descriptor) == 0, rename(part.path, file.path) == 0 else {
      throw LocalFileError.writing(file.path, code: errno)
    }
    unlink(recordFile.path)
    close()
    // Some file systems do not let a folder be flushed; the file is whole all the same.
    let folder = open(file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    Foundation.close(folder)
  }

  /// Removes bytes and record.
  package func discard() {
    unlink(recordFile.path)
    unlink(part.path)
    close()
  }

  /// Keeps bytes and record for the next download, unless there are none.
  package func close() {
    guard descriptor >= 0 else { return }
    if count == 0, record == nil { unlink(part.path) }
    Foundation.close(descriptor)
    descriptor = -1
  }

  private static func openLocked(_ part: URL) throws -> Int32 {
    while true {
      let descriptor = open(part.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
      guard descriptor >= 0 else { throw LocalFileError.writing(part.path, code: errno) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        Foundation.close(descriptor)
        guard code == EWOULDBLOCK else { throw LocalFileError.writing(part.path, code: code) }
        throw LocalFileError.locked(folder: part.path, holder: "another download of the same file")
      }
      // Between opening and locking, its owner may have renamed or removed it: then it is no longer ours to write.
      var opened = stat()
      var named = stat()
      if fstat(descriptor, &opened) == 0, lstat(part.path, &named) == 0, opened.st_ino == named.st_ino,
        opened.st_dev == named.st_dev
      {
        return descriptor
      }
      Foundation.close(descriptor)
    }
  }
}

extension URL {
  fileprivate func appendingToName(_ suffix: String) -> URL {
    deletingLastPathComponent().appending(path: lastPathComponent + suffix)
  }
}
