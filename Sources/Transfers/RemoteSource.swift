import Digests
import Foundation

/// A place that a data set or a weight file is fetched from, as the user writes it.
public enum RemoteSource: Sendable, Equatable {
  /// A file shared on Google Drive. `resourceKey` belongs to older links.
  case googleDrive(id: String, resourceKey: String?)
  /// A data set on Kaggle: the whole of it, as one zip archive.
  case kaggle(owner: String, name: String)
  case http(URL)

  /// Reads `kaggle:OWNER/NAME`, the address of a Kaggle data set's page, a Google Drive share link in any usual form,
  /// or another http(s) address.
  ///
  /// - Returns: nil if `text` is none of these, such as a path on this machine.
  /// - Throws: `TransferError` if it is meant to be one of these but cannot be right.
  public static func parse(_ text: String) throws -> RemoteSource? {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.lowercased().hasPrefix("kaggle:") { return try Kaggle.parse(name: String(text.dropFirst(7))) }
    // Pasted without its scheme, as browsers show it.
    let isBare = ["drive.google.com/", "www.kaggle.com/datasets/", "kaggle.com/datasets/"].contains {
      text.hasPrefix($0)
    }
    let address = isBare ? "https://\(text)" : text
    guard let schemeEnd = address.range(of: "://") else { return nil }
    let scheme = address[..<schemeEnd.lowerBound].lowercased()
    if scheme == "file" { return nil }
    guard scheme == "http" || scheme == "https" else { throw TransferError.unknownSource("\(scheme)://…") }
    guard let url = URL(string: address), let origin = Origin(url) else {
      throw TransferError.invalidAddress("\(scheme)://…", reason: "it is malformed")
    }
    if GoogleDrive.hosts.contains(origin.host) { return try GoogleDrive.parse(url) }
    if Kaggle.hosts.contains(origin.host), let dataSet = try Kaggle.parse(page: url) { return dataSet }
    return .http(url)
  }

  /// Fetches a source into `file`, whole and checked or not at all; see `Downloader.download`.
  ///
  /// - Parameters:
  ///   - source: as for `parse`.
  ///   - endpoints: the services' base addresses.
  ///   - credentials: where to look for credentials; nothing is read unless the source wants some.
  /// - Throws: what `parse` and `Downloader.download` throw; `TransferError.unknownSource` if `source` is not remote.
  public static func fetch(
    source: String, to file: URL, endpoints: SourceEndpoints = SourceEndpoints(),
    credentials: SourceCredentials = SourceCredentials(), downloader: Downloader = Downloader(),
    expectedSize: Int64? = nil, expectedSHA256: ContentDigest? = nil, expectedMD5: String? = nil,
    maximumBytes: Int64 = DownloadRequest.defaultMaximumBytes, progress: (@Sendable (DownloadProgress) -> Void)? = nil
  ) async throws -> DownloadResult {
    guard let remote = try parse(source) else { throw TransferError.unknownSource(source) }
    var request =
      switch remote {
      case .googleDrive(let id, let resourceKey):
        GoogleDrive.request(id: id, resourceKey: resourceKey, endpoints: endpoints)
      case .kaggle(let owner, let name):
        Kaggle.request(
          owner: owner, name: name, endpoints: endpoints, credentials: try credentials.kaggle(for: endpoints.kaggle))
      case .http(let url):
        DownloadRequest(url: url)
      }
    request.expectedSize = expectedSize
    request.expectedSHA256 = expectedSHA256
    request.expectedMD5 = expectedMD5
    request.maximumBytes = maximumBytes
    do {
      return try await downloader.download(request, to: file, progress: progress)
    } catch let error as TransferError {
      throw request.explanation?(error) ?? error
    }
  }
}
