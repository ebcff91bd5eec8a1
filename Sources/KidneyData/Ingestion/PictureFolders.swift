import Foundation
import LocalFiles

/// What a walk through a folder finds: a table of contents, nothing is read yet.
struct PictureFolders {
  /// A folder that holds files that look like pictures.
  struct Folder {
    /// Relative to the start, "" for the start itself.
    var path: String
    /// Names of files whose suffix promises a picture, in code-point order.
    var pictures: [String]
  }

  /// In code-point order of their paths.
  var folders: [Folder] = []
  /// Relative paths of folders that hold nothing at all.
  var emptyFolders: [String] = []
  /// Relative paths of manifests.
  var manifests: [String] = []

  /// Suffixes that Keras lists as pictures and that are read here.
  static let readable: Set<String> = ["jpg", "jpeg", "png"]
  /// Pictures of other kinds, listed as set aside so that nobody takes them for read.
  static let unreadable: Set<String> = [
    "bmp", "ppm", "tif", "tiff", "gif", "webp", "jfif", "jpe", "jp2", "heic", "dcm", "dicom", "nii",
  ]

  /// Folders deeper than this are a loop or an attack.
  private static let maximumDepth = 64

  /// Walks `root`: links to folders are followed, each folder is visited once; dot files and macOS's `__MACOSX` are not
  /// looked at.
  ///
  /// - Throws: `KidneyDataError.noSuchFolder`; `LocalFileError.cannotRead` for a folder below it that cannot be listed.
  init(_ root: URL) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder), isFolder.boolValue else {
      throw KidneyDataError.noSuchFolder(path: root.path)
    }
    var visited: Set<FileIdentity> = []
    try walk(root, path: "", depth: 0, visited: &visited)
    folders.sort { precedesByCodePoints($0.path, $1.path) }
  }

  private struct FileIdentity: Hashable {
    var device: UInt64
    var number: UInt64
  }

  private mutating func walk(_ folder: URL, path: String, depth: Int, visited: inout Set<FileIdentity>) throws {
    var status = stat()
    guard depth < Self.maximumDepth, stat(folder.path, &status) == 0,
      visited.insert(FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))).inserted
    else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw LocalFileError.cannotRead(path: folder.path, reason: error.localizedDescription)
    }
    if names.isEmpty { emptyFolders.append(path) }
    var pictures: [String] = []
    for name in names.sorted(by: precedesByCodePoints) where !name.utf8.starts(with: ".".utf8) && name != "__MACOSX" {
      let url = folder.appending(path: name)
      let below = path.isEmpty ? name : path + "/" + name
      guard stat(url.path, &status) == 0 else {
        // A dangling link; it is reported if it was to be a picture.
        if Self.looksLikePicture(name) { pictures.append(name) }
        continue
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        try walk(url, path: below, depth: depth + 1, visited: &visited)
      } else if name == DataManifest.fileName {
        manifests.append(below)
      } else if Self.looksLikePicture(name) {
        pictures.append(name)
      }
    }
    if !pictures.isEmpty { folders.append(Folder(path: path, pictures: pictures)) }
  }

  static func suffix(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(decoding: name.utf8[name.utf8.index(after: dot)...], as: UTF8.self).lowercased()
  }

  private static func looksLikePicture(_ name: String) -> Bool {
    let suffix = suffix(of: name)
    return readable.contains(suffix) || unreadable.contains(suffix)
  }
}
