import Digests
import Foundation

/// A file that arrived whole.
public struct DownloadResult: Sendable, Equatable {
  public let file: URL
  public let byteCount: Int64
  /// Of the bytes on the disk.
  public let sha256: ContentDigest
  /// Bytes that were there already from an interrupted download; 0 if everything came over the network.
  public let resumedFrom: Int64
  /// Where the bytes came from in the end, for a provenance record: scheme, host and path, no query.
  public let origin: String

  public init(file: URL, byteCount: Int64, sha256: ContentDigest, resumedFrom: Int64, origin: String) {
    self.file = file
    self.byteCount = byteCount
    self.sha256 = sha256
    self.resumedFrom = resumedFrom
    self.origin = origin
  }
}

/// How far a download is.
public struct DownloadProgress: Sendable, Equatable {
  /// Bytes in the file so far, those of an earlier, interrupted download included. Falls back to 0 when the
  /// server has another version of the file by now.
  public let bytes: Int64
  /// Bytes of the whole file; nil if the server does not tell.
  public let total: Int64?
  /// Of the last few seconds; nil until there is something to measure.
  public let bytesPerSecond: Double?

  public init(bytes: Int64, total: Int64?, bytesPerSecond: Double?) {
    self.bytes = bytes
    self.total = total
    self.bytesPerSecond = bytesPerSecond
  }

  /// 0…1; nil if the total is unknown.
  public var fraction: Double? {
    total.map { $0 > 0 ? min(1, Double(bytes) / Double($0)) : 1 }
  }
}
