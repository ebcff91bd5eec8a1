import Foundation
import Serving
import Testing

@Suite(.timeLimit(.minutes(3)))
struct PageTests {
  @Test func `pages allow nothing of another origin, and no script or style within`() async throws {
    try await Self.signedIn { server, headers in
      for path in ["/", "/history", "/results/0", "/runs", "/runs/0", "/models", "/training", "/sign-in"] {
        let page = try await server.send("GET", path, as: nil, headers: headers)
        #expect(page.status == 200)
        let policy = page.headers["content-security-policy"] ?? ""
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(!page.text.contains(" style=") && !page.text.contains(" onclick="))
        #expect(!page.text.replacing("http://www.w3.org", with: "").contains("http"))
      }
    }
  }

  @Test func `what a page names is there`() async throws {
    try await Self.signedIn { server, headers in
      var seen: Set<String> = []
      for path in ["/", "/history", "/results/0", "/runs", "/runs/0", "/models", "/training"] {
        let page = try await server.send("GET", path, as: nil, headers: headers).text
        for match in page.matches(of: /(?:src|href)="(\/assets\/[^"]+)"/) { seen.insert(String(match.1)) }
      }
      var scripts = seen.filter { $0.hasSuffix(".js") }
      while let script = scripts.popFirst() {
        let text = try await server.send("GET", script, as: nil).text
        for match in text.matches(of: /from "\.\/([a-z]+\.js)"/) where seen.insert("/assets/" + match.1).inserted {
          scripts.insert("/assets/" + match.1)
        }
      }
      #expect(seen.count >= 16)
      for asset in seen {
        let answer = try await server.send("GET", asset, as: nil)
        #expect(answer.status == 200, "\(asset)")
        let tag = try #require(answer.headers["etag"])
        #expect(try await server.send("GET", asset, as: nil, headers: ["If-None-Match": tag]).status == 304)
      }
    }
  }

  @Test func `each text that a page or script asks for is there in both languages`() async throws {
    try await Self.signedIn { server, headers in
      for language in ["en", "es"] {
        let headers = headers.merging(["Accept-Language": language]) { $1 }
        let page = try await server.send("GET", "/", as: nil, headers: headers).text
        let block = try #require(page.firstMatch(of: /<script type="application\/json" id="texts">(.*?)<\/script>/))
        let texts = try JSONDecoder().decode([String: String].self, from: Data(block.1.utf8))
        #expect(page.contains("<html lang=\"\(language)\">"))
        for script in [
          "page.js", "answer.js", "predict.js", "history.js", "viewer.js", "result.js", "runs.js", "run.js",
          "curves.js", "models.js", "markdown.js", "training.js",
        ] {
          let code = try await server.send("GET", "/assets/" + script, as: nil).text
          for match in code.matches(of: /\btext\("([a-z_]+)"[,)]/) {
            #expect(texts[String(match.1)] != nil, "\(script): \(match.1) in \(language)")
          }
        }
        // A template's text that is not there would leave an empty element.
        #expect(!page.contains("<h2></h2>") && !page.contains("aria-label=\"\"") && !page.contains("></button>"))
      }
    }
  }

  @Test func `the language is the browser's until one is chosen`() async throws {
    try await Self.signedIn { server, headers in
      func language(_ accepted: String, cookie: String = "") async throws -> String {
        let headers = ["Accept-Language": accepted, "Cookie": headers["Cookie"]! + cookie]
        let page = try await server.send("GET", "/", as: nil, headers: headers).text
        return String(try #require(page.firstMatch(of: /<html lang="([a-z]+)">/)).1)
      }
      #expect(try await language("es-PE,es;q=0.9,en;q=0.8") == "es")
      #expect(try await language("de, en;q=0.4, es;q=0.6") == "es")
      #expect(try await language("de") == "en")
      #expect(try await language("es;q=0, en;q=0.1") == "en")
      #expect(try await language("en", cookie: "; language=es") == "es")
      #expect(try await language("es", cookie: "; language=xx") == "es")
      let chosen = try await SigningInTests.post(server, "/language", ["language": "es", "back": "/history"])
      #expect(chosen.headers["location"] == "/history")
      #expect(chosen.headers["set-cookie"]?.hasPrefix("language=es") == true)
    }
  }

  @Test func `what a path holds is text, never markup`() async throws {
    try await Self.signedIn { server, headers in
      let page = try await server.send("GET", "/results/%22%3E%3Cscript%3E1%3C%2Fscript%3E", as: nil, headers: headers)
      #expect(!page.text.contains("<script>1"))
    }
  }

  @Test func `an unknown page says so`() async throws {
    try await TestServer.with { server in
      for path in ["/nothing", "/assets/..%2Fsecret"] {
        let answer = try await server.send("GET", path, as: nil)
        #expect(answer.status == 404)
      }
    }
  }

  private static func signedIn(
    _ body: @escaping @Sendable (TestServer, [String: String]) async throws -> Void
  ) async throws {
    try await TestServer.with { server in
      try await body(server, ["Cookie": try await SigningInTests.signIn(server, as: .operator).cookie])
    }
  }
}
