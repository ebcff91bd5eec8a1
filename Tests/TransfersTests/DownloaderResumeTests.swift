import Digests
import Foundation
import LocalFiles
import LoopbackServers
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(2)))
struct DownloaderResumeTests {
  private let content = archiveBytes()

  @Test(arguments: [true, false])
  func `a cut connection is resumed where it was cut`(_ isChunked: Bool) async throws {
    let content = self.content
    let framing = isChunked ? LoopbackServer.Answer.Framing.chunked : .contentLength
    try await LoopbackServer.with({ request, earlier in
      .file(content, for: request).framing(framing).ending(earlier < 2 ? .cut(after: 1000) : .whole)
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let clock = TestClock()
        let result = try await Downloader(clock: clock.transferClock)
          .download(DownloadRequest(url: server.url("/")), to: file)
        #expect(try Data(contentsOf: file) == Data(content))
        #expect(result.resumedFrom == 0, "nothing was there when it began")
        #expect(server.requests.map { $0.header("range") } == [nil, "bytes=1000-", "bytes=2000-"])
        #expect(server.requests.map { $0.header("if-range") } == [nil, "\"v1\"", "\"v1\""])
        // Each attempt got further, so each failure is the first one.
        #expect(clock.sleeps == [.milliseconds(500), .milliseconds(500)])
      }
    }
  }

  /// Of what had arrived, the HTTP client may drop the last bytes when the connection breaks.
  @Test func `a cut far into the file is resumed as well`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      .file(content, for: request).ending(earlier == 0 ? .cut(after: 290_000) : .whole)
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        _ = try await Downloader(clock: TestClock().transferClock)
          .download(DownloadRequest(url: server.url("/")), to: file)
        #expect(try Data(contentsOf: file) == Data(content))
        let range = try #require(server.requests.last?.header("range"))
        let start = try #require(Int(range.dropFirst(6).dropLast()))
        #expect((1...290_000).contains(start))
      }
    }
  }

  @Test func `a cut connection that is not resumed keeps what has arrived`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request).ending(.cut(after: 1000)) }) {
      server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let error = await transferError {
          try await Downloader(retries: .none).download(DownloadRequest(url: server.url("/")), to: file)
        }
        guard case .connectionLost(server.url("/").absoluteString, 1000, 300_000, _)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(contents(folder) == ["f.part", "f.part.json"])
        let kept = try Data(contentsOf: folder.appending(path: "f.part"))
        #expect(kept == Data(content[..<1000]))
      }
    }
  }

  @Test(arguments: [("\"v1\"", nil), (nil, "Sun, 06 Nov 1994 08:49:37 GMT")] as [(String?, String?)])
  func `an earlier download is resumed under its validator`(_ etag: String?, _ date: String?) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request, etag: etag, lastModified: date) }) {
      server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let url = server.url("/a?token=t")
        try leavePart(content[..<70_000], of: file, from: url, etag: etag, lastModified: date, total: 300_000)
        let reports = Recorder<DownloadProgress>()
        let result = try await Downloader()
          .download(
            DownloadRequest(url: url, expectedSHA256: ContentDigest(of: Data(content))), to: file
          ) { reports.append($0) }
        #expect(result.resumedFrom == 70_000)
        #expect(server.requests.map { $0.header("range") } == ["bytes=70000-"])
        #expect(server.requests.map { $0.header("if-range") } == [etag ?? date])
        #expect(try Data(contentsOf: file) == Data(content))
        #expect(contents(folder) == ["f"])
        #expect(reports.values.first == DownloadProgress(bytes: 70_000, total: 300_000, bytesPerSecond: nil))
      }
    }
  }

  /// The server's whole answer to a condition that no longer holds.
  @Test func `a file that has changed is fetched from the start`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request, etag: "\"v2\"") }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(
          archiveBytes(70_000, seed: 2), of: file, from: server.url("/"), etag: "\"v1\"", total: 300_000)
        let result = try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.resumedFrom == 0)
        #expect(server.requests.count == 1)
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  enum Contradiction: String, CaseIterable {
    case otherTag, otherTotal, otherStart, webPage
  }

  /// A server that sends the range although its file has changed.
  @Test(arguments: Contradiction.allCases)
  func `a range of another version is not glued on`(_ contradiction: Contradiction) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      if earlier > 0 { return .file(content, for: request, etag: "\"v2\"") }
      var headers = [("etag", "\"v1\""), ("content-range", "bytes 70000-299999/300000")]
      switch contradiction {
      case .otherTag: headers[0].1 = "\"v2\""
      case .otherTotal: headers[1].1 = "bytes 70000-299999/300001"
      case .otherStart: headers[1].1 = "bytes 69999-299998/300000"
      case .webPage: headers.append(("content-type", "text/html"))
      }
      return .init(status: .partialContent, headers: headers, body: Array(content[70_000...]))
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(
          archiveBytes(70_000, seed: 2), of: file, from: server.url("/"), etag: "\"v1\"", total: 300_000)
        let clock = TestClock()
        let result = try await Downloader(clock: clock.transferClock)
          .download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.resumedFrom == 0)
        #expect(server.requests.map { $0.header("range") } == ["bytes=70000-", nil])
        #expect(try Data(contentsOf: file) == Data(content))
        #expect(clock.sleeps.isEmpty)
      }
    }
  }

  @Test func `a server that sends less than was asked for is asked for the rest`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in
      var answer = LoopbackServer.Answer.file(content, for: request)
      let start = content.count - answer.body.count
      answer.body = Array(answer.body.prefix(100_000))
      answer.headers.removeAll { $0.0 == "content-range" }
      answer.headers.append(("content-range", "bytes \(start)-\(start + answer.body.count - 1)/\(content.count)"))
      return answer
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content[..<70_000], of: file, from: server.url("/"), etag: "\"v1\"", total: 300_000)
        let result = try await Downloader(clock: TestClock().transferClock)
          .download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.byteCount == 300_000)
        #expect(server.requests.map { $0.header("range") } == ["bytes=70000-", "bytes=170000-", "bytes=270000-"])
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  @Test func `a server without ranges starts again`() async throws {
    let content = self.content
    try await LoopbackServer.with({ _, earlier in
      .init(headers: [("etag", "\"v1\"")], body: content, ending: earlier == 0 ? .cut(after: 100_000) : .whole)
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let reports = Recorder<DownloadProgress>()
        let result = try await Downloader(clock: TestClock(tick: .seconds(1)).transferClock)
          .download(DownloadRequest(url: server.url("/")), to: file) { reports.append($0) }
        #expect(try Data(contentsOf: file) == Data(content))
        #expect(result.byteCount == 300_000)
        #expect(reports.values.count { $0.bytes == 0 } == 2, "progress tells that it began again")
      }
    }
  }

  @Test(arguments: [nil, "W/\"v1\""])
  func `without a strong validator there is no resuming`(_ etag: String?) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request, etag: etag) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content[..<70_000], of: file, from: server.url("/"), etag: etag, total: 300_000)
        let result = try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.resumedFrom == 0)
        #expect(server.requests.map { $0.header("range") } == [nil])
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  @Test func `a digest that will be checked stands in for a validator`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request, etag: nil) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content[..<70_000], of: file, from: server.url("/"), etag: nil, total: 300_000)
        let request = DownloadRequest(url: server.url("/"), expectedSHA256: ContentDigest(of: Data(content)))
        #expect(try await Downloader().download(request, to: file).resumedFrom == 70_000)
      }
    }
  }

  @Test func `what is part of another address is not used`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content[..<70_000], of: file, from: server.url("/other"), etag: "\"v1\"", total: 300_000)
        #expect(try await Downloader().download(DownloadRequest(url: server.url("/")), to: file).resumedFrom == 0)
        #expect(server.requests.map { $0.header("range") } == [nil])
      }
    }
  }

  @Test(arguments: ["", "{", "{\"source\": \"12\"}"])
  func `a part whose record is lost or damaged is not used`(_ record: String) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try Data(content[..<70_000]).write(to: folder.appending(path: "f.part"))
        if !record.isEmpty { try Data(record.utf8).write(to: folder.appending(path: "f.part.json")) }
        #expect(try await Downloader().download(DownloadRequest(url: server.url("/")), to: file).resumedFrom == 0)
        #expect(server.requests.map { $0.header("range") } == [nil])
        #expect(contents(folder) == ["f"])
      }
    }
  }

  @Test func `a part that is whole already only needs the server's word`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content, of: file, from: server.url("/"), etag: "\"v1\"", total: 300_000)
        let result = try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.resumedFrom == 300_000)
        #expect(server.requests.count == 1)
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  @Test func `a part longer than the file is dropped`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content + [1], of: file, from: server.url("/"), etag: "\"v1\"", total: 300_000)
        let result = try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        #expect(result.resumedFrom == 0)
        #expect(server.requests.map { $0.header("range") } == ["bytes=300001-", nil])
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  @Test(arguments: [nil, "bytes", "bytes 0-1/2/3", "bytes */300000", "bytes 70000-70001/300000"])
  func `a part that is not told properly is an error`(_ range: String?) async throws {
    let content = self.content
    try await LoopbackServer.with({ _, _ in
      .init(
        status: .partialContent, headers: [("etag", "\"v1\"")] + (range.map { [("content-range", $0)] } ?? []),
        body: Array(content[70_000...]))
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content[..<70_000], of: file, from: server.url("/"), etag: "\"v1\"", total: 300_000)
        let error = await transferError {
          try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        }
        guard case .malformedAnswer? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(contents(folder) == ["f.part", "f.part.json"])
      }
    }
  }

  @Test func `a part that nobody asked for is an error`() async throws {
    let content = self.content
    try await LoopbackServer.with({ _, _ in
      .init(status: .partialContent, headers: [("content-range", "bytes 0-299999/300000")], body: content)
    }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError {
          try await Downloader().download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        }
        guard case .malformedAnswer? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
    }
  }

  @Test func `two downloads of one file do not meet`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let other = try PartialFile(for: file)
        let error = await #expect(throws: LocalFileError.self) {
          try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
        }
        #expect(
          error == .locked(folder: folder.appending(path: "f.part").path, holder: "another download of the same file"))
        #expect(server.requests.isEmpty)
        other.close()
        _ = try await Downloader().download(DownloadRequest(url: server.url("/")), to: file)
      }
    }
  }
}
