import Foundation
import LoopbackServers
import NIOHTTP1
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(2)))
struct APIClientTests {
  private static func send(
    _ request: APIRequest, settings: APIClient.Settings = APIClient.Settings()
  ) async throws -> APIAnswer {
    try await APIClient.with(settings, for: request.url) { try await $0.send(request) }
  }

  private static func settings(
    _ clock: TestClock = TestClock(), attempts: Int = 3, idle: Duration = .seconds(30),
    security: TransportSecurity = TransportSecurity()
  ) -> APIClient.Settings {
    APIClient.Settings(
      security: security, idleTimeout: idle, retries: RetryPolicy(attempts: attempts), clock: clock.transferClock)
  }

  @Test func `a call carries its method, body and type, and the answer comes back whatever its status`() async throws {
    try await LoopbackServer.with({ _, _ in .json("{\"a\":1}", .notFound) }) { server in
      let answer = try await Self.send(
        APIRequest(.patch, server.url("/x"), body: .data(Data("{}".utf8), type: "application/json")))
      #expect(answer.status == 404 && String(decoding: answer.body, as: UTF8.self) == "{\"a\":1}")
      let request = try #require(server.requests.first)
      #expect(request.method == "PATCH" && request.body == Array("{}".utf8))
      #expect(request.header("content-type") == "application/json")
    }
  }

  @Test func `a file is sent whole with its length`() async throws {
    try await LoopbackServer.with({ _, _ in .json("{}") }) { server in
      try await withTemporaryFolder { folder in
        let content = archiveBytes(1_000_003)
        let file = folder.appending(path: "f")
        try Data(content).write(to: file)
        _ = try await Self.send(APIRequest(.put, server.url("/f"), body: .file(file, type: "application/octet-stream")))
        #expect(server.requests.first?.body == content)
        #expect(server.requests.first?.header("content-length") == "1000003")
      }
    }
  }

  @Test(arguments: [408, 429, 500, 502, 503, 504])
  func `a repeatable call is made again after trouble, another one is not`(_ status: Int) async throws {
    try await LoopbackServer.with({ _, earlier in
      earlier < 2 ? .init(status: .init(statusCode: status)) : .json("{}")
    }) { server in
      let clock = TestClock()
      let answer = try await Self.send(APIRequest(.get, server.url("/")), settings: Self.settings(clock))
      #expect(answer.status == 200 && server.requests.count == 3)
      #expect(clock.sleeps == [.milliseconds(500), .seconds(1)])
    }
    try await LoopbackServer.with({ _, _ in .init(status: .init(statusCode: status)) }) { server in
      let answer = try await Self.send(APIRequest(.post, server.url("/")), settings: Self.settings())
      #expect(answer.status == status && server.requests.count == 1)
    }
  }

  @Test(arguments: [true, false])
  func `a cut connection is an error, after further tries if the call may be repeated`(_ repeatable: Bool) async throws {
    try await LoopbackServer.with({ _, _ in .init(body: [1, 2, 3, 4], ending: .cut(after: 2)) }) { server in
      let error = await transferError {
        try await Self.send(APIRequest(.post, server.url("/"), isRepeatable: repeatable), settings: Self.settings())
      }
      guard case .connectionLost? = error else { return #expect(Bool(false), "\(String(describing: error))") }
      #expect(server.requests.count == (repeatable ? 3 : 1))
    }
  }

  @Test func `a silent server is given up after the idle timeout`() async throws {
    try await LoopbackServer.with({ _, _ in .init(body: [1, 2], ending: .silent(after: 1)) }) { server in
      let error = await transferError {
        try await Self.send(APIRequest(.post, server.url("/x")), settings: Self.settings(idle: .milliseconds(300)))
      }
      #expect(error == .stalled(address: server.url("/x").absoluteString, seconds: 0.3, received: 0))
    }
  }

  @Test func `an answer longer than allowed is refused`() async throws {
    try await LoopbackServer.with({ _, _ in .init(body: archiveBytes(5000)) }) { server in
      let error = await transferError {
        try await Self.send(APIRequest(.get, server.url("/x"), maximumAnswerBytes: 4999))
      }
      #expect(error == .tooLarge(address: server.url("/x").absoluteString, maximumBytes: 4999, announced: nil))
    }
  }

  @Test func `a redirect is not followed`() async throws {
    try await LoopbackServer.with({ _, _ in .redirect(to: "/elsewhere") }) { server in
      let answer = try await Self.send(APIRequest(.get, server.url("/x")))
      #expect(answer.status == 302 && answer.location == "/elsewhere" && server.requests.count == 1)
    }
  }

  @Test func `credentials go to their own origin only`() async throws {
    try await LoopbackServer.with({ _, _ in .json("{}") }) { own in
      try await LoopbackServer.with({ _, _ in .json("{}") }) { other in
        var settings = Self.settings()
        settings.credentials = .bearer(token: "T", for: own.url("/"))
        _ = try await Self.send(APIRequest(.get, own.url("/")), settings: settings)
        _ = try await Self.send(APIRequest(.get, other.url("/")), settings: settings)
        #expect(own.requests.first?.header("authorization") == "Bearer T")
        #expect(other.requests.count == 1 && other.requests.first?.header("authorization") == nil)
      }
    }
  }

  @Test func `an untrusted certificate is named, and trusted once its authority is`() async throws {
    try await LoopbackServer.with(encrypted: true, { _, _ in .json("{}") }) { server in
      try await withTemporaryFolder { folder in
        let url = server.url("/x")
        let error = await transferError { try await Self.send(APIRequest(.get, url), settings: Self.settings()) }
        #expect(error == .untrustedCertificate(address: url.absoluteString))
        #expect(server.requests.isEmpty)

        let file = folder.appending(path: "authority.pem")
        try Data(TestCertificate.authority.utf8).write(to: file)
        let trusting = TransportSecurity(additionalCertificates: file)
        #expect(try await Self.send(APIRequest(.get, url), settings: Self.settings(security: trusting)).status == 200)
        let careless = TransportSecurity(verifiesCertificates: false)
        #expect(try await Self.send(APIRequest(.get, url), settings: Self.settings(security: careless)).status == 200)
      }
    }
  }

  @Test func `a certificate file that is none is named`() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "authority.pem")
      try Data("nothing".utf8).write(to: file)
      let settings = Self.settings(security: TransportSecurity(additionalCertificates: file))
      let error = await transferError {
        try await Self.send(APIRequest(.get, URL(string: "https://127.0.0.1:1/")!), settings: settings)
      }
      guard case .certificatesUnreadable(file.path, _)? = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
    }
  }

  @Test func `a server that is not there cannot be reached`() async throws {
    let closed = try await LoopbackServer.with({ _, _ in .init() }) { $0.url("/x?token=t") }
    let error = await transferError { try await Self.send(APIRequest(.get, closed), settings: Self.settings()) }
    guard case .cannotConnect(let address, let reason)? = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    #expect(address == "http://127.0.0.1:\(closed.port ?? 0)/x")
    #expect(reason == "nothing answers at that port (connection refused)")
  }

  @Test(arguments: [
    ("https://mlflow.example.org/x", "http://proxy:3128"), ("https://a.internal.example/x", nil),
    ("https://internal.example/x", nil), ("http://127.0.0.1:5000/x", nil), ("http://localhost/x", nil),
    ("http://example.org/x", "http://plain:80"), ("https://notinternal.example/x", "http://proxy:3128"),
  ])
  func `proxies are taken from the environment, with exceptions`(_ address: String, _ proxy: String?) throws {
    let settings = ProxySettings(environment: [
      "HTTPS_PROXY": "http://proxy:3128", "http_proxy": "plain:80", "NO_PROXY": "other.org, .internal.example",
    ])
    #expect(try settings.address(for: URL(string: address)!)?.absoluteString == proxy)
  }

  @Test func `a proxy that is none is named by its variable`() {
    let settings = ProxySettings(environment: ["HTTPS_PROXY": "ftp://secret@proxy"])
    #expect(throws: TransferError.invalidProxy(variable: "HTTPS_PROXY")) {
      try settings.address(for: URL(string: "https://example.org")!)
    }
  }
}
