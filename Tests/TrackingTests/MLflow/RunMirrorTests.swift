import Evaluation
import Foundation
import LoopbackServers
import TestSupport
import Testing
import Tracking
import Transfers

/// Mirroring against a service in memory; against MLflow itself in `MLflowServersTests`.
@Suite(.timeLimit(.minutes(3)))
struct RunMirrorTests {
  private static let settings = APIClient.Settings(
    // Longer than a loaded machine lets a loopback server wait: a call given up too early is sent twice.
    connectTimeout: .seconds(60), idleTimeout: .seconds(120),
    retries: RetryPolicy(attempts: 2, firstDelay: .milliseconds(5), maximumDelay: .milliseconds(20)))

  private static func record(_ store: RunStore, _ folder: URL) throws -> RunID {
    let recorder = try store.begin(.train, name: "one", parameters: ["EPOCHS": "2"])
    try recorder.log((1...3).map { MetricPoint(key: "loss", step: $0, time: Date(), value: 1 / Double($0 + 1)) })
    let file = folder.appending(path: "f.txt")
    try Data("x".utf8).write(to: file)
    try recorder.add(file, as: "scores/f.txt")
    try recorder.finish()
    return recorder.id
  }

  private static func with(
    _ fake: FakeTracking, answering: (@Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Answer?)? = nil,
    _ body: (RunStore, MLflowServer, URL) async throws -> Void
  ) async throws {
    try await LoopbackServer.with({ request, number in answering?(request, number) ?? fake.answer(request) }) {
      loopback in
      try await withTemporaryFolder { folder in
        let server = try MLflowServer(
          uri: loopback.url("/ana/kidney.mlflow").absoluteString, user: "ana", password: "pw")
        try await body(RunStore(at: folder.appending(path: "store")), server, folder)
      }
    }
  }

  private static func synchronize(_ id: RunID, _ store: RunStore, _ server: MLflowServer) async throws -> MirrorReport {
    try await RunMirror.with(store, server, settings: settings) { try await $0.synchronize(id) }
  }

  @Test func `a run on the server is not written again, and what was added later is`() async throws {
    let fake = FakeTracking()
    try await Self.with(fake) { store, server, folder in
      let recorder = try store.begin(.train, name: "two")
      try recorder.log([MetricPoint(key: "loss", step: 1, time: Date(), value: 1)])
      #expect(try await Self.synchronize(recorder.id, store, server).points == 1)
      #expect(try await Self.synchronize(recorder.id, store, server).sentNothing)
      try recorder.log([MetricPoint(key: "loss", step: 2, time: Date(), value: 0.5)])
      try recorder.finish()
      #expect(try await Self.synchronize(recorder.id, store, server).points == 1)
      #expect(fake.runs.count == 1 && fake.runs[0].points == ["loss 1 1", "loss 2 0.5"])
    }
  }

  @Test func `a run whose creation was answered by nobody is found again`() async throws {
    let fake = FakeTracking()
    try await Self.with(
      fake,
      answering: { request, _ in
        guard request.path.hasSuffix("runs/create"), fake.runs.isEmpty else { return nil }
        _ = fake.answer(request)
        return LoopbackServer.Answer(ending: .unanswered)
      }
    ) { store, server, folder in
      let id = try Self.record(store, folder)
      #expect(try await Self.synchronize(id, store, server).points == 3)
      #expect(fake.runs.count == 1 && fake.runs[0].status == "FINISHED")
    }
  }

  @Test(arguments: [true, false])
  func `points whose answer was lost are looked for before they are sent again`(_ arrived: Bool) async throws {
    let fake = FakeTracking()
    try await Self.with(
      fake,
      answering: { request, _ in
        let isFirst = fake.runs.first?.points.isEmpty == true && !fake.state.withLock { $0.calls.contains("lost") }
        guard request.path.hasSuffix("log-batch"), isFirst,
          String(decoding: request.body, as: UTF8.self).contains("loss")
        else { return nil }
        if arrived { _ = fake.answer(request) }
        fake.state.withLock { $0.calls.append("lost") }
        return LoopbackServer.Answer(ending: .unanswered)
      }
    ) { store, server, folder in
      let id = try Self.record(store, folder)
      #expect(try await Self.synchronize(id, store, server).points == (arrived ? 0 : 3))
      #expect(fake.runs[0].points == ["loss 1 0.5", "loss 2 0.3333333333333333", "loss 3 0.25"])
      #expect(fake.state.withLock { $0.calls.contains("metrics/get-history") })
    }
  }

  @Test func `a wrong password stops everything with one clear error, and the run waits`() async throws {
    let fake = FakeTracking(password: "other")
    try await Self.with(fake) { store, server, folder in
      let id = try Self.record(store, folder)
      await #expect(throws: MLflowError.loginRefused(server: server.name)) {
        _ = try await RunSynchronization.run([.run(id)], of: store, to: server, settings: Self.settings) { _, _ in }
      }
      #expect(try store.runsWaiting(for: server) == [id])
    }
  }

  @Test func `artifacts that cannot go through the server are refused by name, all else is there`() async throws {
    let fake = FakeTracking(artifacts: "s3://bucket/1")
    try await Self.with(fake) { store, server, folder in
      let id = try Self.record(store, folder)
      await #expect(throws: MLflowError.artifactStoreUnsupported(server: server.name, scheme: "s3")) {
        try await Self.synchronize(id, store, server)
      }
      #expect(fake.runs.first?.points.count == 3 && fake.runs.first?.status == "FINISHED")
    }
  }

  @Test func `a run that another repository owns is refused by name`() async throws {
    let fake = FakeTracking()
    try await Self.with(
      fake,
      answering: { request, _ in
        request.path.hasSuffix("log-batch") ? .json("{\"message\":\"repo not associated with run\"}", .forbidden) : nil
      }
    ) { store, server, folder in
      let id = try Self.record(store, folder)
      await #expect(throws: MLflowError.forbidden(server: server.name, message: "repo not associated with run")) {
        try await Self.synchronize(id, store, server)
      }
    }
  }

  /// Nil: the connection is closed without an answer.
  @Test(arguments: [500, 404, 503, nil] as [Int?])
  func `a server that cannot list models is let be, one that is away for a while is not`(_ status: Int?) async throws {
    let fake = FakeTracking()
    try await Self.with(
      fake,
      answering: { request, _ in
        guard request.path.hasSuffix("log-model") else { return nil }
        return status.map { LoopbackServer.Answer(status: .init(statusCode: $0)) } ?? .init(ending: .unanswered)
      }
    ) { store, server, folder in
      let recorder = try store.begin(.train, name: "six")
      let file = folder.appending(path: "f")
      try Data("flavors:\n  onnx:\n    data: x\n".utf8).write(to: file)
      try recorder.add(file, as: "model/MLmodel")
      try recorder.finish()
      do {
        let report = try await Self.synchronize(recorder.id, store, server)
        #expect([500, 404].contains(status) && report.notes.count == 1 && report.notes[0].contains("did not list the model 'model'"))
        #expect(fake.runs.first?.status == "FINISHED")
      } catch {
        #expect([503, nil].contains(status) && RunMirror.isTransient(error))
      }
    }
  }

  @Test func `a server that has lost a run gets it again`() async throws {
    let fake = FakeTracking()
    try await Self.with(fake) { store, server, folder in
      let id = try Self.record(store, folder)
      _ = try await Self.synchronize(id, store, server)
      fake.state.withLock { $0.runs = [] }
      #expect(try await Self.synchronize(id, store, server).points == 3)
      #expect(fake.runs.count == 1)
    }
  }

  @Test func `training beside a server that is away ends in time, and says that a run waits`() async throws {
    let closed = try await LoopbackServer.with({ _, _ in .init() }) { $0.url("") }
    try await withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      let server = try MLflowServer(uri: closed.absoluteString)
      let mirror = BackgroundMirror(store: store, server: server, settings: Self.settings, interval: .milliseconds(50))
      let recorder = try store.begin(.train, name: "three")
      try mirror.follow(recorder.id)
      try recorder.log([MetricPoint(key: "loss", step: 1, time: Date(), value: 1)])
      try recorder.finish()
      // Time enough for a first try on a busy machine: a refused connection is known at once.
      let start = ContinuousClock.now
      let summary = await mirror.finish(within: .seconds(20))
      #expect(ContinuousClock.now - start < .seconds(240))
      #expect(summary.waitingRuns == 1 && summary.reason?.contains("Cannot reach") == true)
      #expect(
        summary.lines.count == 1 && summary.lines[0].hasPrefix("1 run waits for \(server.name): nefro runs sync\n"))
      #expect(try store.details(of: recorder.id).run.status == .finished)
    }
  }

  @Test func `training beside a silent server ends in time`() async throws {
    try await LoopbackServer.with({ _, _ in .init(body: [1], ending: .silent(after: 0)) }) { loopback in
      try await withTemporaryFolder { folder in
        let store = try RunStore(at: folder.appending(path: "store"))
        let settings = APIClient.Settings(idleTimeout: .seconds(60))
        let mirror = BackgroundMirror(
          store: store, server: try MLflowServer(uri: loopback.url("").absoluteString), settings: settings)
        let recorder = try store.begin(.train, name: "four")
        try mirror.follow(recorder.id)
        try recorder.finish()
        let start = ContinuousClock.now
        #expect(await mirror.finish(within: .milliseconds(300)).waitingRuns == 1)
        #expect(ContinuousClock.now - start < .seconds(20))
      }
    }
  }

  @Test func `a run is there while it goes on, and whole when it ends`() async throws {
    let fake = FakeTracking()
    try await Self.with(fake) { store, server, folder in
      let mirror = BackgroundMirror(store: store, server: server, settings: Self.settings, interval: .milliseconds(20))
      let recorder = try store.begin(.train, name: "five")
      try mirror.follow(recorder.id)
      try recorder.log([MetricPoint(key: "loss", step: 1, time: Date(), value: 1)])
      for _ in 0..<500 where fake.runs.first?.points.count != 1 { try await Task.sleep(for: .milliseconds(20)) }
      #expect(fake.runs.first?.points == ["loss 1 1"] && fake.runs.first?.status == "RUNNING")
      try recorder.finish()
      let summary = await mirror.finish(within: .seconds(20))
      #expect(summary.waitingRuns == 0 && summary.reason == nil && summary.notes.isEmpty)
      #expect(fake.runs.first?.status == "FINISHED")
    }
  }

  @Test func `two that mirror the same run at once make one run of it`() async throws {
    let fake = FakeTracking()
    try await Self.with(fake) { store, server, folder in
      let id = try Self.record(store, folder)
      async let first = Self.synchronize(id, store, server)
      async let second = Self.synchronize(id, RunStore(at: store.folder), server)
      let points = try await [first.points, second.points]
      #expect(points.sorted() == [0, 3])
      #expect(fake.runs.count == 1 && fake.runs[0].points.count == 3)
    }
  }

  @Test func `only runs recorded for a server wait for it`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      let server = try MLflowServer(uri: "http://127.0.0.1:1")
      let ids = [try Self.record(store, folder), try Self.record(store, folder)]
      try store.enroll(ids[1], on: server)
      #expect(try store.runsWaiting(for: server) == [ids[1]])
      #expect(try store.runsWaiting(for: server, all: true) == ids)
    }
  }
}
