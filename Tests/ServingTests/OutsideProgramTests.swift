import Foundation
import Serving
import TestSupport
import Testing

/// Programs of others against the server: a browser, and a tester of APIs.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct OutsideProgramTests {
  private static let hasBrowser = ["/usr/bin/chromium", "/usr/bin/chromedriver"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(
    .enabled(if: hasBrowser, "SKIPPED: no chromium and chromium-driver of Debian"),
    .enabled(if: PythonTools.named("browser") != nil, "SKIPPED: no Python environment 'browser'"))
  func `a person walks through every page, with keys alone too, and axe finds nothing`() async throws {
    let tools = try #require(PythonTools.named("browser"))
    try await withTemporaryFolder { folder in
      let pictures = try (0..<4).map { number in
        let url = folder.appending(path: "picture \(number).png")
        try SmallModels.png(number, side: 200 + 20 * number).write(to: url)
        return url.path
      }
      try await TestServer.with { server in
        let output = try await Wire.talk {
          try Program.run(
            tools.program("python"),
            [
              packageRoot.appending(path: "Tests/tools/page_walk.py").path, "--url", "http://127.0.0.1:\(server.port)",
              "--token", server.token(.operator),
            ] + pictures)
        }
        #expect(output.contains("the walk is done"))
      }
    }
  }

  @Test(.enabled(if: PythonTools.named("serving") != nil, "SKIPPED: no Python environment 'serving'"))
  func `a tester of APIs finds no answer that the document does not describe`() async throws {
    let tools = try #require(PythonTools.named("serving"))
    let examples = TestRun.isFull ? 100 : 5
    // It keeps notes where it works.
    try await withTemporaryFolder { folder in
      try await TestServer.with { server in
        let url = "http://127.0.0.1:\(server.port)/api/v1/openapi.json"
        let output = try await Wire.talk {
          try Program.run(
            tools.program("schemathesis"),
            [
              "run", url, "--header", "Authorization: Bearer \(server.token(.administrator))", "--checks", "all",
              "--max-examples", "\(examples)", "--seed", "1", "--generation-database", "none", "--no-color",
              // A text that is a string for the document is no picture yet.
              "--exclude-checks", "positive_data_acceptance",
            ], in: folder)
        }
        print(output.split(separator: "\n").suffix(12).joined(separator: "\n"))
        #expect(try await server.send("GET", "/healthz", as: nil).status == 200)
      }
    }
  }
}
