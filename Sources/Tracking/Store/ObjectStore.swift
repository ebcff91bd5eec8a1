import Digests
import Foundation
import LocalFiles

/// Files by the digest of their content: what two runs share is there once.
public struct ObjectStore: Sendable {
  /// Where they are.
  public let folder: URL

  /// - Parameter folder: made when the first file comes.
  public init(folder: URL) { self.folder = folder }

  /// Where content with this digest is, or would be: `ab/abcdef...`.
  public func url(of digest: ContentDigest) -> URL {
    folder.appending(path: String(digest.hex.prefix(2))).appending(path: digest.hex)
  }

  /// Takes a copy of a file. The digest is of what was copied, also if somebody writes the file meanwhile.
  ///
  /// - Returns: its digest and its length in bytes.
  /// - Throws: `LocalFileError`, also for a full disk; what was there before is unchanged.
  public func add(_ file: URL) throws -> (digest: ContentDigest, bytes: Int64) {
    let handle: FileHandle
    do {
      handle = try FileHandle(forReadingFrom: file)
    } catch {
      throw LocalFileError.cannotRead(path: file.path, reason: error.localizedDescription)
    }
    defer { try? handle.close() }
    var digest = StreamingDigest()
    var bytes: Int64 = 0
    var found: ContentDigest?
    try AtomicFile.write(in: folder) { copy in
      while let piece = try Self.piece(of: handle, file), !piece.isEmpty {
        digest.update(piece)
        bytes += Int64(piece.count)
        try copy.append(piece)
      }
      let whole = digest.finalize()
      found = whole
      return contains(whole) ? nil : url(of: whole)
    }
    guard let found else { preconditionFailure("a copy that was made has a digest") }
    return (found, bytes)
  }

  /// An object that was just added, in a transaction that refers to it: deleting a run may have taken it away meanwhile.
  ///
  /// - Returns: the object that is there, which is another one if the file has been written since.
  func keeping(_ object: (digest: ContentDigest, bytes: Int64), of file: URL) throws
    -> (digest: ContentDigest, bytes: Int64)
  {
    contains(object.digest) ? object : try add(file)
  }

  /// Whether there is a file for a digest.
  func contains(_ digest: ContentDigest) -> Bool { FileManager.default.fileExists(atPath: url(of: digest).path) }

  private static func piece(of handle: FileHandle, _ file: URL) throws -> Data? {
    do {
      return try handle.read(upToCount: 1 << 20)
    } catch {
      throw LocalFileError.cannotRead(path: file.path, reason: error.localizedDescription)
    }
  }

  /// The file of a digest, checked: nothing is handed out that is not what was put in.
  ///
  /// - Throws: `TrackingError.missingObject`, `damagedObject`.
  public func checked(_ digest: ContentDigest) throws -> URL {
    let file = url(of: digest)
    guard contains(digest) else {
      throw TrackingError.missingObject(digest: digest.hex, folder: folder.path)
    }
    let actual = try ContentDigest(ofFile: file)
    guard actual == digest else {
      throw TrackingError.damagedObject(path: file.path, expected: digest.hex, actual: actual.hex)
    }
    return file
  }
}
