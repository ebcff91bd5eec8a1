import Foundation
import Serving
import TestSupport
import Testing
import UnixSignals

@Suite(.timeLimit(.minutes(5)))
struct TrainingRouteTests {
  /// A program in `train`'s place that says what it was asked, and goes on for as long as the file `busy` is there.
  private static let script = """
    #!/bin/sh
    echo "asked: $*"
    echo "Epoch 1/2: training loss 0.5000, accuracy 0.7000"
    line=$(printf %400s "" | tr " " x)
    number=0
    while [ -e loud ]; do number=$((number + 1)); echo "$number $line"; done
    while [ -e busy ]; do sleep 0.05; done
    [ -e broken ] && { echo "There is no data."; exit 1; }
    echo "Run 0123abcd; 'nefro runs show 0123abcd' tells all of it."
    """

  private static func with(
    busy: Bool = false, broken: Bool = false, loud: Bool = false, answerSeconds: Int64 = 60, signals: [UnixSignal] = [],
    _ body: @escaping @Sendable (TestServer, URL) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let program = folder.appending(path: "program")
      try script.write(to: program, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
      if busy { try Data().write(to: folder.appending(path: "busy")) }
      if broken { try Data().write(to: folder.appending(path: "broken")) }
      if loud { try Data().write(to: folder.appending(path: "loud")) }
      var limits = ServingLimits()
      limits.pulseSeconds = 1
      limits.answerSeconds = answerSeconds
      try await TestServer.with(limits: limits, project: folder, program: program, signals: signals) {
        try await body($0, folder)
      }
    }
  }

  private static func start(
    _ server: TestServer, _ body: [String: Any] = [:], as role: Role = .operator
  ) async throws -> Wire.Answer {
    let data = try Bodies.json(body)
    return try await server.send("POST", "/api/v1/jobs", as: role, type: "application/json", body: data)
  }

  /// The job after it has ended.
  private static func ended(_ server: TestServer, _ id: String) async throws -> [String: Any] {
    while true {
      let job = try await server.send("GET", "/api/v1/jobs/\(id)", as: .operator).json()
      if job["state"] as? String != "running" { return job }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  @Test func `a training runs as a process of its own, and what it says is kept`() async throws {
    try await Self.with { server, _ in
      let before = server.server.room.models.current.identity
      let answer = try await Self.start(server, ["parameters": ["EPOCHS": "2", "SEED": "7"]])
      #expect(answer.status == 202)
      let id = try #require(try answer.json()["id"] as? String)
      #expect(answer.headers["location"] == "/api/v1/jobs/\(id)")
      let job = try await Self.ended(server, id)
      #expect(job["state"] as? String == "finished" && job["run"] as? String == "0123abcd")
      #expect(job["by"] as? String == "test operator" && job["ended"] != nil)
      let lines = try #require(job["lines"] as? [String])
      #expect(lines.count == 3)
      #expect(lines.first?.hasPrefix("asked: train --project ") == true)
      #expect(lines.first?.hasSuffix(" --set EPOCHS=2 --set SEED=7") == true)
      #expect(server.server.room.models.current.identity == before)
      var actions: [AuditEntry.Action] = []
      try server.server.room.audit.forEach { if $0.subject == id { actions.append($0.action) } }
      #expect(actions == [.trainingStarted, .trainingEnded])
      let listed = try await server.send("GET", "/api/v1/jobs", as: .operator)
      #expect((try listed.json()["jobs"] as? [Any])?.count == 1)
    }
  }

  @Test func `one runs at a time, and can be ended`() async throws {
    try await Self.with(busy: true) { server, folder in
      let id = try #require(try await Self.start(server).json()["id"] as? String)
      let second = try await Self.start(server)
      #expect(second.status == 409)
      #expect(try second.json()["code"] as? String == "training_runs")
      let cancelled = try await server.send("POST", "/api/v1/jobs/\(id)/cancel", as: .operator)
      #expect(cancelled.status == 202)
      let job = try await Self.ended(server, id)
      #expect(job["state"] as? String == "cancelled")
      #expect(try await server.send("POST", "/api/v1/jobs/\(id)/cancel", as: .operator).status == 409)
      // And another one may go on from where it was.
      try FileManager.default.removeItem(at: folder.appending(path: "busy"))
      let resumed = try #require(try await Self.start(server, ["resume": true]).json()["id"] as? String)
      let lines = try #require(try await Self.ended(server, resumed)["lines"] as? [String])
      #expect(lines.first?.contains(" --resume") == true)
    }
  }

  @Test func `what a training says is seen as it is said`() async throws {
    try await Self.with(busy: true) { server, folder in
      let id = try #require(try await Self.start(server).json()["id"] as? String)
      let text = try await Wire.talk { () -> String in
        let wire = try Wire(port: server.port)
        try wire.send(Wire.head("GET", "/api/v1/jobs/\(id)/events", port: server.port, token: server.token(.operator)))
        let first = try wire.text(until: "event: line\ndata: Epoch 1/2: training loss 0.5000, accuracy 0.7000\n\n")
        try FileManager.default.removeItem(at: folder.appending(path: "busy"))
        return try first + wire.text(until: "event: ended\ndata: {")
      }
      #expect(text.contains("text/event-stream"))
      #expect(text.contains("data: Run 0123abcd;"))
      // One that has ended is told whole, too.
      _ = try await Self.ended(server, id)
      let later = try await Wire.talk { () -> String in
        let wire = try Wire(port: server.port)
        try wire.send(Wire.head("GET", "/api/v1/jobs/\(id)/events", port: server.port, token: server.token(.operator)))
        return try wire.text(until: "event: ended\ndata: {")
      }
      #expect(later.contains("data: Epoch 1/2"))
    }
  }

  @Test func `a stream of events ends with the token that opened it`() async throws {
    try await Self.with(busy: true) { server, folder in
      let id = try #require(try await Self.start(server).json()["id"] as? String)
      let store = server.server.room.tokens
      var generator = SystemRandomNumberGenerator()
      let token = try store.create(name: "watcher", role: .operator, by: "test", using: &generator)
      let text = try await Wire.talk { () -> String in
        let wire = try Wire(port: server.port)
        try wire.send(Wire.head("GET", "/api/v1/jobs/\(id)/events", port: server.port, token: token.secret))
        // It goes on for as long as the token does.
        _ = try wire.text(until: ": \n\n")
        try store.revoke(token.id, by: "test")
        // The last piece, of no length.
        return try wire.text(until: "0\r\n\r\n")
      }
      #expect(!text.contains("event: ended"))
      #expect(server.server.room.options.limits.pulseSeconds == 1)
      try FileManager.default.removeItem(at: folder.appending(path: "busy"))
      _ = try await Self.ended(server, id)
    }
  }

  /// A client that opens the stream of a loud training with a token and reads nothing, until the server waits for it.
  private static func deafClient(_ server: TestServer, token: String) async throws -> (id: String, wire: Wire) {
    let id = try #require(try await Self.start(server).json()["id"] as? String)
    let wire = try await Wire.talk { () -> Wire in
      let wire = try Wire(port: server.port, room: 4096)
      try wire.send(Wire.head("GET", "/api/v1/jobs/\(id)/events", port: server.port, token: token))
      return wire
    }
    // Forty thousand lines, sixteen megabytes, are more than any socket keeps.
    try await BusyNetwork.until("it is loud") {
      let lines = try await server.send("GET", "/api/v1/jobs/\(id)", as: .operator).json()["lines"] as? [String]
      return (lines?.last?.split(separator: " ").first.flatMap { Int($0) } ?? 0) > 40_000
    }
    return (id, wire)
  }

  @Test func `a stream of events whose client reads nothing ends with its token, too`() async throws {
    try await Self.with(loud: true) { server, folder in
      let store = server.server.room.tokens
      var generator = SystemRandomNumberGenerator()
      let token = try store.create(name: "watcher", role: .operator, by: "test", using: &generator)
      let (id, wire) = try await Self.deafClient(server, token: token.secret)
      try await Task.sleep(for: .seconds(3))
      #expect(try wire.isOpenAtServer(port: server.port), "as long as the token is valid and there is time")
      try store.revoke(token.id, by: "test")
      // One pulse until it is noticed, and one for the client to take the end: two seconds here.
      try await BusyNetwork.until("the connection is closed") { try !wire.isOpenAtServer(port: server.port) }
      try FileManager.default.removeItem(at: folder.appending(path: "loud"))
      #expect(try await Self.ended(server, id)["state"] as? String == "finished")
    }
  }

  @Test func `a stream of events is not kept for a client that reads nothing`() async throws {
    try await Self.with(loud: true, answerSeconds: 2) { server, folder in
      let (id, wire) = try await Self.deafClient(server, token: server.token(.operator))
      try await BusyNetwork.until("the connection is closed") { try !wire.isOpenAtServer(port: server.port) }
      try FileManager.default.removeItem(at: folder.appending(path: "loud"))
      #expect(try await Self.ended(server, id)["state"] as? String == "finished")
    }
  }

  @Test func `a server that is told to end does not wait for a client that reads nothing`() async throws {
    // One that nobody else is sent, in place of SIGTERM.
    try await Self.with(loud: true, signals: [.sigusr2]) { server, _ in
      #expect(server.server.room.options.limits.drainSeconds == 60)
      let (_, wire) = try await Self.deafClient(server, token: server.token(.operator))
      #expect(try wire.isOpenAtServer(port: server.port))
      let start = ContinuousClock.now
      kill(getpid(), SIGUSR2)
      try await BusyNetwork.until("the server has ended") { server.hasEnded }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      // It stays for a pulse, in case the client takes the end after all.
      let isOpen = try wire.isOpenAtServer(port: server.port)
      #expect(seconds < 30 && !isOpen, "\(seconds) s")
    }
  }

  @Test func `a training is ended by nobody without a trace, also where there was nothing to end`() async throws {
    try await Self.with(busy: true) { server, folder in
      let id = try #require(try await Self.start(server).json()["id"] as? String)
      #expect(try await server.send("POST", "/api/v1/jobs/\(id)/cancel", as: .operator).status == 202)
      _ = try await Self.ended(server, id)
      #expect(try await server.send("POST", "/api/v1/jobs/\(id)/cancel", as: .administrator).status == 409)
      var actions: [AuditEntry.Action] = []
      try server.server.room.audit.forEach { if $0.subject == id { actions.append($0.action) } }
      #expect(actions.filter { $0 == .trainingEnded }.count == 1)
      let asked = actions.filter { $0 != .trainingEnded }
      #expect(asked == [.trainingStarted, .cancelAsked, .trainingCancelled, .cancelAsked, .cancelFailed])
    }
  }

  @Test func `a training that fails says why`() async throws {
    try await Self.with(broken: true) { server, _ in
      let id = try #require(try await Self.start(server).json()["id"] as? String)
      let job = try await Self.ended(server, id)
      #expect(job["state"] as? String == "failed")
      #expect((job["lines"] as? [String])?.last == "There is no data.")
    }
  }

  @Test func `the report's route answers with the job, to an operator alone`() async throws {
    try await Self.with { server, _ in
      #expect(try await server.send("POST", "/train", as: nil).status == 401)
      #expect(try await server.send("POST", "/train", as: .reader).status == 403)
      #expect(try await server.send("GET", "/train", as: .operator).status == 405)
      let answer = try await server.send("POST", "/train", as: .operator)
      #expect(answer.status == 202)
      let id = try #require(try answer.json()["id"] as? String)
      #expect(try await Self.ended(server, id)["state"] as? String == "finished")
    }
  }

  @Test(arguments: [
    ["EPOCHS=1 --project /": "1"], ["--set": "1"], ["": "1"], ["EPOCHS": "1\n2"],
    ["EPOCHS": String(repeating: "1", count: 201)],
  ])
  func `a parameter is a name and a printable value`(_ parameters: [String: String]) async throws {
    try await Self.with { server, _ in
      #expect(try await Self.start(server, ["parameters": parameters]).status == 400)
      let listed = try await server.send("GET", "/api/v1/jobs", as: .operator)
      #expect((try listed.json()["jobs"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func `a program that is not there is an error, and the next training may begin`() async throws {
    try await withTemporaryFolder { folder in
      try await TestServer.with(project: folder, program: folder.appending(path: "nothing")) { server in
        for _ in 0..<2 {
          let answer = try await Self.start(server)
          #expect(answer.status == 500)
        }
        let listed = try await server.send("GET", "/api/v1/jobs", as: .operator)
        let states = (try listed.json()["jobs"] as? [[String: Any]])?.compactMap { $0["state"] as? String }
        #expect(states == ["failed", "failed"])
      }
    }
  }
}
