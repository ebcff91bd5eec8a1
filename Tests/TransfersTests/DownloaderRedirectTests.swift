import Foundation
import LoopbackServers
import NIOHTTP1
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(2)))
struct DownloaderRedirectTests {
  private let content = archiveBytes(5000)

  @Test(arguments: [301, 302, 303, 307, 308], ["/b/file", "../b/file", "//127.0.0.1:PORT/b/file"])
  func `redirects are followed, relative ones too`(_ status: Int, _ location: String) async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in
      guard request.path == "/a/file" else { return .file(content, for: request) }
      let host = request.header("host") ?? ""
      return .redirect(
        to: location.replacing("127.0.0.1:PORT", with: host), .init(statusCode: status))
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let result = try await Downloader().download(DownloadRequest(url: server.url("/a/file")), to: file)
        #expect(result.origin == server.url("/b/file").absoluteString)
        #expect(server.requests.map(\.path) == ["/a/file", "/b/file"])
        #expect(try Data(contentsOf: file) == Data(content))
      }
    }
  }

  @Test func `ten redirects are followed, a circle is left after them`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in
      let step = Int(request.query["step"] ?? "0") ?? 0
      if request.path == "/chain", step == 10 { return .file(content, for: request) }
      return .redirect(to: "\(request.path)?step=\(step + 1)")
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        _ = try await Downloader().download(DownloadRequest(url: server.url("/chain")), to: file)
        #expect(server.requests.count == 11)
        #expect(
          await transferError { try await Downloader().download(DownloadRequest(url: server.url("/circle")), to: file) }
            == .tooManyRedirects(address: server.url("/circle").absoluteString, limit: 10))
        #expect(server.requests.count == 22)
      }
    }
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http+unix://%2Ftmp%2Fsocket/x", "data:text/plain,x"])
  func `a redirect to anything but http is refused`(_ location: String) async throws {
    try await LoopbackServer.with({ _, _ in .redirect(to: location) }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError {
          try await Downloader().download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
        }
        guard case .refusedRedirect? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(server.requests.count == 1)
      }
    }
  }

  @Test func `a redirect to nowhere is an error`() async throws {
    try await LoopbackServer.with({ _, _ in .init(status: .found) }) { server in
      try await withTemporaryFolder { folder in
        #expect(
          await transferError {
            try await Downloader().download(DownloadRequest(url: server.url("/")), to: folder.appending(path: "f"))
          }
            == .malformedAnswer(
              address: server.url("/").absoluteString, reason: "a redirect that does not say where to"))
      }
    }
  }

  @Test func `credentials, cookies and header fields stay with their origin`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { storage in
      let storageAddress = storage.url("/file?signature=s").absoluteString
      try await LoopbackServer.with({ request, _ in
        switch request.path {
        case "/login":
          .redirect(to: "/again", headers: [("set-cookie", "session=abc; Path=/; Domain=127.0.0.1; HttpOnly")])
        default: .redirect(to: storageAddress)
        }
      }) { service in
        try await withTemporaryFolder { folder in
          let request = DownloadRequest(
            url: service.url("/login"), headers: ["X-Api-Key": "key"],
            credentials: .basic(user: "ana", password: "secret", for: service.url("/")))
          _ = try await Downloader(userAgent: "nefro-test").download(request, to: folder.appending(path: "f"))

          let authorization = "Basic \(Data("ana:secret".utf8).base64EncodedString())"
          #expect(service.requests.map { $0.header("authorization") } == [authorization, authorization])
          #expect(service.requests.map { $0.header("x-api-key") } == ["key", "key"])
          #expect(service.requests.map { $0.header("cookie") } == [nil, "session=abc"])

          // Another port is another origin, on the same host as well.
          let stranger = try #require(storage.requests.first)
          #expect(storage.requests.count == 1)
          #expect(stranger.query == ["signature": "s"])
          #expect(stranger.header("authorization") == nil)
          #expect(stranger.header("x-api-key") == nil)
          #expect(stranger.header("cookie") == nil)
          #expect(stranger.header("user-agent") == "nefro-test")
          #expect(stranger.header("accept-encoding") == "identity")
        }
      }
    }
  }

  @Test func `credentials of another origin are not sent to the first`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { storage in
      let storageAddress = storage.url("/file").absoluteString
      try await LoopbackServer.with({ _, _ in .redirect(to: storageAddress) }) { service in
        try await withTemporaryFolder { folder in
          let request = DownloadRequest(
            url: service.url("/"), credentials: .bearer(token: "t", for: storage.url("/")))
          _ = try await Downloader().download(request, to: folder.appending(path: "f"))
          #expect(service.requests.map { $0.header("authorization") } == [nil])
          #expect(storage.requests.map { $0.header("authorization") } == ["Bearer t"])
        }
      }
    }
  }

  @Test func `name and password in the address become credentials, in a redirect they are dropped`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in
      guard request.path == "/a" else { return .file(content, for: request) }
      return .redirect(to: "http://eve:evil@\(request.header("host") ?? "")/b")
    }) { server in
      try await withTemporaryFolder { folder in
        let url = try #require(URL(string: "http://ana:p%40ss@127.0.0.1:\(server.port)/a"))
        _ = try await Downloader().download(DownloadRequest(url: url), to: folder.appending(path: "f"))
        let authorization = "Basic \(Data("ana:p@ss".utf8).base64EncodedString())"
        #expect(server.requests.map { $0.header("authorization") } == [authorization, authorization])
      }
    }
  }

  @Test func `a resumed download asks for its range at the end of the redirects`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in
      request.path == "/a" ? .redirect(to: "/b") : .file(content, for: request)
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        try leavePart(content[..<1000], of: file, from: server.url("/a"), etag: "\"v1\"", total: 5000)
        #expect(try await Downloader().download(DownloadRequest(url: server.url("/a")), to: file).resumedFrom == 1000)
        #expect(server.requests.last?.header("range") == "bytes=1000-")
      }
    }
  }
}
