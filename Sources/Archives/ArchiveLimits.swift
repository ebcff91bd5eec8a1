/// How much an archive may hold before it is refused.
///
/// The defaults fit a large picture data set; a caller that knows its archive (a Python wheel, say) narrows them.
public struct ArchiveLimits: Sendable, Equatable {
  /// Files and folders together.
  public var maximumEntries: Int
  /// All unpacked files together, in bytes.
  public var maximumBytes: Int64
  /// Unpacked bytes for each packed byte, of the whole archive and, in a zip, of each file.
  ///
  /// Deflate reaches 1,032 on zeros; pictures stay below 2 and text below 50.
  public var maximumRatio: Double

  /// Below this many unpacked bytes the ratio is not judged: a small file of one colour is no bomb.
  package static let ratioFloor: Int64 = 1 << 20

  /// Limits for data sets; a small download may be given less.
  public init(
    maximumEntries: Int = 200_000, maximumBytes: Int64 = 20 << 30, maximumRatio: Double = 200
  ) {
    self.maximumEntries = maximumEntries
    self.maximumBytes = maximumBytes
    self.maximumRatio = maximumRatio
  }
}

/// One file or folder of an archive, as the archive declares it.
public struct ArchiveEntry: Sendable, Hashable {
  /// What an entry is; only files and folders are ever unpacked.
  public enum Kind: String, Sendable {
    case file, folder
    /// A symbolic or hard link.
    case link
    /// A device, socket or pipe.
    case special
  }

  /// With "/" between its parts; as written in the archive, so possibly unsafe until `Archive.extract` has checked it.
  public let path: String
  /// Unpacked size in bytes; 0 for anything but a file.
  public let size: Int64
  public let kind: Kind

  /// - Parameter size: unpacked, in bytes.
  public init(path: String, size: Int64, kind: Kind) {
    self.path = path
    self.size = size
    self.kind = kind
  }
}
