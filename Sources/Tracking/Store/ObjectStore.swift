import Digests
import Foundation
import LocalFiles

/// Files by the digest of their content: what two runs share is there once.
public struct ObjectStore: Sendable {
  public let folder: URL

  public init(folder: URL) { self.folder = folder }

  /// Where content with this digest is, or would be: `ab/abcdef...`.
  public func url(of digest: ContentDigest) -> URL {
    folder.appending(path: String(digest.hex.prefix(2))).appending(path: digest.hex)
  }

  /// Takes a copy of a file.
  ///
  /// - Returns: its digest and its length in bytes.
  /// - Throws: `LocalFileError`, also for a full disk; what was there before is unchanged.
  public func add(_ file: URL) throws -> (digest: ContentDigest, bytes: Int64) {
    let digest: ContentDigest
    do {
      digest = try ContentDigest(ofFile: file)
    } catch {
      throw LocalFileError.cannotRead(path: file.path, reason: error.localizedDescription)
    }
    let target = url(of: digest)
    if !FileManager.default.fileExists(atPath: target.path) {
      try AtomicFile.replace(target, withContentsOf: file)
    }
    let size = try FileManager.default.attributesOfItem(atPath: target.path)[.size] as? NSNumber
    return (digest, size?.int64Value ?? 0)
  }

  /// The file of a digest, checked: nothing is handed out that is not what was put in.
  ///
  /// - Throws: `TrackingError.missingObject`, `damagedObject`.
  public func checked(_ digest: ContentDigest) throws -> URL {
    let file = url(of: digest)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw TrackingError.missingObject(digest: digest.hex, folder: folder.path)
    }
    let actual = try ContentDigest(ofFile: file)
    guard actual == digest else {
      throw TrackingError.damagedObject(path: file.path, expected: digest.hex, actual: actual.hex)
    }
    return file
  }
}
