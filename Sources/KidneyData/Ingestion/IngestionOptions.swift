import Archives
import Digests
import Foundation
import MedicalImages
import Transfers

/// What an ingestion takes, from where, and how much it may cost.
public struct IngestionOptions: Sendable {
  public var selection: PictureSelection
  /// Whether another data set that is in the folder may be replaced. A folder that is no data set never is.
  public var replace: Bool
  public var pictureLimits: PictureLimits
  public var archiveLimits: ArchiveLimits
  /// Where the archive of a link is kept; nil: beside the data set, removed after use.
  public var downloadedArchive: URL?
  public var endpoints: SourceEndpoints
  public var credentials: SourceCredentials
  public var downloader: Downloader
  /// Bytes of the archive of a link, when known.
  public var expectedSize: Int64?
  /// Of the archive, local or of a link, when known.
  public var expectedSHA256: ContentDigest?
  /// 32 hexadecimal digits, of the archive of a link, when known.
  public var expectedMD5: String?

  public init(
    selection: PictureSelection = PictureSelection(), replace: Bool = false,
    pictureLimits: PictureLimits = PictureLimits(), archiveLimits: ArchiveLimits = ArchiveLimits(),
    downloadedArchive: URL? = nil, endpoints: SourceEndpoints = SourceEndpoints(),
    credentials: SourceCredentials = SourceCredentials(), downloader: Downloader = Downloader(),
    expectedSize: Int64? = nil, expectedSHA256: ContentDigest? = nil, expectedMD5: String? = nil
  ) {
    self.selection = selection
    self.replace = replace
    self.pictureLimits = pictureLimits
    self.archiveLimits = archiveLimits
    self.downloadedArchive = downloadedArchive
    self.endpoints = endpoints
    self.credentials = credentials
    self.downloader = downloader
    self.expectedSize = expectedSize
    self.expectedSHA256 = expectedSHA256
    self.expectedMD5 = expectedMD5
  }
}

/// What an ingestion is doing.
public enum IngestionProgress: Sendable, Equatable {
  case downloading(DownloadProgress)
  case unpacking(done: Int, total: Int)
  /// The digest of the source is computed, by which it is recognised.
  case recognising(done: Int, total: Int)
  /// Pictures are decoded and copied.
  case reading(done: Int, total: Int)
  /// The same source is in the folder already; nothing was changed.
  case unchanged(pictures: Int)
}
