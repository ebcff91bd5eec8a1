import Digests
import Foundation
import KidneyData
import MedicalImages
import TestSupport
import Testing

@Suite struct LinkIngestionTests {
  private func archive(first: Int) throws -> Data {
    tarArchive(
      try ["set/Normal/1.png", "set/Normal/2.png", "set/Tumor/1.png"].enumerated().map {
        ($1, try PictureWriter.png(smallPicture(first + $0)))
      })
  }

  @Test func `a link is fetched, kept where told, and recognised without asking the server again`() async throws {
    try await withTemporaryFolder { folder in
      let content = try archive(first: 0)
      let server = try LoopbackFileServer(content: content)
      let link = "http://user:secret@127.0.0.1:\(server.port)/kidney.tar?token=hush"
      let destination = folder.appending(path: "artifacts/data")
      var options = IngestionOptions(
        downloadedArchive: folder.appending(path: "artifacts/data.zip"), expectedSHA256: ContentDigest(of: content))
      let data = try await Ingestion.ingest(source: link, to: destination, options: options)
      #expect(data.manifest.pictures.map(\.path) == ["Normal/1.png", "Normal/2.png", "Tumor/1.png"])
      #expect(data.manifest.sourceDigest == ContentDigest(of: content))
      #expect(try Data(contentsOf: folder.appending(path: "artifacts/data.zip")) == content)
      #expect(data.manifest.source.hasPrefix("http://127.0.0.1:\(server.port)/kidney.tar?"))
      let stored = try String(contentsOf: destination.appending(path: DataManifest.fileName), encoding: .utf8)
      for secret in ["secret", "hush", "user:"] { #expect(!stored.contains(secret)) }

      let asked = server.requests.items.count
      options.expectedSHA256 = nil
      _ = try await Ingestion.ingest(source: link, to: destination, options: options)
      #expect(server.requests.items.count == asked)
      // Another link is another source, and is not even fetched unless it may replace.
      let other = "http://127.0.0.1:\(server.port)/kidney.tar?token=other"
      await #expect(throws: KidneyDataError.self) { try await Ingestion.ingest(source: other, to: destination) }
      #expect(server.requests.items.count == asked)
    }
  }

  @Test func `without a place to keep it the archive is gone after use`() async throws {
    try await withTemporaryFolder { folder in
      let server = try LoopbackFileServer(content: try archive(first: 5))
      let data = try await Ingestion.ingest(
        source: "http://127.0.0.1:\(server.port)/a.tar", to: folder.appending(path: "data"))
      #expect(data.count == 3)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data"])
    }
  }

  @Test func `what is no archive, or not the expected one, leaves no data set`() async throws {
    try await withTemporaryFolder { folder in
      let server = try LoopbackFileServer(content: Data("<html>quota exceeded</html>".utf8))
      let link = "http://127.0.0.1:\(server.port)/a.zip"
      await #expect(throws: (any Error).self) {
        try await Ingestion.ingest(source: link, to: folder.appending(path: "data"))
      }
      let good = try LoopbackFileServer(content: try archive(first: 0))
      await #expect(throws: (any Error).self) {
        try await Ingestion.ingest(
          source: "http://127.0.0.1:\(good.port)/a.zip", to: folder.appending(path: "data"),
          options: IngestionOptions(expectedSHA256: ContentDigest(of: "other")))
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "data").path))
    }
  }
}
