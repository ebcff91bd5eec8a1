import Foundation
import Serving
import Testing

@Suite(.timeLimit(.minutes(3)))
struct PolicyTests {
  @Test func `every route answers every role as its policy says`() async throws {
    try await TestServer.with { server in
      let administrator = server.token(.administrator)
      let revoked = try await Self.revokedToken(server)
      let unknown = "nefro_12345678_" + String(repeating: "a", count: 64)
      for route in server.server.routes.routes {
        let path = Self.filled(route.path)
        for token in [nil, "", "garbage", unknown, revoked] {
          let answer = try await Wire.send(route.method.rawValue, path, port: server.port, token: token)
          let isOpen = route.policy == .public
          // A page leads to the sign-in.
          let isPage = route.operation == nil
          let isRefused =
            isPage
            ? answer.status == 302 && answer.headers["location"]?.hasPrefix("/sign-in?next=") == true : answer.status == 401
          #expect(isOpen != isRefused, "\(route.method) \(path), token \(token ?? "none"): \(answer.status)")
          if !isOpen, !isPage { #expect(answer.headers["www-authenticate"] != nil) }
        }
        for role in Role.allCases {
          let answer = try await server.send(route.method.rawValue, path, as: role)
          let allowed = route.policy.leastRole.map { role >= $0 } ?? true
          #expect(answer.status != 401)
          #expect(
            allowed == (answer.status != 403), "\(route.method) \(path) as \(role.rawValue): \(answer.status)")
        }
      }
      // The walk found what it was to find.
      #expect(Set(server.server.routes.routes.map(\.policy)) == Set(Policy.allCases))
      #expect(administrator.hasPrefix("nefro_"))
    }
  }

  @Test func `a session opens what its token does, and changes nothing without the form token`() async throws {
    try await TestServer.with { server in
      for role in Role.allCases {
        let entered = try await SigningInTests.signIn(server, as: role)
        for route in server.server.routes.routes where route.operation != nil && route.policy != .public {
          let isAllowed = role >= route.policy.leastRole!
          let changes = route.method != .get
          let path = Self.filled(route.path)
          func ask(_ headers: [String: String]) async throws -> Int {
            try await server.send(
              route.method.rawValue, path, as: nil, headers: ["Cookie": entered.cookie].merging(headers) { $1 }
            ).status
          }
          let place = "\(route.method) \(path) as \(role.rawValue)"
          if changes {
            #expect(try await ask([:]) == 401, "\(place), without a form token")
            #expect(try await ask(["X-CSRF-Token": String(repeating: "0", count: 64)]) == 401, "\(place), with another's")
          }
          let status = try await ask(changes ? ["X-CSRF-Token": entered.formToken] : [:])
          #expect(status != 401 && isAllowed == (status != 403), "\(place): \(status)")
        }
      }
    }
  }

  @Test func `a token that has expired, or is revoked, opens nothing from that moment on`() async throws {
    let time = TestTime()
    try await TestServer.with(clock: { time.now }) { server in
      let store = server.server.room.tokens
      var generator = SystemRandomNumberGenerator()
      let brief = try store.create(
        name: "brief", role: .operator, expires: time.now.addingTimeInterval(60), by: "test", using: &generator)
      let other = try store.create(name: "other", role: .operator, by: "test", using: &generator)
      func statuses(_ token: AccessToken) async throws -> Set<Int> {
        var seen: Set<Int> = []
        for path in ["/metrics", "/api/v1/predictions", "/api/v1/feedback", "/api/v1/jobs"] {
          seen.insert(try await Wire.send("GET", path, port: server.port, token: token.secret).status)
        }
        return seen
      }
      #expect(try await statuses(brief) == [200])
      #expect(try await statuses(other) == [200])
      time.advance(61)
      #expect(try await statuses(brief) == [401])
      #expect(try await statuses(other) == [200])
      try store.revoke(other.id, by: "test")
      #expect(try await statuses(other) == [401])
    }
  }

  @Test func `a refusal of somebody known is in the audit trail`() async throws {
    try await TestServer.with { server in
      #expect(try await server.send("GET", "/metrics", as: .reader).status == 403)
      var refusals: [AuditEntry] = []
      try server.server.room.audit.forEach { if $0.action == .refused { refusals.append($0) } }
      #expect(refusals.map(\.subject) == ["GET /metrics"])
      #expect(refusals.first.map { server.token(.reader).contains($0.actor) } == true)
    }
  }

  @Test(arguments: ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]:80"])
  func `on loopback a request must name this machine`(_ host: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.send("GET", "/healthz", as: nil, headers: ["Host": host])
      #expect([400, 421].contains(answer.status))
    }
  }

  @Test(arguments: ["localhost", "LOCALHOST:80", "127.0.0.1", "127.1.2.3:9", "[::1]:8080"])
  func `every name of this machine will do`(_ host: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.send("GET", "/healthz", as: nil, headers: ["Host": host])
      #expect(answer.status == 200)
    }
  }

  @Test func `behind a proxy the name is the proxy's business`() async throws {
    try await TestServer.with(behindProxy: true) { server in
      let answer = try await server.send("GET", "/healthz", as: nil, headers: ["Host": "nefro.hospital"])
      #expect(answer.status == 200)
    }
  }

  /// A path with something in place of its parameters.
  static func filled(_ path: String) -> String {
    "/" + path.split(separator: "/").map { $0.hasPrefix("{") ? "0123456789abcdef" : $0 }.joined(separator: "/")
  }

  private static func revokedToken(_ server: TestServer) async throws -> String {
    var generator = SystemRandomNumberGenerator()
    let token = try server.server.room.tokens.create(
      name: "revoked", role: .administrator, by: "test", using: &generator)
    try server.server.room.tokens.revoke(token.id, by: "test")
    return token.secret
  }
}
