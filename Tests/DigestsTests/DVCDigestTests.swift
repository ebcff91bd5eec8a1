import Digests
import Foundation
import TestSupport
import Testing

@Suite struct DVCDigestTests {
  @Test func `files and folders are named as DVC names them`() throws {
    try withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      try FileManager.default.createDirectory(at: data.appending(path: "b"), withIntermediateDirectories: true)
      try Data("one".utf8).write(to: data.appending(path: "a.txt"))
      try Data("two".utf8).write(to: data.appending(path: "b/ñ \"2\".txt"))
      try Data("three".utf8).write(to: data.appending(path: "b-1.txt"))
      // Printed by DVC 3.67.1: dvc add data, then the .dvc file.
      #expect(try DVCDigest(of: data).description == "fab17124d4759a2a99d0b04674215d7d.dir")
      #expect(try DVCDigest(of: data.appending(path: "a.txt")).description == "f97c5d29941bfb1b2fdab0874906ab82")
    }
  }
}
