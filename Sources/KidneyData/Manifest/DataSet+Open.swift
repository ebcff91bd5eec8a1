import Digests
import Foundation
import MedicalImages
import ParallelWork

extension DataSet {
  /// How closely a folder is compared with its manifest.
  public enum Verification: Sendable {
    /// Every file is there and has its size.
    case sizes
    /// Every file's content is the manifest's; reads all of them.
    case digests
  }

  /// Opens a folder as a data set: by its manifest, or without one by looking for class folders, however deep.
  ///
  /// Without a manifest every picture is decoded once; broken ones are set aside. Nothing is written.
  ///
  /// - Parameter progress: told how many pictures are read and how many there are.
  /// - Throws: `KidneyDataError` for a folder that is not there or has no two classes, for a manifest that is not valid
  ///   or not this folder's.
  public static func open(
    _ folder: URL, verifying verification: Verification = .sizes, limits: PictureLimits = PictureLimits(),
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws -> DataSet {
    guard FileManager.default.fileExists(atPath: folder.appending(path: DataManifest.fileName).path) else {
      return try scan(folder, limits: limits, progress: progress)
    }
    let data = DataSet(root: folder, manifest: try DataManifest.load(from: folder))
    try data.verify(verification, progress: progress)
    return data
  }

  /// Checks that the files are those of the manifest.
  ///
  /// - Throws: `KidneyDataError.pictureMissing` or `.pictureChanged` for the first that is not.
  public func verify(
    _ verification: Verification, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws {
    guard !manifest.pictures.isEmpty else { throw KidneyDataError.noClasses(path: root.path) }
    guard classes.count > 1 else { throw KidneyDataError.onlyOneClass(path: root.path, name: classes[0]) }
    let total = count
    _ = try parallelMap(total, finished: { progress?($0, total) }) { index in
      let record = manifest.pictures[index]
      let file = url(of: index)
      var status = stat()
      guard stat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw KidneyDataError.pictureMissing(path: file.path)
      }
      guard Int(status.st_size) == record.byteCount else {
        throw KidneyDataError.pictureChanged(
          path: file.path, expected: "\(record.byteCount) bytes", actual: "\(status.st_size) bytes")
      }
      guard case .digests = verification else { return }
      let actual = try ContentDigest(ofFile: file)
      guard actual == record.sha256 else {
        throw KidneyDataError.pictureChanged(
          path: file.path, expected: "SHA-256 \(record.sha256.short)…", actual: "\(actual.short)…")
      }
    }
  }

  private static func scan(
    _ folder: URL, limits: PictureLimits, progress: (@Sendable (Int, Int) -> Void)?
  ) throws -> DataSet {
    let found = try ClassFolders(folder)
    let total = found.candidates.count
    let verdicts = parallelMap(total, finished: { progress?($0, total) }) { index in
      let candidate = found.candidates[index]
      return PictureInspector.inspect(
        folder.appending(path: candidate.sourcePath), candidate: candidate, path: candidate.sourcePath, limits: limits
      ).withoutContent
    }
    var pictures: [(sourcePath: String, record: PictureRecord)] = []
    var setAside = found.setAside
    for verdict in verdicts {
      switch verdict {
      case .picture(let record, _): pictures.append((record.path, record))
      case .setAside(let file): setAside.append(file)
      }
    }
    let records = try KnownPatients(folder, manifests: found.manifests).complete(pictures)
    try requireEveryClass(found.classes, in: records, setAside: setAside, path: folder.path)
    return DataSet(
      root: folder, manifest: try DataManifest(source: folder.path, pictures: records, setAside: setAside))
  }

  /// - Throws: `KidneyDataError.nothingReadable` or `.emptyClass` if a class has no readable picture.
  static func requireEveryClass(
    _ classes: [String], in records: [PictureRecord], setAside: [SetAside], path: String
  ) throws {
    guard !records.isEmpty else {
      throw KidneyDataError.nothingReadable(
        path: path, setAside: setAside.count, firstReason: setAside.first?.reason ?? "")
    }
    let filled = Set(records.map { CodePointKey($0.className) })
    for name in classes where !filled.contains(CodePointKey(name)) {
      let lost = setAside.filter { isSameByCodePoints(ClassFolders.lastPart(ClassFolders.parent($0.path)), name) }.count
      throw KidneyDataError.emptyClass(path: path, name: name, setAside: lost)
    }
  }
}

extension PictureInspector.Verdict {
  /// The same without the file's bytes, so that not all files are in memory at once.
  var withoutContent: Self {
    if case .picture(let record, _) = self { return .picture(record, content: Data()) }
    return self
  }
}
