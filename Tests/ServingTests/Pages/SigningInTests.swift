import Foundation
import Serving
import Testing

@Suite(.timeLimit(.minutes(3)))
struct SigningInTests {
  @Test func `a visitor is led to the sign-in and back to the page`() async throws {
    try await TestServer.with { server in
      let away = try await server.send("GET", "/history", as: nil)
      #expect(away.status == 302)
      #expect(away.headers["location"] == "/sign-in?next=/history")
      let page = try await server.send("GET", "/sign-in?next=/history", as: nil)
      #expect(page.status == 200)
      #expect(page.text.contains("name=\"next\" value=\"/history\""))

      let entered = try await Self.signIn(server, as: .reader, next: "/history")
      #expect(entered.answer.status == 303)
      #expect(entered.answer.headers["location"] == "/history")
      let cookie = try #require(entered.answer.headers["set-cookie"])
      for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(attribute)) }
      #expect(try await server.send("GET", "/history", as: nil, headers: ["Cookie": entered.cookie]).status == 200)
    }
  }

  @Test(arguments: [false, true])
  func `cookies go over TLS alone where there is TLS, the server's own or a proxy's`(_ behindProxy: Bool) async throws {
    try await TestServer.with(behindProxy: behindProxy) { server in
      let visitor = try await server.send("GET", "/sign-in", as: nil).headers["set-cookie"] ?? ""
      let session = try await Self.signIn(server, as: .reader).answer.headers["set-cookie"] ?? ""
      for cookie in [visitor, session] {
        #expect(cookie.hasPrefix("nefro_"))
        #expect(cookie.components(separatedBy: "; ").contains("Secure") == behindProxy, "\(cookie)")
      }
    }
  }

  @Test func `a wrong token begins no session`() async throws {
    try await TestServer.with { server in
      for token in ["", "nefro_1", "nefro_12345678_" + String(repeating: "a", count: 64)] {
        let answer = try await Self.post(server, "/sign-in", ["token": token])
        #expect(answer.status == 403)
        #expect(answer.headers["set-cookie"] == nil)
        #expect(answer.text.contains("role=\"alert\""))
      }
    }
  }

  @Test func `what changes something takes the form token beside the cookie`() async throws {
    try await TestServer.with { server in
      let entered = try await Self.signIn(server, as: .reader)
      let picture = try SmallModels.png(1)
      func ask(_ headers: [String: String]) async throws -> Int {
        try await server.send(
          "POST", "/api/v1/predictions", as: nil, type: "image/png", body: picture,
          headers: ["Cookie": entered.cookie].merging(headers) { $1 }
        ).status
      }
      #expect(try await ask([:]) == 401)
      #expect(try await ask(["X-CSRF-Token": String(repeating: "0", count: 64)]) == 401)
      #expect(try await ask(["X-CSRF-Token": entered.formToken]) == 201)
    }
  }

  @Test func `a form of another site is refused`() async throws {
    try await TestServer.with { server in
      for path in ["/sign-in", "/sign-out", "/language"] {
        let answer = try await Self.post(
          server, path, ["token": server.token(.reader), "language": "es"], headers: ["Origin": "https://evil.example"])
        #expect(answer.status == 403)
        #expect(answer.headers["set-cookie"] == nil)
      }
    }
  }

  @Test func `a form that does not bring the page's form token is refused, on a page that says so`() async throws {
    try await TestServer.with { server in
      let page = try await server.send("GET", "/sign-in", as: nil)
      let cookie = try #require(page.headers["set-cookie"])
      #expect(cookie.hasPrefix("nefro_form=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
      let own = ["Cookie": String(cookie.prefix { $0 != ";" }), "Accept-Language": "es"]
      for (path, fields) in [
        ("/sign-in", ["token": server.token(.reader)]), ("/language", ["language": "es"]),
        ("/sign-in", ["token": server.token(.reader), "csrf": String(repeating: "0", count: 64)]),
      ] {
        for headers in [own, ["Cookie": "nefro_form=", "Accept-Language": "es"]] {
          let answer = try await Self.post(server, path, ["csrf": ""].merging(fields) { $1 }, headers: headers)
          #expect(answer.status == 403)
          #expect(answer.headers["set-cookie"]?.contains("nefro_session") != true)
          #expect(answer.text.contains("no es de su sesión actual"))
        }
      }
      // A cookie that this server could not have drawn counts for nothing, even if the form repeats it.
      let answer = try await Self.post(
        server, "/sign-in", ["token": server.token(.reader), "csrf": "x"], headers: ["Cookie": "nefro_form=x"])
      #expect(answer.status == 403)
    }
  }

  @Test func `signing out ends the session, on the server too`() async throws {
    try await TestServer.with { server in
      let entered = try await Self.signIn(server, as: .reader)
      let headers = ["Cookie": entered.cookie]
      #expect(try await Self.post(server, "/sign-out", ["csrf": "wrong"], headers: headers).status == 403)
      #expect(try await server.send("GET", "/", as: nil, headers: headers).status == 200)
      #expect(try await Self.post(server, "/sign-out", ["csrf": entered.formToken], headers: headers).status == 303)
      #expect(try await server.send("GET", "/", as: nil, headers: headers).status == 302)
    }
  }

  @Test func `a session ends with its token`() async throws {
    try await TestServer.with { server in
      let entered = try await Self.signIn(server, as: .operator)
      let headers = ["Cookie": entered.cookie]
      #expect(try await server.send("GET", "/metrics", as: nil, headers: headers).status == 200)
      try server.server.room.tokens.revoke("test operator", by: "test")
      #expect(try await server.send("GET", "/metrics", as: nil, headers: headers).status == 401)
      let page = try await server.send("GET", "/sign-in", as: nil, headers: headers)
      #expect(page.text.contains("Your session has ended."))
      let visitors = try await server.send("GET", "/sign-in", as: nil)
      #expect(!visitors.text.contains("class=\"notice-box\""))
    }
  }

  @Test(arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\r\nSet-Cookie: x=1"])
  func `nobody is sent to another server`(_ next: String) async throws {
    try await TestServer.with { server in
      let entered = try await Self.signIn(server, as: .reader, next: next)
      #expect(entered.answer.headers["location"] == "/")
    }
  }

  @Test func `sign-ins are in the audit trail, tokens are not`() async throws {
    try await TestServer.with { server in
      _ = try await Self.signIn(server, as: .reader)
      var entries: [AuditEntry] = []
      try server.server.room.audit.forEach { entries.append($0) }
      #expect(entries.last?.action == .signedIn)
      #expect(!server.log.text.contains(server.token(.reader)))
    }
  }

  // MARK: -

  struct Entered {
    var answer: Wire.Answer
    /// For the header `Cookie`.
    var cookie: String
    var formToken: String
  }

  static func signIn(_ server: TestServer, as role: Role, next: String = "/") async throws -> Entered {
    let answer = try await post(server, "/sign-in", ["token": server.token(role), "next": next])
    let cookie = String((answer.headers["set-cookie"] ?? "").prefix { $0 != ";" })
    let page = try await server.send("GET", "/", as: nil, headers: ["Cookie": cookie])
    let parts = page.text.components(separatedBy: "name=\"csrf-token\" content=\"")
    return Entered(answer: answer, cookie: cookie, formToken: String((parts.last ?? "").prefix { $0 != "\"" }))
  }

  /// Sends a form; one without `csrf` and without a session gets a visitor's form token first, as a browser does.
  static func post(
    _ server: TestServer, _ path: String, _ fields: [String: String], headers: [String: String] = [:]
  ) async throws -> Wire.Answer {
    var (fields, headers) = (fields, headers)
    if fields["csrf"] == nil, headers["Cookie"] == nil {
      let page = try await server.send("GET", "/sign-in", as: nil)
      headers["Cookie"] = String((page.headers["set-cookie"] ?? "").prefix { $0 != ";" })
      fields["csrf"] = page.text.firstMatch(of: /name="csrf" value="([0-9a-f]{64})"/).map { String($0.1) }
    }
    let body = fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
    return try await server.send(
      "POST", path, as: nil, type: "application/x-www-form-urlencoded", body: Data(body.joined(separator: "&").utf8),
      headers: headers)
  }
}
