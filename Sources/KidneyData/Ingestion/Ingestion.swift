import Digests
import Foundation
import Transfers

/// From a source (folder, archive, link) to a data set: class folders with a manifest.
public enum Ingestion {
  /// Reads a source, decodes every picture once, and puts the readable ones into `folder/CLASS/NAME` beside the
  /// manifest.
  ///
  /// Everything is made in a temporary folder beside `folder` and renamed at the end: whatever happens before, `folder`
  /// is as it was. The same source with the same selection, ingested again, is recognised and nothing is done.
  ///
  /// - Parameters:
  ///   - source: a folder, a zip or tar archive, an http(s) address, a Google Drive share link, or `kaggle:OWNER/NAME`.
  ///   - folder: the data set's folder; its parents are created.
  ///   - progress: called from any thread, one call at a time.
  /// - Returns: the data set in `folder`.
  /// - Throws: `KidneyDataError` for what is wrong with the data, `ArchiveError` and `TransferError` for what is wrong
  ///   with an archive or link, `LocalFileError` for the disk, `CancellationError`.
  public static func ingest(
    source: String, to folder: URL, options: IngestionOptions = IngestionOptions(),
    progress: (@Sendable (IngestionProgress) -> Void)? = nil
  ) async throws -> DataSet {
    if let count = options.selection.picturesPerClass, count < 1 {
      throw KidneyDataError.invalidSetting(key: "pictures per class", value: "\(count)", allowed: "1 or more")
    }
    let kind = try IngestionSource(source)
    // A link to a folder stays a link: what it leads to is replaced.
    let destination = isLink(folder) ? folder.resolvingSymlinksInPath() : folder
    WorkFolder.sweep(destination)
    let job = IngestionJob(
      label: IngestionSource.label(of: source), destination: destination, options: options,
      existing: try existingDataSet(at: destination, replace: options.replace), progress: progress ?? { _ in })
    let data =
      switch kind {
      case .folder(let url): try await offTheCooperativePool { try job.ingestFolder(url, $0) }
      case .archive(let url): try await offTheCooperativePool { try job.ingestArchive(url, $0) }
      case .remote: try await ingestLink(source, job: job)
      }
    return DataSet(root: folder, manifest: data.manifest)
  }

  /// How a source is written down and shown: as the user wrote it, but without secrets. A link's query, which may hold a
  /// token, is replaced by its digest, which still tells two links apart.
  public static func label(of source: String) -> String { IngestionSource.label(of: source) }

  private static func isLink(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// What is in the destination now.
  ///
  /// - Returns: nil if there is nothing, or a damaged data set that may be replaced.
  /// - Throws: `KidneyDataError.notADataSet` if it holds anything that no ingestion made, `.invalidManifest`.
  private static func existingDataSet(at folder: URL, replace: Bool) throws -> DataManifest? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else { return nil }
    guard isFolder.boolValue else { throw KidneyDataError.notADataSet(path: folder.path) }
    if FileManager.default.fileExists(atPath: folder.appending(path: DataManifest.fileName).path) {
      do {
        return try DataManifest.load(from: folder)
      } catch is KidneyDataError where replace {
        return nil
      }
    }
    guard try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty else {
      throw KidneyDataError.notADataSet(path: folder.path)
    }
    return nil
  }

  private static func ingestLink(_ source: String, job: IngestionJob) async throws -> DataSet {
    // What a link leads to is known only after the download, so the link itself must do.
    if let unchanged = try job.unchanged(sourceDigest: job.options.expectedSHA256, acceptingLabel: true) {
      return unchanged
    }
    try job.requireReplaceable()
    let kept = job.options.downloadedArchive
    let file =
      kept
      ?? job.destination.deletingLastPathComponent()
      .appending(path: ".\(job.destination.lastPathComponent).download")
    let progress = job.progress
    let options = job.options
    _ = try await RemoteSource.fetch(
      source: source, to: file, endpoints: options.endpoints, credentials: options.credentials,
      downloader: options.downloader, expectedSize: options.expectedSize, expectedSHA256: options.expectedSHA256,
      expectedMD5: options.expectedMD5, maximumBytes: options.archiveLimits.maximumBytes,
      progress: { progress(.downloading($0)) })
    try Task.checkCancellation()
    let data = try await offTheCooperativePool { try job.ingestArchive(file, $0) }
    if kept == nil { try? FileManager.default.removeItem(at: file) }
    return data
  }
}
