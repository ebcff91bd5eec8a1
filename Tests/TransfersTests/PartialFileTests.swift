import Digests
import Foundation
import LocalFiles
import TestSupport
import Testing
import Transfers

struct PartialFileTests {
  private let record = PartRecord(source: ContentDigest(of: "a"), etag: "\"1\"", total: 6)

  @Test func `bytes and record outlive the object, and become the file together`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "f")
      let first = try PartialFile(for: file)
      #expect(first.record == nil)
      try first.restart(record)
      try Array("abc".utf8).withUnsafeBytes { try first.append($0) }
      first.close()

      let second = try PartialFile(for: file)
      #expect(second.count == 3)
      #expect(second.record == record)
      try Array("def".utf8).withUnsafeBytes { try second.append($0) }
      try second.finish()
      #expect(try String(contentsOf: file, encoding: .utf8) == "abcdef")
      #expect(contents(folder) == ["f"])
    }
  }

  @Test func `nothing remains of a download without bytes, or of a discarded one`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "f")
      try PartialFile(for: file).close()
      #expect(contents(folder).isEmpty)
      let part = try PartialFile(for: file)
      try part.restart(record)
      try [1].withUnsafeBytes { try part.append($0) }
      part.discard()
      #expect(contents(folder).isEmpty)
    }
  }

  @Test func `a full disk is told as such`() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    let part = PartialFile(file: URL(filePath: "/nowhere/f"), descriptor: descriptor)
    #expect(throws: LocalFileError.diskFull(path: "/nowhere/f.part")) {
      try [UInt8](repeating: 0, count: 100).withUnsafeBytes { try part.append($0) }
    }
    #expect(part.count == 0)
  }

  @Test func `a part that leads elsewhere is not followed`() throws {
    try withTemporaryFolder { folder in
      let target = folder.appending(path: "precious")
      try Data("precious".utf8).write(to: target)
      try FileManager.default.createSymbolicLink(at: folder.appending(path: "f.part"), withDestinationURL: target)
      #expect(throws: LocalFileError.self) { try PartialFile(for: folder.appending(path: "f")) }
      #expect(try String(contentsOf: target, encoding: .utf8) == "precious")
    }
  }

  @Test func `a folder in the way is an error`() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(at: folder.appending(path: "f.part"), withIntermediateDirectories: false)
      #expect(throws: LocalFileError.self) { try PartialFile(for: folder.appending(path: "f")) }
    }
  }

  @Test func `only what both sides name can disagree`() {
    #expect(record.agrees(with: PartRecord(source: record.source)))
    #expect(!record.agrees(with: PartRecord(source: ContentDigest(of: "b"))))
    #expect(!record.agrees(with: PartRecord(source: record.source, etag: "\"2\"")))
    #expect(!record.agrees(with: PartRecord(source: record.source, total: 7)))
    #expect(PartRecord(source: record.source, etag: "W/\"1\"", lastModified: "date").condition == "date")
    #expect(PartRecord(source: record.source, etag: "W/\"1\"").condition == nil)
  }
}
