import Foundation
import LocalFiles

/// The second pass through an archive, which writes files and believes nothing of the first.
struct Unpacking {
  let archive: URL
  let entries: [ArchiveEntry]
  /// The checked relative path of each entry.
  let paths: [String]
  let destination: URL
  let limits: ArchiveLimits

  func run(include: (ArchiveEntry) -> Bool, progress: ((Int, Int) -> Void)?) throws -> [String] {
    let packedBytes = (try? FileManager.default.attributesOfItem(atPath: archive.path)[.size] as? NSNumber)?.int64Value ?? 0
    var budget = ExtractionBudget(archive: archive.path, limits: limits, packedBytes: packedBytes)
    let reader = try ArchiveReader(archive)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var made: Set<String> = [""]
    var files: [String] = []
    for (index, expected) in entries.enumerated() {
      guard try reader.next() == expected else { throw changed(expected) }
      try budget.countEntry()
      if include(expected) {
        let path = paths[index]
        if expected.kind == .folder {
          try makeFolder(path, made: &made)
        } else {
          try makeFolder(path.split(separator: "/").dropLast().joined(separator: "/"), made: &made)
          try write(expected, to: destination.appending(path: path), reader: reader, buffer: buffer, budget: &budget)
          files.append(path)
        }
      }
      progress?(index + 1, entries.count)
    }
    guard try reader.next() == nil else {
      throw ArchiveError.forged(archive: archive.path, entry: "", reason: "it holds more than its listing")
    }
    return files
  }

  private func changed(_ entry: ArchiveEntry) -> ArchiveError {
    .forged(archive: archive.path, entry: entry.path, reason: "it changed while it was being read")
  }

  private func makeFolder(_ path: String, made: inout Set<String>) throws {
    guard !made.contains(path) else { return }
    try makeFolder(path.split(separator: "/").dropLast().joined(separator: "/"), made: &made)
    let folder = destination.appending(path: path).path
    guard mkdir(folder, 0o755) == 0 else { throw LocalFileError.writing(folder, code: errno) }
    made.insert(path)
  }

  private func write(
    _ entry: ArchiveEntry, to url: URL, reader: ArchiveReader, buffer: UnsafeMutableRawBufferPointer,
    budget: inout ExtractionBudget
  ) throws {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw LocalFileError.writing(url.path, code: errno) }
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    var written: Int64 = 0
    while true {
      let count = try reader.read(into: buffer)
      if count == 0 { break }
      written += Int64(count)
      guard written <= entry.size else {
        throw ArchiveError.forged(
          archive: archive.path, entry: entry.path, reason: "it unpacks to more than the declared \(entry.size) bytes")
      }
      try budget.count(bytes: Int64(count))
      try writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: descriptor, path: url.path)
    }
    guard written == entry.size else {
      throw ArchiveError.forged(
        archive: archive.path, entry: entry.path, reason: "it unpacks to \(written) of the declared \(entry.size) bytes")
    }
    isOpen = false
    guard close(descriptor) == 0 else { throw LocalFileError.writing(url.path, code: errno) }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, rest.baseAddress!, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw LocalFileError.writing(path, code: errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
