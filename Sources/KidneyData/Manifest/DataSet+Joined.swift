import Foundation

extension DataSet {
  /// What a person calls it: its folder's name, or those of the folders it was joined from.
  public var name: String { joinedFrom.isEmpty ? root.lastPathComponent : joinedFrom.joined(separator: " + ") }

  /// Several data sets as one: classes of one name are one class.
  ///
  /// Paths are relative to the folder above all of them. A patient's name holds within one data set, so that the same name
  /// in another one is another patient: only copies tell that two are one.
  ///
  /// - Throws: `KidneyDataError.sharedFolder` if one folder is given twice or lies in another one, and what a manifest of
  ///   all pictures throws.
  public static func joined(_ sets: [DataSet]) throws -> DataSet {
    precondition(!sets.isEmpty, "a data set")
    if sets.count == 1 { return sets[0] }
    let roots = sets.map { $0.root.absoluteURL.standardizedFileURL.resolvingSymlinksInPath().pathComponents }
    for (number, root) in roots.enumerated() {
      if let other = roots.indices.first(where: { $0 != number && root.starts(with: roots[$0]) }) {
        throw KidneyDataError.sharedFolder(path: sets[number].root.path, other: sets[other].root.path)
      }
    }
    var common = roots[0]
    for root in roots { common = Array(zip(common, root).prefix { $0 == $1 }.map(\.0)) }
    let above = NSString.path(withComponents: common)
    var records: [PictureRecord] = []
    var setAside: [SetAside] = []
    for (set, root) in zip(sets, roots) {
      let prefix = root.dropFirst(common.count).joined(separator: "/")
      for record in set.manifest.pictures {
        var moved = record
        moved.path = prefix + "/" + record.path
        moved.patient = record.patient.map { prefix + ": " + $0 }
        moved.copyOf = record.copyOf.map { prefix + "/" + $0 }
        records.append(moved)
      }
      setAside += set.manifest.setAside.map { SetAside(path: prefix + "/" + $0.path, reason: $0.reason) }
    }
    let names = roots.map { $0[$0.count - 1] }
    let manifest = try DataManifest(
      source: names.joined(separator: " + "), pictures: records, setAside: setAside)
    return DataSet(root: URL(filePath: above, directoryHint: .isDirectory), manifest: manifest, joinedFrom: names)
  }
}
