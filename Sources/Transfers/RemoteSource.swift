import Digests
import Foundation

/// A place that a data set or a weight file is fetched from, as the user writes it.
public enum RemoteSource: Sendable, Equatable {
  /// A file shared on Google Drive. `resourceKey` belongs to older links.
  case googleDrive(id: String, resourceKey: String?)
  /// A data set on Kaggle: the whole of it, as one zip archive.
  case kaggle(owner: String, name: String)
  case http(URL)

  /// Reads `kaggle:OWNER/NAME`, a Google Drive share link in any usual form, or another http(s) address.
  ///
  /// - Returns: nil if `text` is none of these, such as a path on this machine.
  /// - Throws: `TransferError` if it is meant to be one of these but cannot be right.
  public static func parse(_ text: String) throws -> RemoteSource? {
    nil
  }

  /// Fetches a source into `file`, whole and checked or not at all; see `Downloader.download`.
  ///
  /// - Parameters:
  ///   - source: as for `parse`.
  ///   - credentials: where to look for credentials; touched only if the source wants some.
  public static func fetch(
    source: String, to file: URL, endpoints: SourceEndpoints = SourceEndpoints(),
    credentials: SourceCredentials = SourceCredentials(), downloader: Downloader = Downloader(),
    expectedSize: Int64? = nil, expectedSHA256: ContentDigest? = nil, expectedMD5: String? = nil,
    maximumBytes: Int64 = DownloadRequest.defaultMaximumBytes, progress: (@Sendable (DownloadProgress) -> Void)? = nil
  ) async throws -> DownloadResult {
    throw TransferError.unknownSource(source)
  }
}
