import Archives
import Foundation
import TestSupport
import Testing

@Suite struct ArchiveTests {
  static let packedTars: [(String, String)] = [
    ("bzip2", "QlpoOTFBWSZTWWqKYZsAAK37hMmQAEBAAe+AACF2AZ7AAACAKCAAkoZRqD1AAMgDagioKeo9EPUBptIDTX0mFt5JmVgKwoIDxtSBtqOMiDNoPBgiEQdLyCb5Yud9HYYVRTMvuV8E25EoZCcCrNFCh73uBjEu3ZvISSAKAwNZUyMxYOLFfxq2aoh/F3JFOFCQaophmw=="),
    ("xz", "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AIJdADILvBunjDRE4cIHdej848CShJS4cJcIh3a+G0skFa9/soHU/39ZxogcyAWVi3RzfVQJJgIaCDRcDtg6rnXRtPDsKK+ktM8XIXncOi5aMVzMXoO9S2ZBKtHq9Ed9MhqXQXHeFRB+nQVDrqU5SwVXSWMY2A47CbE5tFMOOH/3bJQWI4wAAADNfH1woWjTiwABngGAUAAA1RK8WLHEZ/sCAAAAAARZWg=="),
  ]

  static let twoFiles = [
    HandMadeTar.Item(name: "d/", type: "5"), HandMadeTar.Item(name: "d/a.txt", content: Array("one\n".utf8)),
    HandMadeTar.Item(name: "./d/b.txt", content: Array("two\n".utf8)),
  ]

  @Test func `a zip is listed and unpacked, stored and deflated files alike`() throws {
    try withTemporaryFolder { folder in
      let zeros = [UInt8](repeating: 0, count: 517)
      let zip = try save(
        HandMadeZip(items: [
          .init(name: "d/", mode: 0o040755), .init(name: "d/a.txt", content: Array("one\n".utf8)),
          .init(name: "e/riñón.bin", content: deflatedZeros(517), method: 8, declaredSize: 517, checksum: crc32(zeros)),
          .init(name: "b.txt", content: Array("two\n".utf8), sizesFollow: true),
        ]).bytes(), in: folder)
      #expect(Archive.isArchive(zip))
      #expect(
        try Archive.list(zip) == [
          ArchiveEntry(path: "d/", size: 0, kind: .folder), ArchiveEntry(path: "d/a.txt", size: 4, kind: .file),
          ArchiveEntry(path: "e/riñón.bin", size: 517, kind: .file), ArchiveEntry(path: "b.txt", size: 4, kind: .file),
        ])
      let target = folder.appending(path: "new/deeper/target")
      #expect(try Archive.extract(zip, to: target) == ["d/a.txt", "e/riñón.bin", "b.txt"])
      #expect(try text("d/a.txt", target) == "one\n")
      #expect(try text("b.txt", target) == "two\n")
      #expect(try Data(contentsOf: target.appending(path: "e/riñón.bin")) == Data(zeros))
    }
  }

  @Test func `a tar is unpacked, plain and inside gzip`() throws {
    let tar = HandMadeTar(items: Self.twoFiles).bytes()
    for bytes in [tar, gzip(tar)] {
      try withTemporaryFolder { folder in
        let archive = try save(bytes, in: folder)
        #expect(Archive.isArchive(archive))
        #expect(try Archive.extract(archive, to: folder.appending(path: "out")) == ["d/a.txt", "d/b.txt"])
        #expect(try text("d/a.txt", folder.appending(path: "out")) == "one\n")
        #expect(try text("d/b.txt", folder.appending(path: "out")) == "two\n")
      }
    }
  }

  @Test(arguments: packedTars) func `a tar is unpacked inside`(_ packing: String, _ base64: String) throws {
    try withTemporaryFolder { folder in
      let archive = try save([UInt8](try #require(Data(base64Encoded: base64))), in: folder)
      #expect(Archive.isArchive(archive))
      #expect(try Archive.extract(archive, to: folder.appending(path: "out")).sorted() == ["d/a.txt", "d/b.txt"])
      #expect(try text("d/b.txt", folder.appending(path: "out")) == "two\n")
    }
  }

  @Test func `only what is asked for is unpacked, and progress counts every entry`() throws {
    try withTemporaryFolder { folder in
      let archive = try save(HandMadeTar(items: Self.twoFiles).bytes(), in: folder)
      var steps: [[Int]] = []
      let files = try Archive.extract(
        archive, to: folder.appending(path: "out"), include: { $0.path.hasSuffix("b.txt") },
        progress: { steps.append([$0, $1]) })
      #expect(files == ["d/b.txt"])
      #expect(steps == [[1, 3], [2, 3], [3, 3]])
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out/d/a.txt").path))
    }
  }

  @Test func `a folder that exists is left alone`() throws {
    try withTemporaryFolder { folder in
      let archive = try save(HandMadeTar(items: Self.twoFiles).bytes(), in: folder)
      let target = folder.appending(path: "out")
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
      #expect(throws: ArchiveError.destinationExists(path: target.path)) { try Archive.extract(archive, to: target) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
    }
  }

  @Test(arguments: ["", "PK", "just a text, and no archive at all", "<html><body>quota exceeded</body></html>"])
  func `what is no archive is said to be none`(_ content: String) throws {
    try withTemporaryFolder { folder in
      let file = try save(Array(content.utf8), in: folder)
      #expect(!Archive.isArchive(file))
      #expect(throws: ArchiveError.notAnArchive(archive: file.path)) { try Archive.list(file) }
    }
  }

  @Test func `a gzip file that holds no tar is an error`() throws {
    try withTemporaryFolder { folder in
      let file = try save(gzip(Array("not a tar".utf8)), in: folder)
      #expect(throws: ArchiveError.self) { try Archive.list(file) }
    }
  }

  @Test func `every truncation of a zip and of a packed tar is an error that leaves nothing`() throws {
    let zip = HandMadeZip(items: [
      .init(name: "d/a.txt", content: Array("one\n".utf8)), .init(name: "b.txt", content: Array("two\n".utf8)),
    ]).bytes()
    let tar = [UInt8](try #require(Data(base64Encoded: Self.packedTars[1].1)))
    for whole in [zip, tar] {
      for count in 0..<whole.count {
        try expectRefusal(of: Array(whole[..<count])) { _ in true }
      }
    }
  }

  @Test func `a zip with a flipped bit is refused or unpacked whole, and never crashes`() throws {
    let whole = HandMadeZip(items: [
      .init(name: "d/a.txt", content: Array("one\n".utf8)), .init(name: "b.txt", content: Array("two\n".utf8)),
    ]).bytes()
    var refused = 0
    for index in whole.indices {
      var bytes = whole
      bytes[index] ^= 1 << UInt8(index * 5 % 8)
      try withTemporaryFolder { folder in
        let archive = try save(bytes, in: folder)
        let target = folder.appending(path: "out")
        do {
          let files = try Archive.extract(archive, to: target)
          #expect(files.count == 2, "byte \(index)")
        } catch {
          refused += 1
          #expect(error is ArchiveError, "byte \(index): \(error)")
          #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["archive"])
        }
      }
    }
    #expect(refused > whole.count / 2)
  }
}

func save(_ bytes: [UInt8], in folder: URL) throws -> URL {
  let url = folder.appending(path: "archive")
  try Data(bytes).write(to: url)
  return url
}

func text(_ path: String, _ folder: URL) throws -> String {
  try String(contentsOf: folder.appending(path: path), encoding: .utf8)
}

/// Extraction of `bytes` must fail with an error that `isExpected` accepts, and leave nothing beside the archive.
func expectRefusal(
  of bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits(), sourceLocation: SourceLocation = #_sourceLocation,
  _ isExpected: (ArchiveError) -> Bool
) throws {
  try withTemporaryFolder { folder in
    let archive = try save(bytes, in: folder)
    do {
      let files = try Archive.extract(archive, to: folder.appending(path: "out"), limits: limits)
      Issue.record("unpacked \(files)", sourceLocation: sourceLocation)
    } catch let error as ArchiveError {
      #expect(isExpected(error), "\(error)", sourceLocation: sourceLocation)
      #expect(error.description.contains(archive.path), sourceLocation: sourceLocation)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["archive"], sourceLocation: sourceLocation)
  }
}
