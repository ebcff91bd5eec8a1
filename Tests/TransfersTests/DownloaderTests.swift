import Digests
import Foundation
import LocalFiles
import LoopbackServers
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(2)))
struct DownloaderTests {
  private let content = archiveBytes()

  @Test(arguments: [LoopbackServer.Answer.Framing.contentLength, .chunked, .untilClose])
  func `a file arrives whole, however its length is told`(_ framing: LoopbackServer.Answer.Framing) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request).framing(framing) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "new/data.zip")
        let reports = Recorder<DownloadProgress>()
        let result = try await Downloader(clock: TestClock(tick: .seconds(1)).transferClock)
          .download(DownloadRequest(url: server.url("/data.zip?key=1")), to: file) { reports.append($0) }
        #expect(try Data(contentsOf: file) == Data(content))
        #expect(
          result
            == DownloadResult(
              file: file, byteCount: 300_000, sha256: ContentDigest(of: Data(content)), resumedFrom: 0,
              origin: "http://127.0.0.1:\(server.port)/data.zip"))
        #expect(contents(file.deletingLastPathComponent()) == ["data.zip"])

        let first = try #require(reports.values.first)
        let last = try #require(reports.values.last)
        if case .contentLength = framing {
          #expect(first == DownloadProgress(bytes: 0, total: 300_000, bytesPerSecond: nil))
        } else {
          #expect(first == DownloadProgress(bytes: 0, total: nil, bytesPerSecond: nil))
        }
        #expect(last.bytes == 300_000 && last.fraction == 1)
        #expect(try #require(last.bytesPerSecond) > 0)
        #expect(reports.values.map(\.bytes) == reports.values.map(\.bytes).sorted())
      }
    }
  }

  @Test func `an empty file is a file`() async throws {
    try await LoopbackServer.with({ request, _ in .file([], for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "empty")
        let result = try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.byteCount == 0)
        #expect(try Data(contentsOf: file).isEmpty)
      }
    }
  }

  @Test func `a file that was there is replaced only by a whole one`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      earlier == 0 ? .init(status: .notFound) : .file(content, for: request)
    }) {
      server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "data.zip")
        try Data("old".utf8).write(to: file)
        let request = DownloadRequest(url: server.url("/"))
        #expect(
          await transferError { try await Downloader().download(request, to: file) }
            == .refused(address: server.url("/").absoluteString, status: 404))
        #expect(try Data(contentsOf: file) == Data("old".utf8))
        #expect(contents(folder) == ["data.zip"])
        _ = try await Downloader().download(request, to: file)
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  @Test func `the right size and digests are accepted`() async throws {
    try await LoopbackServer.with({ request, _ in .file(Array("abc".utf8), for: request) }) { server in
      try await withTemporaryFolder { folder in
        let request = DownloadRequest(
          url: server.url("/"), expectedSize: 3,
          expectedSHA256: ContentDigest(hex: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
          expectedMD5: "900150983CD24FB0D6963F7D28E17F72", maximumBytes: 3)
        let result = try await Downloader().download(request, to: folder.appending(path: "abc"))
        #expect(result.byteCount == 3)
      }
    }
  }

  @Test func `a wrong digest names both and removes the file`() async throws {
    let wrong = ContentDigest(of: "other")
    let actual = ContentDigest(of: "abc")
    try await LoopbackServer.with({ request, _ in .file(Array("abc".utf8), for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "abc")
        let address = server.url("/").absoluteString
        #expect(
          await transferError {
            try await Downloader().download(DownloadRequest(url: server.url("/"), expectedSHA256: wrong), to: file)
          } == .wrongDigest(address: address, algorithm: "SHA-256", expected: wrong.hex, actual: actual.hex))
        #expect(
          await transferError {
            let md5 = "00000000000000000000000000000000"
            return try await Downloader().download(DownloadRequest(url: server.url("/"), expectedMD5: md5), to: file)
          }
            == .wrongDigest(
              address: address, algorithm: "MD5", expected: "00000000000000000000000000000000",
              actual: "900150983cd24fb0d6963f7d28e17f72"))
        #expect(contents(folder).isEmpty)
        #expect(server.requests.count == 2, "a wrong digest is not tried again by itself")
      }
    }
  }

  @Test(arguments: [LoopbackServer.Answer.Framing.contentLength, .chunked], [299_999, 300_001])
  func `a wrong size is an error, announced or not`(_ framing: LoopbackServer.Answer.Framing, _ expected: Int64)
    async throws
  {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request).framing(framing) }) { server in
      try await withTemporaryFolder { folder in
        let request = DownloadRequest(url: server.url("/"), expectedSize: expected)
        let error = await transferError { try await Downloader().download(request, to: folder.appending(path: "f")) }
        guard case .wrongSize(_, expected, let actual)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        // A stream is given up at the first byte too many, a short one at its end.
        if case .contentLength = framing { #expect(actual == 300_000) }
        #expect(actual != expected)
        #expect(contents(folder).isEmpty)
      }
    }
  }

  @Test(arguments: [LoopbackServer.Answer.Framing.contentLength, .chunked])
  func `more bytes than allowed are not kept`(_ framing: LoopbackServer.Answer.Framing) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request).framing(framing) }) { server in
      try await withTemporaryFolder { folder in
        let request = DownloadRequest(url: server.url("/"), maximumBytes: 1000)
        var announced: Int64?
        if case .contentLength = framing { announced = 300_000 }
        #expect(
          await transferError { try await Downloader().download(request, to: folder.appending(path: "f")) }
            == .tooLarge(address: server.url("/").absoluteString, maximumBytes: 1000, announced: announced))
        #expect(contents(folder).isEmpty)
      }
    }
  }

  @Test func `a full disk is noticed before the first byte`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { server in
      try await withTemporaryFolder { folder in
        var downloader = Downloader()
        downloader.freeBytes = { _ in 299_999 }
        let file = folder.appending(path: "f")
        await #expect(throws: LocalFileError.diskFull(path: file.path)) {
          try await downloader.download(DownloadRequest(url: server.url("/")), to: file)
        }
        downloader.freeBytes = { _ in 300_000 }
        _ = try await downloader.download(DownloadRequest(url: server.url("/")), to: file)
      }
    }
  }

  @Test(arguments: ["text/html; charset=utf-8", "application/octet-stream"])
  func `a web page is not taken for a file`(_ type: String) async throws {
    let html = "\n<!DOCTYPE html><html><head><title> Please\n  log in </title></head></html>"
    try await LoopbackServer.with({ _, _ in .init(headers: [("content-type", type)], body: Array(html.utf8)) }) {
      server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        #expect(
          await transferError { try await Downloader().download(DownloadRequest(url: server.url("/x?a=b")), to: file) }
            == .webPage(address: server.url("/x").absoluteString, title: "Please log in"))
        #expect(contents(folder).isEmpty)
      }
    }
  }

  @Test func `an archive that is served as a web page is taken`() async throws {
    let content = self.content
    try await LoopbackServer.with({ _, _ in .init(headers: [("content-type", "text/html")], body: content) }) {
      server in
      try await withTemporaryFolder { folder in
        let result = try await Downloader()
          .download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        #expect(result.sha256 == ContentDigest(of: Data(content)))
      }
    }
  }

  @Test func `cancelling keeps what has arrived for the next time`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      .file(content, for: request).ending(earlier == 0 ? .silent(after: 100_000) : .whole)
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let (arrivals, arrived) = AsyncStream.makeStream(of: Int64.self)
        let clock = TestClock(tick: .seconds(1)).transferClock
        let task = Task {
          try await Downloader(clock: clock).download(DownloadRequest(url: server.url("/")), to: file) {
            arrived.yield($0.bytes)
          }
        }
        for await bytes in arrivals where bytes == 100_000 { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(contents(folder) == ["f.part", "f.part.json"])

        let result = try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.resumedFrom == 100_000)
        #expect(server.requests.last?.header("range") == "bytes=100000-")
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  @Test(arguments: ["ftp://example.org/x", "file:///etc/passwd", "data.zip", "http:///x"])
  func `what is no http address is refused`(_ address: String) async throws {
    try await withTemporaryFolder { folder in
      let error = await transferError {
        try await Downloader().download(DownloadRequest(url: URL(string: address)!), to: folder.appending(path: "f"))
      }
      guard case .invalidAddress? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(contents(folder).isEmpty)
    }
  }
}
