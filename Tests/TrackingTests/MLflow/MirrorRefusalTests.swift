import Digests
import Foundation
import LoopbackServers
import Synchronization
import TestSupport
import Testing
import Tracking
import Transfers

/// What a server will not take of a run, or of several, and what becomes of the rest.
@Suite(.timeLimit(.minutes(3)))
struct MirrorRefusalTests {
  private typealias Answer = LoopbackServer.Answer

  private static let settings = APIClient.Settings(
    connectTimeout: .seconds(60), idleTimeout: .seconds(120),
    retries: RetryPolicy(attempts: 2, firstDelay: .milliseconds(5), maximumDelay: .milliseconds(20)))

  private static func record(
    _ store: RunStore, _ folder: URL, files: [String] = ["a.txt", "b.txt"], tags: [String: String] = [:]
  ) throws -> RunID {
    let recorder = try store.begin(.train, name: "one", parameters: ["EPOCHS": "2"], tags: tags)
    try recorder.log([MetricPoint(key: "loss", step: 1, time: Date(), value: 0.5)])
    for name in files {
      let file = folder.appending(path: "f")
      try Data("content of \(name) in \(recorder.id)".utf8).write(to: file)
      try recorder.add(file, as: name)
    }
    try recorder.finish()
    return recorder.id
  }

  private static func with(
    _ fake: FakeTracking, answering: @escaping @Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Answer?,
    _ body: (RunStore, MLflowServer, URL) async throws -> Void
  ) async throws {
    try await LoopbackServer.with({ request, number in answering(request, number) ?? fake.answer(request) }) { loopback in
      try await withTemporaryFolder { folder in
        let server = try MLflowServer(
          uri: loopback.url("/ana/kidney.mlflow").absoluteString, user: "ana", password: "pw")
        try await body(RunStore(at: folder.appending(path: "store")), server, folder)
      }
    }
  }

  private static func synchronize(_ id: RunID, _ store: RunStore, _ server: MLflowServer) async throws -> MirrorReport {
    try await synchronize(.run(id), store, server)
  }

  private static func synchronize(
    _ subject: MirrorSubject, _ store: RunStore, _ server: MLflowServer
  ) async throws -> MirrorReport {
    try await RunMirror.with(store, server, settings: settings) { try await $0.synchronize(subject) }
  }

  private static func failure(_ id: RunID, _ store: RunStore, _ server: MLflowServer) async -> (any Error)? {
    await failure(.run(id), store, server)
  }

  private static func failure(_ subject: MirrorSubject, _ store: RunStore, _ server: MLflowServer) async -> (any Error)? {
    do {
      _ = try await synchronize(subject, store, server)
      return nil
    } catch {
      return error
    }
  }

  /// A run with a registered model.
  private static func register(_ store: RunStore, _ folder: URL) throws -> RunID {
    let id = try record(store, folder)
    let file = folder.appending(path: "m")
    try Data("model".utf8).write(to: file)
    _ = try ModelRegistry(store: store).register(
      [.model: file], as: "kidney", identity: ContentDigest(of: "model"), run: id)
    return id
  }

  @Test(arguments: [
    ("artifacts/1/a.txt", 413), ("artifacts/1/a.txt", 403), ("runs/log-inputs", 400), ("artifacts/1/a.txt", 500),
  ])
  func `what is refused of a run keeps neither the rest nor its end away`(call: String, status: Int) async throws {
    let fake = FakeTracking()
    try await Self.with(
      fake,
      answering: { request, _ in
        guard request.path.hasSuffix(call) else { return nil }
        return status == 413
          ? .page("<html><title>Too large</title>", .init(statusCode: status))
          : .json("{\"message\":\"no\"}", .init(statusCode: status))
      }
    ) { store, server, folder in
      let id = try Self.record(store, folder, tags: ["data.digest": "d"])
      let error = try #require(await Self.failure(id, store, server) as? MLflowError)
      switch (error, status) {
      case (.forbidden, 403), (.refused(_, status, _, _), _), (.unavailable(_, 500, _), 500): break
      default: #expect(Bool(false), "\(error)")
      }
      #expect(fake.runs.first?.status == "FINISHED" && fake.runs.first?.points.count == 1)
      #expect(fake.state.withLock { $0.files.keys.contains("1/b.txt") }, "the other file is there")
      #expect(try store.runsWaiting(for: server, all: true) == [id], "and the run waits")
    }
  }

  @Test(arguments: [("registered-models/create", 403), ("model-versions/create", 400), ("registered-models/create", 500)])
  func `what a registry refuses waits, and the run is there without it`(call: String, status: Int) async throws {
    let (fake, registry) = (FakeTracking(), FakeRegistry())
    try await Self.with(
      fake,
      answering: { request, _ in
        guard request.path.hasSuffix(call) else { return registry.answer(request) }
        return .json("{\"message\":\"no\"}", .init(statusCode: status))
      }
    ) { store, server, folder in
      let id = try Self.register(store, folder)
      _ = try await Self.synchronize(id, store, server)
      #expect(fake.runs.first?.status == "FINISHED")
      #expect(await Self.failure(.model("kidney"), store, server) is MLflowError)
      #expect(try store.runsWaiting(for: server, all: true).isEmpty)
      #expect(try store.modelsWaiting(for: server, all: true) == ["kidney"])
    }
  }

  @Test func `an artifact that is missing here is named, and the run has its end there`() async throws {
    let fake = FakeTracking()
    try await Self.with(fake, answering: { _, _ in nil }) { store, server, folder in
      let id = try Self.record(store, folder)
      let digest = ContentDigest(of: "content of a.txt in \(id)")
      try FileManager.default.removeItem(at: store.objects.url(of: digest))
      let error = await Self.failure(id, store, server)
      #expect(error as? TrackingError == .missingObject(digest: digest.hex, folder: store.objects.folder.path))
      #expect(fake.runs.first?.status == "FINISHED")
    }
  }

  @Test func `what is private stays here`() async throws {
    let fake = FakeTracking()
    try await Self.with(fake, answering: { _, _ in nil }) { store, server, folder in
      let id = try Self.record(store, folder, files: ["private/predictions.json", "private/a/b.txt", "shown.txt"])
      _ = try await Self.synchronize(id, store, server)
      #expect(fake.state.withLock { Array($0.files.keys) } == ["1/shown.txt"])
    }
  }

  @Test func `a run that the server breaks over does not keep the later ones back`() async throws {
    let fake = FakeTracking()
    let poison = Mutex("")
    try await Self.with(
      fake,
      answering: { request, _ in
        let isPoison = String(decoding: request.body, as: UTF8.self).contains(poison.withLock { $0 })
        return request.path.hasSuffix("runs/create") && isPoison ? Answer(status: .internalServerError) : nil
      }
    ) { store, server, folder in
      let ids = try (0..<3).map { _ in try Self.record(store, folder) }
      poison.withLock { $0 = ids[0].text }
      var outcomes: [String] = []
      let failed = try await RunSynchronization.run(ids.map(MirrorSubject.run), of: store, to: server, settings: Self.settings) { _, outcome in
        if case .done = outcome { outcomes.append("done") } else { outcomes.append("failed") }
      }
      #expect(failed == 1 && outcomes == ["failed", "done", "done"])
      #expect(fake.runs.map(\.status) == ["FINISHED", "FINISHED"])
      #expect(try store.runsWaiting(for: server) == [ids[0]])
    }
  }

  @Test func `a server that breaks over everything stops all at the first run`() async throws {
    let fake = FakeTracking()
    try await Self.with(fake, answering: { _, _ in Answer(status: .serviceUnavailable) }) { store, server, folder in
      let ids = try (0..<3).map { _ in try Self.record(store, folder) }
      let told = Mutex(0)
      await #expect(throws: MLflowError.self) {
        _ = try await RunSynchronization.run(ids.map(MirrorSubject.run), of: store, to: server, settings: Self.settings) { _, _ in
          told.withLock { $0 += 1 }
        }
      }
      #expect(told.withLock { $0 } == 0)
    }
  }

  @Test func `a run that the server has lost still waits for it if it cannot be made again now`() async throws {
    let fake = FakeTracking()
    let isBroken = Mutex(false)
    try await Self.with(
      fake,
      answering: { request, _ in
        request.path.hasSuffix("runs/search") && isBroken.withLock { $0 } ? Answer(status: .internalServerError) : nil
      }
    ) { store, server, folder in
      let id = try Self.record(store, folder)
      _ = try await Self.synchronize(id, store, server)
      fake.state.withLock { $0.runs = [] }
      isBroken.withLock { $0 = true }
      #expect(await Self.failure(id, store, server) != nil)
      #expect(try store.runsWaiting(for: server) == [id])
      isBroken.withLock { $0 = false }
      #expect(try await Self.synchronize(id, store, server).files == 2, "its files are sent again, too")
    }
  }

  @Test func `of a run that was made twice the younger one is deleted`() async throws {
    let fake = FakeTracking()
    let deleted = Mutex<[String]>([])
    let late = Mutex<LoopbackServer.Request?>(nil)
    try await Self.with(
      fake,
      answering: { request, _ in
        if request.path.hasSuffix("runs/create"), fake.runs.isEmpty, late.withLock({ $0 == nil }) {
          // Given up, and done only after the caller has looked for it.
          late.withLock { $0 = request }
          return Answer(ending: .unanswered)
        }
        if request.path.hasSuffix("runs/log-inputs") || request.path.hasSuffix("runs/update") {
          if let request = late.withLock({ $0 }), fake.runs.count == 1 { _ = fake.answer(request) }
        }
        if request.path.hasSuffix("runs/delete") {
          let body = try? JSONDecoder().decode([String: String].self, from: Data(request.body))
          deleted.withLock { $0.append(body?["run_id"] ?? "") }
          return .json("{}")
        }
        return nil
      }
    ) { store, server, folder in
      let id = try Self.record(store, folder)
      _ = try await Self.synchronize(id, store, server)
      #expect(fake.runs.count == 2 && deleted.withLock { $0 } == ["r1"])
      #expect(fake.runs[0].status == "FINISHED" && fake.runs[0].points.count == 1)
    }
  }

  @Test func `of a version that was made twice the younger one is deleted`() async throws {
    let (fake, registry) = (FakeTracking(), FakeRegistry(unanswered: 1))
    try await Self.with(fake, answering: { request, _ in registry.answer(request) }) { store, server, folder in
      _ = try Self.register(store, folder)
      _ = try await Self.synchronize(.model("kidney"), store, server)
      #expect(registry.versions.withLock { $0 }.map(\.number) == [1])
      #expect(try await Self.synchronize(.model("kidney"), store, server).sentNothing)
      #expect(registry.versions.withLock { $0 }.map(\.number) == [1])
    }
  }

  @Test func `a version whose creation arrives after the command has ended goes the next time`() async throws {
    let (fake, registry) = (FakeTracking(), FakeRegistry())
    try await Self.with(fake, answering: { request, _ in registry.answer(request) }) { store, server, folder in
      _ = try Self.register(store, folder)
      _ = try await Self.synchronize(.model("kidney"), store, server)
      registry.versions.withLock { versions in
        var late = versions[0]
        late.number = 2
        versions.append(late)
      }
      _ = try await Self.synchronize(.model("kidney"), store, server)
      #expect(registry.versions.withLock { $0 }.map(\.number) == [1])
    }
  }

  @Test func `a version of the same run that a person made is left alone, and one that a person deleted stays away`()
    async throws
  {
    let (fake, registry) = (FakeTracking(), FakeRegistry())
    try await Self.with(fake, answering: { request, _ in registry.answer(request) }) { store, server, folder in
      _ = try Self.register(store, folder)
      _ = try await Self.synchronize(.model("kidney"), store, server)
      registry.versions.withLock { $0.append(.init(number: 2, run: "r0", tags: [:])) }
      _ = try await Self.synchronize(.model("kidney"), store, server)
      #expect(registry.versions.withLock { $0 }.map(\.number) == [1, 2])
      _ = registry.versions.withLock { $0.removeFirst() }
      let report = try await Self.synchronize(.model("kidney"), store, server)
      #expect(registry.versions.withLock { $0 }.map(\.number) == [2])
      #expect(report.notes.count == 1 && report.notes[0].contains("kidney:1 was deleted"))
    }
  }

  @Test func `a registry that answers any 404 is none`() async throws {
    let fake = FakeTracking()
    try await Self.with(
      fake,
      answering: { request, _ in
        request.path.hasSuffix("registered-models/create")
          ? .json("{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}", .notFound) : nil
      }
    ) { store, server, folder in
      _ = try Self.register(store, folder)
      let report = try await Self.synchronize(.model("kidney"), store, server)
      #expect(report.notes.count == 1 && report.notes[0].contains("no model registry"))
      #expect(fake.runs.first?.status == "FINISHED")
    }
  }

  @Test func `a run that a person deleted on the server does not come back, and waits no more`() async throws {
    let fake = FakeTracking()
    let isDeleted = Mutex(false)
    try await Self.with(
      fake,
      answering: { request, _ in
        guard request.path.hasSuffix("runs/get"), isDeleted.withLock({ $0 }) else { return nil }
        return .json(
          "{\"run\":{\"info\":{\"run_id\":\"r0\",\"experiment_id\":\"1\",\"lifecycle_stage\":\"deleted\"}}}")
      }
    ) { store, server, folder in
      let id = try Self.record(store, folder)
      _ = try await Self.synchronize(id, store, server)
      isDeleted.withLock { $0 = true }
      func calls() -> Int { fake.state.withLock { $0.calls.count { !$0.hasSuffix("version") } } }
      let before = calls()
      let error = await Self.failure(id, store, server)
      #expect(error as? MLflowError == .runDeleted(server: server.name, run: id.short))
      #expect(fake.runs.count == 1 && calls() == before, "nothing is written")
      #expect(try store.runsWaiting(for: server).isEmpty)
    }
  }

  @Test func `artifacts are not sent from https to http, and unchecked certificates are warned of`() async throws {
    let server = try MLflowServer(uri: "https://tracking.example.org")
    await #expect(throws: MLflowError.artifactsUnencrypted(server: server.name)) {
      try await MLflowClient.with(server) { try $0.artifactAddress("a", in: "http://store.example.org/1") }
    }
    let encrypted = try await MLflowClient.with(server) { try $0.artifactAddress("a", in: "mlflow-artifacts://other/1") }
    #expect(encrypted.scheme == "https")
    #expect(server.warning == nil)
    let careless = try MLflowServer.configured(
      environment: ["MLFLOW_TRACKING_URI": "https://ana:MARKED@x.org", "MLFLOW_TRACKING_INSECURE_TLS": "true"],
      home: URL(filePath: "/nowhere"))
    let warning = try #require(careless?.warning)
    #expect(warning.contains("MLFLOW_TRACKING_INSECURE_TLS") && !warning.contains("MARKED"))
  }

  @Test func `without an answer, the error tells what tracking needs, not what downloads do`() {
    let address = "https://x.org/api"
    let cases: [(TransferError, String)] = [
      (.cannotConnect(address: address, reason: "refused"), "MLFLOW_TRACKING_URI"),
      (.stalled(address: address, seconds: 60, received: 0), "nefro runs sync"),
      (.connectionLost(address: address, received: 0, expected: nil, reason: "cut"), "nefro runs sync"),
      (.untrustedCertificate(address: address), "MLFLOW_TRACKING_SERVER_CERT_PATH"),
    ]
    for (failure, words) in cases {
      let text = "\(MLflowError.noAnswer(server: "https://x.org", failure))"
      #expect(text.contains(words) && !text.contains("fetch the file"), "\(text)")
      #expect(!"\(failure)".contains("MLFLOW"), "a download knows no tracking server")
    }
  }
}
