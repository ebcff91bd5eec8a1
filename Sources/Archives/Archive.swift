import Foundation
import LocalFiles

/// Zip and tar archives (tar plain or packed by gzip, bzip2 or xz), read as if a stranger had sent them.
public enum Archive {
  /// Whether a file begins like an archive that is read here, whatever its name.
  ///
  /// A gzip, bzip2 or xz file need not hold a tar; `list` finds out.
  public static func isArchive(_ url: URL) -> Bool { format(of: url) != nil }

  /// What an archive declares to hold. The paths are as written there, not checked.
  ///
  /// - Parameter limits: of entries, bytes and ratio; a bomb is refused here already, since a packed tar is
  ///   unpacked (to nowhere) to find its headers.
  /// - Throws: `ArchiveError` if it is no archive, is damaged, encrypted, contradicts itself or exceeds a limit.
  public static func list(_ url: URL, limits: ArchiveLimits = ArchiveLimits()) throws -> [ArchiveEntry] {
    guard let format = format(of: url) else { throw ArchiveError.notAnArchive(archive: url.path) }
    let directory = format == .zip ? try ZipDirectory(url, limits: limits) : nil
    var budget = ExtractionBudget(archive: url.path, limits: limits, packedBytes: fileSize(url))
    let reader = try ArchiveReader(url)
    var entries: [ArchiveEntry] = []
    while let entry = try reader.next() {
      if let directory { try check(entry, number: entries.count, against: directory, archive: url.path, limits: limits) }
      try budget.countEntry()
      try budget.count(bytes: entry.size)
      entries.append(entry)
    }
    if let directory, directory.items.count != entries.count {
      throw ArchiveError.damaged(
        archive: url.path, reason: "\(directory.items.count) files are declared and \(entries.count) can be read")
    }
    guard format == .zip || !entries.isEmpty else { throw ArchiveError.notAnArchive(archive: url.path) }
    return entries
  }

  /// Unpacks an archive into a new folder, all of it or nothing.
  ///
  /// Everything is checked from the listing first: paths, kinds, duplicates, limits. Then it is unpacked into a
  /// temporary folder beside the destination, where the bytes that really come out are counted against the same
  /// limits and against the listing, and at last renamed. After an error nothing remains.
  ///
  /// - Parameters:
  ///   - folder: must not exist; its parents are created.
  ///   - include: which entries to unpack; the others are checked all the same.
  ///   - progress: told the count of entries done and of all.
  /// - Returns: the paths of the unpacked files, relative to `folder`, in the archive's order.
  /// - Throws: `ArchiveError` for what is wrong with the archive, `LocalFileError` for what is wrong with the disk.
  @discardableResult
  public static func extract(
    _ url: URL, to folder: URL, limits: ArchiveLimits = ArchiveLimits(),
    include: (ArchiveEntry) -> Bool = { _ in true }, progress: ((Int, Int) -> Void)? = nil
  ) throws -> [String] {
    var status = stat()
    guard lstat(folder.path, &status) != 0 else { throw ArchiveError.destinationExists(path: folder.path) }
    let entries = try list(url, limits: limits)
    let paths = try checkedPaths(of: entries, archive: url.path)

    let parent = folder.deletingLastPathComponent()
    try AtomicFile.createFolder(parent)
    let temporary = parent.appending(
      path: ".\(folder.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).\(UInt32.random(in: 0...UInt32.max)).part")
    guard mkdir(temporary.path, 0o755) == 0 else { throw LocalFileError.writing(temporary.path, code: errno) }
    do {
      let unpacking = Unpacking(archive: url, entries: entries, paths: paths, destination: temporary, limits: limits)
      let files = try unpacking.run(include: include, progress: progress)
      guard rename(temporary.path, folder.path) == 0 else {
        throw LocalFileError.writing(folder.path, code: errno)
      }
      return files
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  enum Format { case zip, tar, packed }

  static func format(of url: URL) -> Format? {
    guard let handle = try? FileHandle(forReadingFrom: url) else { return nil }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 512), head.count >= 4 else { return nil }
    func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) { return .zip }
    if begins([0x1F, 0x8B]) || begins(Array("BZh".utf8)) || begins([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return .packed }
    return head.count == 512 && head[257..<262].elementsEqual(Array("ustar".utf8)) ? .tar : nil
  }

  private static func fileSize(_ url: URL) -> Int64 {
    var status = stat()
    return stat(url.path, &status) == 0 ? Int64(status.st_size) : 0
  }

  private static func check(
    _ entry: ArchiveEntry, number: Int, against directory: ZipDirectory, archive: String, limits: ArchiveLimits
  ) throws {
    guard number < directory.items.count else {
      throw ArchiveError.forged(archive: archive, entry: entry.path, reason: "the directory does not hold it")
    }
    let item = directory.items[number]
    if entry.kind == .file {
      guard UInt64(entry.size) == item.unpackedBytes else {
        throw ArchiveError.forged(archive: archive, entry: entry.path, reason: "two headers disagree about its size")
      }
      try ExtractionBudget.checkRatio(
        archive: archive, entry: entry.path, unpacked: entry.size, packed: Int64(item.packedBytes), limits: limits)
    }
  }

  /// The safe relative path of every entry, "" for the folder itself.
  private static func checkedPaths(of entries: [ArchiveEntry], archive: String) throws -> [String] {
    var files: Set<String> = []
    var folders: Set<String> = []
    return try entries.map { entry in
      guard entry.kind == .file || entry.kind == .folder else {
        throw ArchiveError.forbiddenKind(archive: archive, entry: entry.path, kind: entry.kind)
      }
      let parts = try EntryPath.parts(of: entry.path, archive: archive)
      let path = parts.joined(separator: "/")
      if entry.kind == .file && parts.isEmpty {
        throw ArchiveError.unsafePath(archive: archive, entry: entry.path, reason: "names no file")
      }
      var above = ""
      for part in entry.kind == .file ? parts.dropLast() : parts[...] {
        above += above.isEmpty ? part : "/" + part
        folders.insert(above)
        guard !files.contains(above) else { throw ArchiveError.duplicatePath(archive: archive, entry: above) }
      }
      if entry.kind == .file, folders.contains(path) || !files.insert(path).inserted {
        throw ArchiveError.duplicatePath(archive: archive, entry: path)
      }
      return path
    }
  }
}
