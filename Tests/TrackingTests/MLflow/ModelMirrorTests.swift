import Digests
import Foundation
import LoopbackServers
import Synchronization
import TestSupport
import Testing
import Tracking
import Transfers

/// Models that go to a service in memory, which has no registry; registries of real servers are in
/// `MLflowServersTests`.
@Suite(.timeLimit(.minutes(3)))
struct ModelMirrorTests {
  private static let settings = APIClient.Settings(
    connectTimeout: .seconds(60), idleTimeout: .seconds(120),
    retries: RetryPolicy(attempts: 2, firstDelay: .milliseconds(5), maximumDelay: .milliseconds(20)))

  private struct Place {
    let fake: FakeTracking
    let store: RunStore
    let server: MLflowServer
    let folder: URL

    func file(_ text: String) throws -> URL {
      let file = folder.appending(path: "m.safetensors")
      try Data(text.utf8).write(to: file)
      return file
    }

    /// A run that has left a model.
    func begin(_ text: String, kind: RunKind = .train) throws -> RunRecorder {
      let recorder = try store.begin(kind, name: text)
      try recorder.add(try file(text), as: RunArtifact.model)
      return recorder
    }

    func record(_ text: String, kind: RunKind = .train) throws -> RunID {
      let recorder = try begin(text, kind: kind)
      try recorder.finish()
      return recorder.id
    }

    func synchronize(_ subjects: [MirrorSubject], _ packager: ModelPackager?) async throws -> [MirrorReport] {
      try await RunMirror.with(store, server, settings: ModelMirrorTests.settings, packager: packager) { mirror in
        var reports: [MirrorReport] = []
        for subject in subjects { reports.append(try await mirror.synchronize(subject)) }
        return reports
      }
    }

    /// How often each path has come; all runs have the same place there.
    var files: [String: Int] {
      fake.state.withLock { state in
        Dictionary(uniqueKeysWithValues: state.files.map { (String($0.key.dropFirst("1/".count)), $0.value) })
      }
    }
  }

  private static func with(_ fake: FakeTracking = FakeTracking(), _ body: (Place) async throws -> Void) async throws {
    try await LoopbackServer.with({ request, _ in fake.answer(request) }) { loopback in
      try await withTemporaryFolder { folder in
        let server = try MLflowServer(
          uri: loopback.url("/ana/kidney.mlflow").absoluteString, user: "ana", password: "pw")
        try await body(Place(fake: fake, store: RunStore(at: folder.appending(path: "store")), server: server, folder: folder))
      }
    }
  }

  /// Counts how often it packs.
  private final class Counter: Sendable {
    let packed = Mutex(0)
    var count: Int { packed.withLock { $0 } }

    func packager(_ scope: ModelPackager.Scope = .trained) -> ModelPackager {
      ModelPackager(scope: scope, flavors: ["onnx"]) { model in
        self.packed.withLock { $0 += 1 }
        return [("model.onnx", try Data(contentsOf: model)), ("MLmodel", Data("flavors:\n  onnx:\n    data: x\n".utf8))]
      }
    }
  }

  @Test func `a finished training's model is packed once and sent, one of another run is not`() async throws {
    try await Self.with { place in
      let counter = Counter()
      let subjects: [MirrorSubject] = [.run(try place.record("a")), .run(try place.record("b", kind: .trial))]
      let reports = try await place.synchronize(subjects + subjects, counter.packager())
      #expect(reports.map(\.files) == [3, 1, 0, 0] && counter.count == 1)
      #expect(reports.allSatisfy { $0.notes.isEmpty })
      #expect(place.files["model/MLmodel"] == 1 && place.files["model/model.onnx"] == 1)
      #expect(try place.store.runsWaiting(for: place.server, all: true).isEmpty)
      let listed = place.fake.state.withLock { $0.calls.filter { $0 == "runs/log-model" }.count }
      #expect(listed >= 1)
    }
  }

  @Test func `where only registered models are wanted, the others are not packed`() async throws {
    try await Self.with { place in
      let counter = Counter()
      let ids = [try place.record("a"), try place.record("b")]
      _ = try ModelRegistry(store: place.store).register(
        [.model: place.file("b")], as: "kidney", identity: ContentDigest(of: "b"), run: ids[1])
      _ = try await place.synchronize(ids.map(MirrorSubject.run) + [.model("kidney")], counter.packager(.registered))
      #expect(counter.count == 1 && place.files["model/MLmodel"] == 1)
    }
  }

  @Test func `a model that cannot be packed is a note, and the run is there`() async throws {
    struct NoBase: Error, CustomStringConvertible { let description = "The base is not here." }
    try await Self.with { place in
      let id = try place.record("a")
      let packager = ModelPackager(flavors: ["onnx"]) { _ in throw NoBase() }
      let report = try await place.synchronize([.run(id)], packager)[0]
      #expect(report.notes.count == 1 && report.notes[0].hasSuffix("The base is not here."))
      #expect(place.fake.runs.first?.status == "FINISHED" && place.files["model/model.safetensors"] == 1)
      #expect(try place.store.runsWaiting(for: place.server, all: true).isEmpty)
    }
  }

  @Test func `without a registry versions and aliases are tags of their runs, which follow, and it is said once`() async throws {
    try await Self.with { place in
      let ids = [try place.record("a"), try place.record("b")]
      let registry = ModelRegistry(store: place.store)
      let versions = try zip(["a", "b"], ids).map { text, id in
        try registry.register([.model: place.file(text)], as: "kidney", identity: ContentDigest(of: text), run: id).version
      }
      try registry.promote(versions[0], to: "champion", passed: true, reasons: [])
      #expect(try place.store.modelsWaiting(for: place.server).isEmpty)
      #expect(try place.store.modelsWaiting(for: place.server, all: true) == ["kidney"])
      let counter = Counter()
      func tags() -> [String?] {
        ids.map { id in
          place.fake.runs.first { $0.tags["nefro.run"] == id.text }?.tags["registered_model.kidney"]
        }
      }
      let first = try await place.synchronize([.model("kidney"), .model("kidney")], counter.packager())
      #expect(tags() == ["version 1, champion", "version 2"])
      #expect(first[0].notes.count == 1 && first[0].notes[0].contains("no model registry"))
      #expect(first[1].sentNothing && counter.count == 2)
      let asked = place.fake.state.withLock { $0.calls.filter { $0 == "registered-models/create" }.count }
      #expect(asked == 1, "it is asked once")
      #expect(try place.store.modelsWaiting(for: place.server, all: true).isEmpty)

      // A refusal is nothing that a server shows; a promotion and a return are.
      #expect(throws: RegistryError.self) { try registry.promote(versions[1], to: "champion", passed: false, reasons: []) }
      #expect(try place.store.modelsWaiting(for: place.server).isEmpty)
      try registry.promote(versions[1], to: "champion", passed: true, reasons: [])
      #expect(try place.store.modelsWaiting(for: place.server) == ["kidney"])
      _ = try await place.synchronize([.model("kidney")], counter.packager())
      #expect(tags() == ["version 1", "version 2, champion"])
      _ = try registry.rollBack("kidney", reason: nil)
      _ = try await place.synchronize([.model("kidney")], counter.packager())
      #expect(tags() == ["version 1, champion", "version 2"] && counter.count == 2)
    }
  }

  @Test func `a version whose run was deleted here is named, and the others go`() async throws {
    try await Self.with { place in
      let ids = [try place.record("a"), try place.record("b")]
      let registry = ModelRegistry(store: place.store)
      for (text, id) in zip(["a", "b"], ids) {
        _ = try registry.register([.model: place.file(text)], as: "kidney", identity: ContentDigest(of: text), run: id)
      }
      _ = try place.store.delete([ids[0]], includingMakers: true)
      let report = try await place.synchronize([.model("kidney")], nil)[0]
      #expect(report.notes.contains { $0.hasPrefix("kidney:1 is not on") })
      #expect(place.fake.runs.map { $0.tags["registered_model.kidney"] } == ["version 2"])
    }
  }

  @Test func `beside a training its model is packed only at the end, and a registered model comes last`() async throws {
    try await Self.with { place in
      let counter = Counter()
      let mirror = BackgroundMirror(
        store: place.store, server: place.server, packager: counter.packager(), settings: Self.settings,
        interval: .milliseconds(20))
      let recorder = try place.begin("a")
      try mirror.follow(recorder.id)
      _ = try ModelRegistry(store: place.store).register(
        [.model: place.file("a")], as: "kidney", identity: ContentDigest(of: "a"), run: recorder.id)
      try mirror.follow(model: "kidney")
      try recorder.finish()
      for _ in 0..<500 where place.fake.runs.first?.status != "FINISHED" { try await Task.sleep(for: .milliseconds(20)) }
      #expect(place.fake.runs.first?.status == "FINISHED" && counter.count == 0)
      #expect(try place.store.runsWaiting(for: place.server) == [recorder.id], "its model is not there")
      let summary = await mirror.finish(within: .seconds(20))
      #expect(summary.waitingRuns == 0 && summary.waitingModels == 0 && summary.reason == nil)
      #expect(counter.count == 1 && place.files["model/MLmodel"] == 1)
      #expect(place.fake.runs.first?.tags["registered_model.kidney"] == "version 1")
      #expect(summary.lines.count == 1 && summary.lines[0].contains("no model registry"))
    }
  }

  @Test func `a registered model whose server is away waits, and what to do is said`() async throws {
    let closed = try await LoopbackServer.with({ _, _ in .init() }) { $0.url("") }
    try await withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      let file = folder.appending(path: "m")
      try Data("a".utf8).write(to: file)
      _ = try ModelRegistry(store: store).register([.model: file], as: "kidney", identity: ContentDigest(of: "a"))
      let server = try MLflowServer(uri: closed.absoluteString)
      let mirror = BackgroundMirror(store: store, server: server, settings: Self.settings)
      try mirror.follow(model: "kidney")
      let start = ContinuousClock.now
      let summary = await mirror.finish()
      #expect(ContinuousClock.now - start < .seconds(30))
      #expect(summary.waitingModels == 1 && summary.reason?.contains("Cannot reach") == true)
      #expect(summary.lines.first?.hasPrefix("1 registered model waits for \(server.name): nefro runs sync\n") == true)
    }
  }

  @Test(arguments: [(nil, "trained"), ("registered", "registered"), ("trained", "trained"), ("", "trained")] as [(String?, String)])
  func `which models are packed is a variable's matter`(value: String?, expected: String) throws {
    let environment = value.map { ["NEFRO_MLFLOW_MODEL": $0] } ?? [:]
    #expect(try ModelPackager.Scope.configured(environment: environment).rawValue == expected)
    #expect(throws: MLflowError.badModelScope("all")) {
      try ModelPackager.Scope.configured(environment: ["NEFRO_MLFLOW_MODEL": "all"])
    }
  }
}
