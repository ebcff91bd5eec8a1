import Archives
import Digests
import Foundation
import LocalFiles
import MedicalImages

/// One ingestion, once its source is on this machine.
struct IngestionJob: Sendable {
  let label: String
  let destination: URL
  let options: IngestionOptions
  let existing: DataManifest?
  let progress: @Sendable (IngestionProgress) -> Void

  func ingestFolder(_ source: URL, _ cancellation: CancellationFlag) throws -> DataSet {
    try requireApart(source)
    let found = try ClassFolders(source, wanted: options.selection.classes)
    let digest = try IngestionSource.digest(ofFolder: source, found: found) {
      progress(.recognising(done: $0, total: $1))
    }
    if let unchanged = try unchanged(sourceDigest: digest) { return unchanged }
    try requireReplaceable()
    let work = try WorkFolder(for: destination)
    return try build(from: source, found: found, sourceDigest: digest, work: work, cancellation)
  }

  func ingestArchive(_ archive: URL, _ cancellation: CancellationFlag) throws -> DataSet {
    let digest = try ContentDigest(ofFile: archive)
    if let expected = options.expectedSHA256, expected != digest {
      throw KidneyDataError.wrongDigest(path: archive.path, expected: expected, actual: digest)
    }
    if let unchanged = try unchanged(sourceDigest: digest) { return unchanged }
    try requireReplaceable()
    let work = try WorkFolder(for: destination)
    let unpacked = work.url.appending(path: "unpacked")
    try Archive.extract(
      archive, to: unpacked, limits: options.archiveLimits,
      progress: { progress(.unpacking(done: $0, total: $1)) })
    try cancellation.check()
    let found = try ClassFolders(unpacked, wanted: options.selection.classes)
    return try build(from: unpacked, found: found, sourceDigest: digest, work: work, cancellation)
  }

  /// The data set that is there, if it came from the same source by the same selection and is undamaged.
  ///
  /// - Parameter acceptingLabel: whether the same words are enough to take a source for the same.
  func unchanged(sourceDigest: ContentDigest?, acceptingLabel: Bool = false) throws -> DataSet? {
    guard let existing, existing.selection == options.selection else { return nil }
    let isSame: Bool
    if let sourceDigest {
      isSame = existing.sourceDigest == sourceDigest
    } else {
      isSame = acceptingLabel && !options.replace && isSameByCodePoints(existing.source, label)
    }
    guard isSame, let data = try? DataSet.open(destination, verifying: .digests) else { return nil }
    progress(.unchanged(pictures: data.count))
    return data
  }

  /// - Throws: `KidneyDataError.differentDataSet` unless what is there may go.
  func requireReplaceable() throws {
    guard let existing, !options.replace else { return }
    // The same source again, damaged since: making it anew loses nothing.
    if existing.selection == options.selection, isSameByCodePoints(existing.source, label) { return }
    throw KidneyDataError.differentDataSet(path: destination.path, existing: existing.source, new: label)
  }

  private func requireApart(_ source: URL) throws {
    let inner = destination.standardizedFileURL.resolvingSymlinksInPath().pathComponents
    let outer = source.standardizedFileURL.resolvingSymlinksInPath().pathComponents
    guard !inner.starts(with: outer), !outer.starts(with: inner) else {
      throw KidneyDataError.sourceAndDestinationOverlap(source: source.path, destination: destination.path)
    }
  }

  private func build(
    from source: URL, found: ClassFolders, sourceDigest: ContentDigest, work: WorkFolder,
    _ cancellation: CancellationFlag
  ) throws -> DataSet {
    let staged = work.url.appending(path: "data")
    for name in found.classes { try AtomicFile.createFolder(staged.appending(path: name)) }
    let selector = PictureSelector(candidates: found.candidates, selection: options.selection)
    let total = selector.expectedCount
    var pictures: [(sourcePath: String, record: PictureRecord)] = []
    var setAside = found.setAside
    try selector.run(finished: { progress(.reading(done: min($0, total), total: total)) }) { candidate in
      try cancellation.check()
      let verdict = PictureInspector.inspect(
        source.appending(path: candidate.sourcePath), candidate: candidate, path: candidate.path,
        limits: options.pictureLimits)
      if case .picture(let record, let content) = verdict {
        try write(content, to: staged.appending(path: record.path))
      }
      return verdict.withoutContent
    } accept: { candidate, verdict in
      switch verdict {
      case .picture(let record, _): pictures.append((candidate.sourcePath, record))
      case .setAside(let file): setAside.append(file)
      }
    }
    let records = try KnownPatients(source, manifests: found.manifests).complete(pictures)
    try DataSet.requireEveryClass(found.classes, in: records, setAside: setAside, path: label)
    let manifest = try DataManifest(
      source: label, selection: options.selection, sourceDigest: sourceDigest, pictures: records, setAside: setAside)
    try manifest.save(to: staged)
    try work.publish(staged)
    return DataSet(root: destination, manifest: manifest)
  }

  /// Not atomic: the folder it lies in is.
  private func write(_ content: Data, to url: URL) throws {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw LocalFileError.writing(url.path, code: errno) }
    defer { close(descriptor) }
    try content.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, rest.baseAddress!, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          throw LocalFileError.writing(url.path, code: errno)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }
}
