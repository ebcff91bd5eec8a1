import Foundation
import Logging
import LoopbackServers
import NIOHTTP1
import TestSupport
import Testing
import Transfers

/// Marked secrets are pushed through every way of failing; neither error, log nor disk may show them.
@Suite(.timeLimit(.minutes(2)))
struct SecretsTests {
  private static let mark = "MARKEDSECRET"

  private struct CapturingHandler: LogHandler {
    let lines: Recorder<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.append("\(event.message) \(event.metadata ?? [:])") }
  }

  private static let answers: [(String, LoopbackServer.Answer)] = [
    ("refused", .init(status: .forbidden)), ("unavailable", .init(status: .serviceUnavailable)),
    ("asked to wait", .init(status: .tooManyRequests, headers: [("retry-after", "9999")])),
    ("redirect to file", .redirect(to: "file:///\(mark)")), ("redirect to nowhere", .init(status: .found)),
    ("circle", .redirect(to: "/circle?token=\(mark)")), ("page", .page("<html>")),
    ("cut", .init(headers: [("etag", "\"1\"")], body: archiveBytes(5000), ending: .cut(after: 1000))),
    ("too large", .init(body: archiveBytes(5000))), ("part", .init(status: .partialContent, body: [1])),
    ("wrong digest", .init(body: archiveBytes(10))),
  ]

  @Test(arguments: answers.map(\.0))
  func `no failure shows a secret`(_ name: String) async throws {
    let answer = try #require(Self.answers.first { $0.0 == name }).1
    let lines = Recorder<String>()
    let logger = Logger(label: "test") { _ in CapturingHandler(lines: lines) }
    try await LoopbackServer.with({ _, _ in answer }) { server in
      try await withTemporaryFolder { folder in
        let url = try #require(URL(string: "http://ana:\(Self.mark)@127.0.0.1:\(server.port)/x?token=\(Self.mark)"))
        let request = DownloadRequest(
          url: url, headers: ["X-Key": Self.mark], expectedSHA256: .init(of: "x"), maximumBytes: 4000)
        let error = await transferError {
          try await Downloader(retries: RetryPolicy(attempts: 2), clock: TestClock().transferClock, logger: logger)
            .download(request, to: folder.appending(path: "f"))
        }
        let shown = try #require(error)
        // The cut one goes on to be resumed and fails for its size; every answer fails in some way.
        for text in ["\(shown)", String(reflecting: shown), lines.values.joined(separator: "\n")] {
          #expect(!text.contains(Self.mark), "\(text)")
        }
        for file in contents(folder) {
          let text = String(decoding: try Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
          #expect(!text.contains(Self.mark), "\(file)")
        }
        if ["unavailable"].contains(name) { #expect(!lines.values.isEmpty, "the log is not even written") }
        let sent = server.requests.first?.header("authorization")
        #expect(sent == "Basic \(Data("ana:\(Self.mark)".utf8).base64EncodedString())", "it was really sent")
      }
    }
  }

  @Test(arguments: ["token", "value", "name"])
  func `a field that HTTP cannot carry is refused without showing it`(_ place: String) async throws {
    try await LoopbackServer.with({ _, _ in .init() }) { server in
      try await withTemporaryFolder { folder in
        let text = "\(Self.mark)\r\nX: y"
        var request = DownloadRequest(url: server.url("/"))
        switch place {
        case "token": request.credentials = .bearer(token: text, for: server.url("/"))
        case "value": request.headers["X-Key"] = text
        default: request.headers[text] = "x"
        }
        let asked = request
        let error = await transferError { try await Downloader().download(asked, to: folder.appending(path: "f")) }
        guard case .invalidAddress? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(error?.description.contains(Self.mark) == false)
        #expect(server.requests.isEmpty)
      }
    }
  }
}
