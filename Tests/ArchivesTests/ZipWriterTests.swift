import Archives
import Foundation
import TestSupport
import Testing

@Suite struct ZipWriterTests {
  @Test func `what is stored comes out again, and the same files make the same bytes`() throws {
    try withTemporaryFolder { folder in
      let files = [
        ("one.txt", Data("one".utf8)), ("empty", Data()), ("riñón.bin", Data((0..<100_000).map { UInt8($0 & 255) })),
      ]
      let zip = folder.appending(path: "files.zip")
      try ZipWriter.stored(files).write(to: zip)
      #expect(try Archive.list(zip).map(\.path) == files.map(\.0))
      let target = folder.appending(path: "out")
      #expect(try Archive.extract(zip, to: target) == files.map(\.0))
      for (name, content) in files { #expect(try Data(contentsOf: target.appending(path: name)) == content) }
      #expect(try ZipWriter.stored(files) == Data(contentsOf: zip))
    }
  }

  @Test func `a changed byte is found by the checksum that was written`() throws {
    try withTemporaryFolder { folder in
      var bytes = ZipWriter.stored([("a.txt", Data("content".utf8))])
      let place = try #require(bytes.range(of: Data("content".utf8)))
      bytes[place.lowerBound] ^= 1
      let zip = folder.appending(path: "changed.zip")
      try bytes.write(to: zip)
      #expect(throws: ArchiveError.self) { try Archive.extract(zip, to: folder.appending(path: "out")) }
    }
  }
}
