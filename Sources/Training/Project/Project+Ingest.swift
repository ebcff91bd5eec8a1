import Foundation
import KidneyData
import LocalFiles
import MedicalImages

extension Project {
  var contactSheet: URL { configuration.ingestionFolder.appending(path: "contact-sheet.png") }

  /// Brings a source's pictures into the project's data folder, and draws a contact sheet of them.
  ///
  /// - Parameters:
  ///   - source: overrides the configuration's `source_URL`.
  ///   - options: which pictures, and how much may be fetched. A link's archive is kept where `local_data_file` says.
  /// - Throws: as `Ingestion.ingest`, and `LocalFileError` if the sheet cannot be written.
  public func ingest(
    source: String?, options: IngestionOptions, progress: @escaping @Sendable (IngestionProgress) -> Void
  ) async throws -> DataSet {
    var options = options
    if options.downloadedArchive == nil { options.downloadedArchive = configuration.localDataFile }
    let data = try await Ingestion.ingest(
      source: effectiveSource(source), to: configuration.dataFolder, options: options, progress: progress)
    try AtomicFile.write(PictureWriter.png(ContactSheet.overview(of: data)), to: contactSheet)
    return data
  }

  /// A source that is not a link is a path of the caller's folder; the configuration's one starts at the project.
  func effectiveSource(_ source: String?) -> String {
    if let source { return source }
    let stated = configuration.sourceURL
    if stated.contains("://") || stated.hasPrefix("kaggle:") { return stated }
    return URL(filePath: stated, relativeTo: configuration.root).absoluteURL.path
  }
}
