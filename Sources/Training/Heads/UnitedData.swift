import Foundation
import KidneyData
import LocalFiles

/// Two releases of one data set as one: their series are found together, since they may share patients and pictures.
struct UnitedData {
  let data: DataSet
  /// Which of the sets each picture came from, in the order they were given.
  let origin: [Int]

  /// Unites data sets under a folder of links to their pictures; nothing is copied.
  ///
  /// - Parameters:
  ///   - sets: a short name of each, and its data.
  ///   - folder: is made anew.
  /// - Throws: `KidneyDataError`, `LocalFileError`, and what making links throws.
  init(_ sets: [(name: String, data: DataSet)], linkedIn folder: URL) throws {
    let files = FileManager.default
    if files.fileExists(atPath: folder.path) { try files.removeItem(at: folder) }
    var records: [(record: PictureRecord, origin: Int)] = []
    for (origin, set) in sets.enumerated() {
      for (index, record) in set.data.manifest.pictures.enumerated() {
        var renamed = record
        // Numbers of two releases must not count on from each other.
        renamed.path = "\(record.className)/\(set.name) \((record.path as NSString).lastPathComponent)"
        let link = folder.appending(path: renamed.path)
        try AtomicFile.createFolder(link.deletingLastPathComponent())
        try files.createSymbolicLink(
          at: link, withDestinationURL: set.data.url(of: index).standardizedFileURL.absoluteURL)
        records.append((renamed, origin))
      }
    }
    let manifest = try DataManifest(
      source: sets.map(\.name).joined(separator: " and "), pictures: records.map(\.record))
    let originOf = Dictionary(uniqueKeysWithValues: records.map { ($0.record.path, $0.origin) })
    data = DataSet(root: folder, manifest: manifest)
    origin = manifest.pictures.map { originOf[$0.path] ?? 0 }
  }
}
