import Foundation
import LoopbackServers
import NIOHTTP1
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(2)))
struct DownloaderRetryTests {
  private let content = archiveBytes()

  @Test(arguments: [500, 502, 503, 504, 429, 408])
  func `a server in trouble is asked again, with growing pauses`(_ status: Int) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      earlier < 3 ? .init(status: .init(statusCode: status)) : .file(content, for: request)
    }) { server in
      try await withTemporaryFolder { folder in
        let clock = TestClock()
        _ = try await Downloader(clock: clock.transferClock)
          .download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        #expect(server.requests.count == 4)
        #expect(clock.sleeps == [.milliseconds(500), .seconds(1), .seconds(2)])
      }
    }
  }

  @Test func `a server that stays in trouble is given up`() async throws {
    try await LoopbackServer.with({ _, _ in .init(status: .internalServerError) }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError {
          try await Downloader(clock: TestClock().transferClock)
            .download(DownloadRequest(url: server.url("/x?secret")), to: folder.appending(path: "f"))
        }
        #expect(error == .unavailable(address: server.url("/x").absoluteString, status: 500, attempts: 5))
        #expect(server.requests.count == 5)
        #expect(contents(folder).isEmpty)
      }
    }
  }

  @Test(arguments: [("7", 7), ("0", 0), ("Sun, 06 Nov 1994 08:50:17 GMT", 40), ("soon", 0.5)])
  func `a server may say when to come back`(_ field: String, _ seconds: Double) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      earlier == 0
        ? .init(status: .tooManyRequests, headers: [("retry-after", field)]) : .file(content, for: request)
    }) { server in
      try await withTemporaryFolder { folder in
        let clock = TestClock()
        _ = try await Downloader(clock: clock.transferClock)
          .download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        #expect(clock.sleeps == [.seconds(seconds)])
      }
    }
  }

  @Test func `a server that wants too much patience gets none`() async throws {
    try await LoopbackServer.with({ _, _ in .init(status: .tooManyRequests, headers: [("retry-after", "121")]) }) {
      server in
      try await withTemporaryFolder { folder in
        let clock = TestClock()
        let error = await transferError {
          try await Downloader(clock: clock.transferClock)
            .download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        }
        #expect(error == .askedToWait(address: server.url("/").absoluteString, status: 429, seconds: 121))
        #expect(clock.sleeps.isEmpty)
      }
    }
  }

  @Test(arguments: [400, 401, 403, 404, 410, 501])
  func `a refusal is final`(_ status: Int) async throws {
    try await LoopbackServer.with({ _, _ in .init(status: .init(statusCode: status)) }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError {
          try await Downloader(clock: TestClock().transferClock)
            .download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        }
        #expect(error == .refused(address: server.url("/").absoluteString, status: status))
        #expect(server.requests.count == 1)
      }
    }
  }

  @Test(arguments: [true, false])
  func `a silent connection is given up after the idle timeout`(_ sendsHead: Bool) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in
      .file(content, for: request).ending(.silent(after: sendsHead ? 100_000 : 0))
    }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError {
          try await Downloader(idleTimeout: .milliseconds(500), retries: .none)
            .download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        }
        guard case .stalled(server.url("/").absoluteString, 0.5, _)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
    }
  }

  @Test func `a silent connection is resumed by another`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in
      .file(content, for: request).ending(request.header("range") == nil ? .silent(after: 1000) : .whole)
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        _ = try await Downloader(idleTimeout: .seconds(5), clock: TestClock().transferClock)
          .download(DownloadRequest(url: server.url("/")), to: file)
        #expect(try Data(contentsOf: file) == Data(content))
        #expect(server.requests.contains { $0.header("range") == "bytes=1000-" })
      }
    }
  }

  @Test func `attempts without progress are counted, others are not`() async throws {
    let content = self.content
    // Two failures, one step forward, two failures: never three in a row.
    try await LoopbackServer.with({ request, earlier in
      switch earlier {
      case 2: .file(content, for: request).ending(.cut(after: 10_000))
      case 0...4: .init(status: .serviceUnavailable)
      default: .file(content, for: request)
      }
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let clock = TestClock()
        _ = try await Downloader(retries: RetryPolicy(attempts: 4), clock: clock.transferClock)
          .download(DownloadRequest(url: server.url("/")), to: file)
        #expect(server.requests.count == 6)
        #expect(
          clock.sleeps == [
            .milliseconds(500), .seconds(1), .milliseconds(500), .seconds(1), .seconds(2),
          ])
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  /// Without this a server that always cuts at the same place would be asked for ever.
  @Test func `starting again is no progress`() async throws {
    let content = self.content
    try await LoopbackServer.with({ _, _ in .init(body: content, ending: .cut(after: 1000)) }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError {
          try await Downloader(retries: RetryPolicy(attempts: 3), clock: TestClock().transferClock)
            .download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        }
        guard case .connectionLost(_, 1000, 300_000, _)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        // The first cut is progress over nothing, and counts as the first failure.
        #expect(server.requests.count == 3)
      }
    }
  }

  @Test func `a server that is not there is given up within the connect timeout`() async throws {
    let closed = try await LoopbackServer.with({ _, _ in .init() }) { $0.url("/weights.onnx?token=t") }
    try await withTemporaryFolder { folder in
      let clock = TestClock()
      let error = await transferError {
        try await Downloader(
          connectTimeout: .seconds(5), retries: RetryPolicy(attempts: 100), clock: clock.transferClock
        )
        .download(DownloadRequest(url: closed), to: folder.appending(path: "f"))
      }
      guard case .cannotConnect(let address, let reason)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(address == "http://127.0.0.1:\(closed.port ?? 0)/weights.onnx")
      #expect(reason.contains("refused"))
      #expect(clock.sleeps == [.milliseconds(500), .seconds(1), .seconds(2)], "the next would end after 7.5 s")
      #expect(contents(folder).isEmpty)
    }
  }
}
