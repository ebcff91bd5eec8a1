import Foundation
import Logging
import Serving
import Synchronization
import TestSupport
import UnixSignals

/// A real server on the loopback device, with a token of each role.
struct TestServer: Sendable {
  var port: Int
  var server: NefroServer
  var tokens: [Role: String]
  var log: CapturedLog
  private let end: Ending

  /// Whether it has ended by itself.
  var hasEnded: Bool { end.didCome.load(ordering: .relaxed) }

  private final class Ending: Sendable { let didCome = Atomic(false) }

  func token(_ role: Role) -> String { tokens[role]! }

  func send(
    _ method: String, _ path: String, as role: Role? = .reader, type: String? = nil, body: Data = Data(),
    headers: [String: String] = [:]
  ) async throws -> Wire.Answer {
    try await Wire.send(
      method, path, port: port, token: role.map { tokens[$0]! }, type: type, body: body, headers: headers)
  }

  /// Runs `body` with a server that is stopped afterwards.
  ///
  /// - Parameter signals: to the process of the tests, which tell the server to end.
  static func with(
    model: ModelSource = SmallModels.source(), limits: ServingLimits = ServingLimits(), legacyOpen: Bool = false,
    behindProxy: Bool = false, project: URL? = nil, program: URL = URL(filePath: "/bin/false"),
    tls: (certificate: URL, key: URL)? = nil, clock: @escaping @Sendable () -> Date = { Date() },
    documents: ProjectDocuments = ProjectDocuments(), signals: [UnixSignal] = [], _ body: @Sendable (TestServer) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { temporary in
      let log = CapturedLog()
      var limits = limits
      // A server that does not end shows as a test that hangs: the framework's trap would take the others along.
      limits.cancellationSeconds = 3600
      let options = ServingOptions(
        port: 0, certificate: tls?.certificate, key: tls?.key, behindProxy: behindProxy, legacyOpen: legacyOpen,
        store: temporary, project: project ?? temporary, program: program, limits: limits, clock: clock,
        logger: log.logger)
      let server = try NefroServer(options, model: model, documents: documents)
      var tokens: [Role: String] = [:]
      var generator = SystemRandomNumberGenerator()
      for role in Role.allCases {
        tokens[role] = try server.room.tokens.create(
          name: "test \(role.rawValue)", role: role, by: "test", using: &generator
        ).secret
      }
      let end = Ending()
      let (ports, ready) = AsyncStream.makeStream(of: Int.self)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          defer {
            end.didCome.store(true, ordering: .relaxed)
            ready.finish()
          }
          try await server.run(signals: signals) { port in
            ready.yield(port)
            ready.finish()
          }
        }
        guard let port = await ports.first(where: { _ in true }) else {
          // It never listened: its error tells why.
          return try await group.waitForAll()
        }
        try await body(TestServer(port: port, server: server, tokens: tokens, log: log, end: end))
        group.cancelAll()
        // How it ends when it is cancelled is not what these tests are about.
        try? await group.waitForAll()
      }
    }
  }
}

/// Everything that a server logs.
final class CapturedLog: Sendable {
  private let lines = Mutex<[String]>([])

  var text: String { lines.withLock { $0.joined() } }

  var logger: Logger {
    Logger(label: "test") { [self] _ in
      JSONLineLogHandler(level: .trace) { line in self.lines.withLock { $0.append(line) } }
    }
  }
}
