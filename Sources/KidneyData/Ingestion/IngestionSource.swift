import Archives
import Digests
import Foundation
import ParallelWork
import Transfers

/// A source as the user wrote it, told apart.
enum IngestionSource {
  case folder(URL)
  case archive(URL)
  case remote(RemoteSource)

  /// - Throws: `KidneyDataError.noSuchSource` or `.notASource` for a path that is neither folder nor archive;
  ///   `TransferError` for a link that cannot be right.
  init(_ text: String) throws {
    if let remote = try RemoteSource.parse(text) {
      self = .remote(remote)
      return
    }
    let url = URL(filePath: (text as NSString).expandingTildeInPath)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw KidneyDataError.noSuchSource(path: text)
    }
    if isFolder.boolValue {
      self = .folder(url)
    } else if Archive.isArchive(url) {
      self = .archive(url)
    } else {
      throw KidneyDataError.notASource(path: text)
    }
  }

  /// How a manifest names a source: as the user wrote it, but without secrets. A name and password in a link are left
  /// out; a link's query, which may hold a token, is replaced by its digest, which still tells two links apart.
  static func label(of text: String) -> String {
    let remote: RemoteSource?
    do {
      remote = try RemoteSource.parse(text)
    } catch {
      // It cannot be fetched, and what of it is secret cannot be told.
      return text.range(of: "://").map { "\(text[..<$0.upperBound])…" } ?? text
    }
    let address: URL
    switch remote {
    case nil: return text
    case .http(let url)?: address = url
    case .kaggle(let owner, let name)?: return text.contains("@") ? "kaggle:\(owner)/\(name)" : text
    case .googleDrive(let id, let key)?:
      guard key != nil || text.contains("@") else { return text }
      return "https://drive.google.com/file/d/\(id)" + (key.map { "?\(ContentDigest(of: $0).short)" } ?? "")
    }
    guard var parts = URLComponents(url: address, resolvingAgainstBaseURL: false) else { return "…" }
    parts.user = nil
    parts.password = nil
    parts.fragment = nil
    let query = parts.percentEncodedQuery
    parts.percentEncodedQuery = nil
    return (parts.string ?? "…") + (query.map { "?\(ContentDigest(of: $0).short)" } ?? "")
  }

  /// The digest of everything in a folder that an ingestion looks at.
  static func digest(
    ofFolder root: URL, found: ClassFolders, progress: (@Sendable (Int, Int) -> Void)?
  ) throws -> ContentDigest {
    let paths = found.candidates.map(\.sourcePath) + found.manifests
    let total = paths.count
    let digests = parallelMap(total, finished: { progress?($0, total) }) { index in
      // A file that cannot be read will be set aside; it counts by its name.
      (try? ContentDigest(ofFile: root.appending(path: paths[index])))?.hex ?? "unreadable"
    }
    var digest = StreamingDigest()
    for (path, content) in zip(paths, digests) { digest.update(Data("\(content) \(path)\0".utf8)) }
    return digest.finalize()
  }
}
