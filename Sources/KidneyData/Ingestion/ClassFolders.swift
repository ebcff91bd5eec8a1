import Foundation

/// The classes of a folder of pictures, and the files of each.
///
/// A class is a folder that holds pictures directly, however deep; its name is the class's. A name that occurs in
/// several places (`train/Normal`, `test/Normal`) is one class. Pictures in the folder above all classes, such as a
/// preview, are set aside; pictures elsewhere above a class folder are an error, since one cannot tell which folder is
/// the class.
struct ClassFolders {
  /// A file that may become a picture of the data set.
  struct Candidate {
    /// Where it lies, relative to the source.
    var sourcePath: String
    /// Where it is to lie in the data set: CLASS/NAME.
    var path: String
    var className: String
  }

  /// In code-point order.
  let classes: [String]
  /// Sorted as Keras sorts: by folder, then by name.
  let candidates: [Candidate]
  /// Files that cannot be pictures of the data set.
  let setAside: [SetAside]
  let manifests: [String]

  /// - Parameter wanted: only these classes, if given.
  /// - Throws: `KidneyDataError` if there are no classes, only one, an empty one, one that is not there, or if
  ///   folders of pictures lie in each other.
  init(_ root: URL, wanted: [String]? = nil) throws {
    let found = try PictureFolders(root)
    let above = Set(found.folders.flatMap { Self.ancestors(of: $0.path) }.map(CodePointKey.init))
    let leaves = found.folders.filter { !above.contains(CodePointKey($0.path)) }
    let top = Self.commonAncestor(of: leaves.map(\.path))
    var setAside: [SetAside] = []
    for folder in found.folders where above.contains(CodePointKey(folder.path)) {
      guard isSameByCodePoints(folder.path, top) || Self.isBelow(top, folder.path) else {
        let inner = leaves.first { Self.isBelow($0.path, folder.path) }
        throw KidneyDataError.nestedClasses(outer: folder.path, inner: inner?.path ?? "")
      }
      setAside += folder.pictures.map {
        SetAside(path: Self.joined(folder.path, $0), reason: "It lies in no class folder.")
      }
    }

    func className(of path: String) -> String {
      path.isEmpty ? root.standardizedFileURL.lastPathComponent : Self.lastPart(path)
    }
    var places: [CodePointKey: [PictureFolders.Folder]] = [:]
    for leaf in leaves { places[CodePointKey(className(of: leaf.path)), default: []].append(leaf) }
    let allNames = Set(leaves.map { CodePointKey(className(of: $0.path)) })
    var names = leaves.map { className(of: $0.path) }.sorted(by: precedesByCodePoints)
    names = names.enumerated().filter { $0 == 0 || !isSameByCodePoints(names[$0 - 1], $1) }.map(\.element)

    guard !names.isEmpty else { throw KidneyDataError.noClasses(path: root.path) }
    if let wanted {
      for name in wanted where !allNames.contains(CodePointKey(name)) {
        throw KidneyDataError.unknownClass(name: name, available: names)
      }
      let keys = Set(wanted.map(CodePointKey.init))
      names = names.filter { keys.contains(CodePointKey($0)) }
    } else if let empty = found.emptyFolders.first(where: { empty in
      leaves.contains { isSameByCodePoints(Self.parent($0.path), Self.parent(empty)) && !$0.path.isEmpty }
        && !allNames.contains(CodePointKey(Self.lastPart(empty)))
    }) {
      throw KidneyDataError.emptyClass(path: root.path, name: Self.lastPart(empty), setAside: 0)
    }
    guard names.count > 1 else { throw KidneyDataError.onlyOneClass(path: root.path, name: names[0]) }

    var candidates: [Candidate] = []
    for name in names {
      let (accepted, refused) = Self.candidates(of: name, in: places[CodePointKey(name)] ?? [])
      candidates += accepted
      setAside += refused
    }
    classes = names
    self.candidates = candidates
    self.setAside = setAside
    manifests = found.manifests
  }

  /// A class's files. Where two places of the class hold a file of the same name, each file's new name begins with its
  /// place, so that none hides another.
  private static func candidates(
    of name: String, in places: [PictureFolders.Folder]
  ) -> (accepted: [Candidate], refused: [SetAside]) {
    func areUnique(_ prefixes: [String]) -> Bool {
      var seen: Set<CodePointKey> = []
      return zip(places, prefixes).allSatisfy { place, prefix in
        place.pictures.allSatisfy { seen.insert(CodePointKey(prefix + $0)).inserted }
      }
    }
    var prefixes = places.map { _ in "" }
    if !areUnique(prefixes) {
      prefixes = places.map { parent($0.path).isEmpty ? "" : flattened(parent($0.path)) + "_" }
      if !areUnique(prefixes) { prefixes = places.indices.map { "\($0 + 1)_" } }
    }
    var accepted: [Candidate] = []
    var refused: [SetAside] = []
    for (place, prefix) in zip(places, prefixes) {
      for picture in place.pictures {
        let sourcePath = joined(place.path, picture)
        let suffix = PictureFolders.suffix(of: picture)
        guard PictureFolders.readable.contains(suffix) else {
          refused.append(
            SetAside(
              path: sourcePath,
              reason: "Files of the kind .\(suffix) are not read yet: convert it to 8-bit PNG or JPEG."))
          continue
        }
        accepted.append(Candidate(sourcePath: sourcePath, path: "\(name)/\(prefix)\(picture)", className: name))
      }
    }
    return (accepted, refused)
  }

  // MARK: - Paths, by bytes: to Swift's characters a "/" before a combining accent is no "/"

  static func joined(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : folder + "/" + name }

  static func parent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(decoding: path.utf8[..<slash], as: UTF8.self)
  }

  static func lastPart(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(decoding: path.utf8[path.utf8.index(after: slash)...], as: UTF8.self)
  }

  private static func flattened(_ path: String) -> String {
    String(decoding: path.utf8.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
  }

  private static func ancestors(of path: String) -> [String] {
    var result: [String] = []
    var rest = path
    while !rest.isEmpty {
      rest = parent(rest)
      result.append(rest)
    }
    return result
  }

  private static func isBelow(_ path: String, _ folder: String) -> Bool {
    if folder.isEmpty { return !path.isEmpty }
    return path.utf8.starts(with: folder.utf8) && path.utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/")
  }

  private static func commonAncestor(of paths: [String]) -> String {
    guard var common = paths.first.map(parent) else { return "" }
    while !common.isEmpty, !paths.allSatisfy({ isBelow($0, common) }) { common = parent(common) }
    return common
  }
}
