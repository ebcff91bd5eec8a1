import Digests
import Foundation

/// What manifests that lie in a source know of its pictures beyond their pixels.
struct KnownPatients {
  private var records: [CodePointKey: PictureRecord] = [:]

  /// - Parameter manifests: paths of manifests, relative to `root`.
  /// - Throws: `KidneyDataError.invalidManifest` for a damaged one.
  init(_ root: URL, manifests: [String]) throws {
    for path in manifests {
      let folder = ClassFolders.parent(path)
      let manifest = try DataManifest.load(from: folder.isEmpty ? root : root.appending(path: folder))
      for var record in manifest.pictures {
        record.copyOf = record.copyOf.map { ClassFolders.joined(folder, $0) }
        records[CodePointKey(ClassFolders.joined(folder, record.path))] = record
      }
    }
  }

  /// Adds patient, site and origin of a copy to the records of a source.
  ///
  /// - Parameters:
  ///   - pictures: records of pictures just read, with the path each has in the source.
  /// - Throws: `KidneyDataError.pictureChanged` if a picture is not the one its manifest described: then nobody knows
  ///   whom it shows.
  func complete(_ pictures: [(sourcePath: String, record: PictureRecord)]) throws -> [PictureRecord] {
    if records.isEmpty { return pictures.map(\.record) }
    let newPaths = Dictionary(uniqueKeysWithValues: pictures.map { (CodePointKey($0.sourcePath), $0.record.path) })
    return try pictures.map { sourcePath, record in
      guard let known = records[CodePointKey(sourcePath)] else { return record }
      guard known.sha256 == record.sha256 else {
        throw KidneyDataError.pictureChanged(
          path: sourcePath, expected: "SHA-256 \(known.sha256.short)…", actual: "\(record.sha256.short)…")
      }
      var completed = record
      completed.patient = known.patient
      completed.site = known.site
      completed.copyOf = known.copyOf.flatMap { newPaths[CodePointKey($0)] }
      return completed
    }
  }
}
