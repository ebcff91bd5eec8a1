import Digests
import Foundation
import Inference
import MedicalImages
import Reports
import Serving
import TestSupport
import Testing
import Tracking

@Suite(.timeLimit(.minutes(3)))
struct PageTests {
  @Test func `pages allow nothing of another origin, and no script or style within`() async throws {
    try await Self.signedIn { server, headers in
      for path in ["/", "/history", "/results/0", "/runs", "/runs/0", "/models", "/ladder", "/training", "/sign-in"] {
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
      for path in ["/", "/history", "/results/0", "/runs", "/runs/0", "/models", "/ladder", "/training"] {
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
          "curves.js", "models.js", "markdown.js", "training.js", "version.js", "promotion.js", "sentences.js",
          "list.js", "study.js", "kept.js", "figures.js",
        ] {
          let code = try await server.send("GET", "/assets/" + script, as: nil).text
          for match in code.matches(of: /\btext\((?:[^()"?]+\? )?"([a-z_]+)"[,): ]/) where !match.1.hasSuffix("_") {
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

  @Test func `each code of a problem and each value that pages name has its words in both languages`() async throws {
    let texts = try ["en", "es"].map { language in
      let file = packageRoot.appending(path: "Sources/Serving/Pages/Texts/\(language).json")
      return try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
    }
    #expect(Set(texts[0].keys) == Set(texts[1].keys))
    var codes: Set<String> = []
    let sources = packageRoot.appending(path: "Sources/Serving").resolvingSymlinksInPath()
    for case let file as URL in try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    where file.pathExtension == "swift" {
      let code = try String(contentsOf: file, encoding: .utf8)
      for match in code.matches(of: /code: "([a-z_]+)"|: \(\.[a-zA-Z]+, "([a-z_]+)"\)/) {
        codes.insert(String(match.1 ?? match.2 ?? ""))
      }
    }
    #expect(codes.isSuperset(of: ["bad_request", "busy", "damaged_picture", "gate_refused", "foreign_form", "internal"]))
    let keys =
      codes.map { "problem_\($0)" } + Answer.Decision.allCases.map { "decision_\($0.rawValue)" }
      + TrainingJob.State.allCases.map { "job_\($0.rawValue)" } + ["gradcam", "contributions"].map { "method_\($0)" }
    for key in keys {
      #expect(texts[0][key]?.isEmpty == false && texts[1][key]?.isEmpty == false, "\(key)")
    }
  }

  @Test func `sentences of problems are pairs of templates, and a page in Spanish brings them`() async throws {
    for text in ProblemText.allCases {
      let (english, spanish) = (text.phrase.english, text.phrase.spanish)
      func values(_ text: String) -> Set<Substring> { Set(text.matches(of: /%[1-9]/).map(\.output)) }
      #expect(english != spanish && values(spanish).isSubset(of: values(english)), "\(text)")
      #expect(!spanish.contains("  "), "\(text)")
    }
    // As they are said.
    for error in [
      MedicalImageError.truncated(name: "picture 1"), .damaged(name: "picture 1", reason: "no scan"),
      .notAPicture(name: "picture 1", content: "text"), .fileTooLarge(name: "picture 2", bytes: 9, limit: 8),
      .tooManyPixels(name: "picture 1", width: 9, height: 9, limit: 8), .tooManyScans(name: "picture 1", limit: 8),
      .unsupported(name: "picture 1", mode: "CMYK", reason: "no CT is"),
    ] {
      let known = ProblemText.allCases.contains { $0.phrase.values(in: error.description) != nil }
      #expect(known, "\(error)")
    }
    try await Self.signedIn { server, headers in
      func pairs(_ language: String) async throws -> [[String]]? {
        let page = try await server.send("GET", "/", as: nil, headers: headers.merging(["Accept-Language": language]) { $1 })
        let block = page.text.firstMatch(of: /id="sentences">(.*?)<\/script>/)
        return try block.map { try JSONDecoder().decode([[String]].self, from: Data($0.1.utf8)) }
      }
      // In English a page changes only what speaks of commands.
      let english = try #require(try await pairs("en"))
      #expect(english.count == ProblemText.allCases.filter { $0.onPage != nil }.count && english.allSatisfy { $0[0] != $0[1] })
      let spanish = try #require(try await pairs("es"))
      #expect(spanish.count > 60 && spanish.allSatisfy { $0.count == 2 })
      #expect(spanish.contains([ProblemText.cutShort.phrase.english, ProblemText.cutShort.phrase.spanish]))
    }
  }

  @Test func `what a card says is pairs of templates, and the models page in Spanish brings them`() async throws {
    for phrase in CardText.phrases {
      func values(_ text: String) -> Set<Substring> { Set(text.matches(of: /[%#][1-9]/).map(\.output)) }
      #expect(values(phrase.spanish) == values(phrase.english) && phrase.english != phrase.spanish, "\(phrase)")
    }
    #expect(Set(CardText.phrases.map(\.english)).count == CardText.phrases.count)
    try await Self.signedIn { server, headers in
      for (language, brings) in [("es", true), ("en", false)] {
        let page = try await server.send("GET", "/models", as: nil, headers: headers.merging(["Accept-Language": language]) { $1 })
        #expect(page.text.contains("id=\"card-sentences\"") == brings)
      }
    }
  }

  @Test func `documents that whoever starts the server gives are shown, in the reader's language`() async throws {
    let documents = ProjectDocuments(
      ladder: { _, language in
        Document(language: language, title: "", sections: [.init("rungs <\(language.rawValue)>", [.paragraph("three")])])
      },
      card: { version, files, language in
        guard files[.scores] != nil else { return nil }
        return Document(language: language, title: "", sections: [.init("card of \(version.reference)", [])])
      })
    try await TestServer.with(documents: documents) { server in
      let registry = ModelRegistry(store: try RunStore(at: server.server.room.options.store))
      let file = server.server.room.options.store.appending(path: "model")
      for number in 1...2 {
        try Data("model \(number)".utf8).write(to: file)
        let files = number == 1 ? [ModelVersion.Role.model: file, .scores: file] : [.model: file]
        _ = try registry.register(files, as: "kidney", identity: ContentDigest(of: "model \(number)"))
      }
      let headers = ["Cookie": try await SigningInTests.signIn(server, as: .reader).cookie]
      func page(_ path: String, _ language: String = "en") async throws -> Wire.Answer {
        try await server.send("GET", path, as: nil, headers: headers.merging(["Accept-Language": language]) { $1 })
      }
      #expect(try await page("/ladder", "es").text.contains("rungs &lt;es&gt;"))
      let first = try await page("/models/kidney/1").text
      #expect(first.contains("card of kidney:1") && first.contains("data-promotes=\"false\""))
      #expect(try await page("/models/kidney/1").text == first)
      #expect(try await page("/models/kidney/2").text.contains("nefro models register"))
      for path in ["/models/kidney/3", "/models/nothing/1", "/models/kidney/x"] {
        let missing = try await page(path, "es")
        #expect(missing.status == 404 && missing.text.contains("No hay nada con ese nombre"))
      }
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
      for path in ["/nothing", "/assets/..%2Fsecret", "/api/v1/nothing"] {
        let answer = try await server.send("GET", path, as: nil)
        #expect(answer.status == 404)
        #expect(try answer.json()["code"] as? String == "not_found", "\(path)")
      }
      let browser = ["Accept": "text/html,*/*;q=0.8", "Accept-Language": "es"]
      let page = try await server.send("GET", "/nothing", as: nil, headers: browser)
      #expect(page.status == 404 && page.text.contains("No hay nada con ese nombre"))
      #expect(page.headers["content-security-policy"]?.contains("script-src 'self'") == true)
      let called = try await server.send("GET", "/api/v1/nothing", as: nil, headers: browser)
      #expect(try called.json()["code"] as? String == "not_found")
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
