import Digests
import Foundation
import LocalFiles
import Storage
import TestSupport
import Testing
import Tracking

/// Stores of earlier and later versions, opened by this one.
@Suite struct RunSchemaTests {
  private static let versions = Array(1...max(1, EarlierStore.steps.count))
  private static let (training, evaluation, interrupted) = (
    RunID("bb00000000000000000000000000000b")!, RunID("cc00000000000000000000000000000c")!,
    RunID("dd00000000000000000000000000000d")!
  )

  /// What the frozen files hold; the run that went on has ended at its last sign of life.
  private static func lines(ofVersion version: Int) -> [String] {
    let lastSign = version < 5 ? 1_700_000_310_500 : 1_700_000_311_000
    return [
      "aa00000000000000000000000000000a | riñón pipeline | pipeline | - | finished | 1700000000000 | 1700000100250 | -",
      "  seed: 7",
      "  auc 0.9 0.8 0.95 jackknife over series, 47, 12",
      "  f1.Tumor nan - - no interval: one series, 3, 1",
      "  private/predictions.json 60303ae22b99 5",
      "bb00000000000000000000000000000b | riñón train | train | aa000000 | finished | 1700000001000 | 1700000090000 | -",
      "  EPOCHS = 5",
      "  LEARNING_RATE = 0.01",
      "  model.digest: 1f1f",
      "  seed: 7",
      "  loss 1 1700000010125 0.6931471805599453",
      "  loss 2 1700000020000 nan",
      "  val_loss 2 1700000020000 inf",
      "  model/model.safetensors 9f86d081884c 4",
      "cc00000000000000000000000000000c | riñón evaluate | evaluate | - | failed | 1700000200000 | 1700000201000"
        + " | The model is not there. Run `nefro train` first.",
      "dd00000000000000000000000000000d | riñón train | train | - | interrupted | 1700000300000 | \(lastSign) | -",
      "  EPOCHS = 50",
      "  loss 1 1700000310500 0.25",
    ]
  }

  @Test func `every released step of the schema has its frozen file`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "new"))
      _ = store
      let old = folder.appending(path: "old")
      try EarlierStore.make(version: EarlierStore.steps.count, at: old)
      #expect(try EarlierStore.migrations(of: old) == EarlierStore.migrations(of: folder.appending(path: "new")))
    }
  }

  @Test(arguments: versions) func `a store of each version keeps every run, and gets the schema of a new one`(
    version: Int
  ) throws {
    try withTemporaryFolder { folder in
      let old = folder.appending(path: "old")
      try EarlierStore.make(version: version, at: old)
      let store = try RunStore(at: old)
      #expect(try EarlierStore.lines(of: store) == Self.lines(ofVersion: version))
      let new = try RunStore(at: folder.appending(path: "new"))
      #expect(try EarlierStore.schema(of: old) == EarlierStore.schema(of: new.folder))
      // The second time nothing changes.
      #expect(try EarlierStore.lines(of: RunStore(at: old)) == Self.lines(ofVersion: version))
    }
  }

  @Test(arguments: versions) func `what a store of each version knew of servers and models is still known`(
    version: Int
  ) throws {
    try withTemporaryFolder { folder in
      try EarlierStore.make(version: version, at: folder)
      let store = try RunStore(at: folder)
      let server = try MLflowServer(uri: "http://127.0.0.1:1")
      var sent = MirrorState(run: Self.training, server: server.name)
      (sent.experiment, sent.remote, sent.artifacts) = ("3", "f00d", "mlflow-artifacts:/3/f00d")
      (sent.history, sent.doubtful, sent.settled) = (3, 3, 1_700_000_090_000)
      var begun = MirrorState(run: Self.evaluation, server: server.name)
      (begun.experiment, begun.isCreating) = ("3", true)
      #expect(try store.mirrorState(of: Self.training, on: server.name) == (version < 2 ? nil : sent))
      #expect(try store.mirrorState(of: Self.evaluation, on: server.name) == (version < 2 ? nil : begun))
      let files = try store.mirroredFiles(of: Self.training, on: server.name)
      #expect(files == (version < 2 ? [:] : ["model/model.safetensors": ContentDigest(of: "test").hex]))
      #expect(try store.runsWaiting(for: server) == (version < 2 ? [] : [Self.evaluation]))

      let registry = ModelRegistry(store: store)
      #expect(try registry.names() == (version < 3 ? [] : ["kidney"]))
      guard version >= 3 else { return }
      let models = try registry.versions(of: "kidney")
      #expect(models.map(\.number) == [1, 2] && models.map(\.note) == ["first", nil])
      #expect(models.map(\.run) == [Self.training, nil])
      #expect(models.map(\.identity) == [ContentDigest(of: "test"), ContentDigest(of: "test2")])
      let file = RunArtifact(path: "model.safetensors", digest: ContentDigest(of: "test"), bytes: 4)
      #expect(models[0].files == [.model: file])
      #expect(try registry.aliases(of: "kidney") == ["champion": 1])
      let events = try registry.history(of: "kidney")
      #expect(events.map(\.kind) == [.registered, .promoted, .registered, .refused])
      #expect(events.map(\.reasons) == [["first"], ["low end of auc is 0.8"], [], ["auc is 0.4", "no scores"]])
      #expect(events[3].previous == 1 && events[3].alias == "champion")
      #expect(events[1].time == Date(timeIntervalSince1970: 1_700_000_410))
    }
  }

  @Test(arguments: versions) func `a store of each version goes on`(version: Int) throws {
    try withTemporaryFolder { folder in
      try EarlierStore.make(version: version, at: folder)
      let store = try RunStore(at: folder)
      let recorder = try store.resume(Self.interrupted)
      try recorder.log([MetricPoint(key: "loss", step: 2, time: Date(), value: 0.125)])
      let file = folder.appending(path: "model")
      try AtomicFile.write("weights", to: file)
      try recorder.add(file, as: "model/model.safetensors")
      try recorder.finish()
      let registered = try ModelRegistry(store: store).register(
        [.model: file], as: "kidney", identity: ContentDigest(of: "weights"), run: recorder.id)
      #expect(registered.version.number == (version < 3 ? 1 : 3))
      let details = try RunStore(at: folder).details(of: recorder.id)
      #expect(details.run.status == .finished && details.history.map(\.value) == [0.25, 0.125])
      #expect(try store.delete([Self.training], includingMakers: true).runs == 1)
      #expect(try store.runs(RunQuery(includesParts: true)).total == 3)
    }
  }

  @Test func `a store of a newer version is refused, and not a byte of it changes`() throws {
    try withTemporaryFolder { folder in
      try EarlierStore.make(
        version: EarlierStore.steps.count, at: folder,
        more: "CREATE TABLE future (a TEXT) STRICT; INSERT INTO grdb_migrations VALUES ('99: from the future');")
      let file = EarlierStore.file(in: folder)
      let before = try Data(contentsOf: file)
      #expect(throws: StorageError.newer(path: file.path)) { try RunStore(at: folder) }
      #expect(try Data(contentsOf: file) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["runs.sqlite"])
    }
  }

  @Test func `many programs that open a new store at once all find it whole`() async throws {
    try await withTemporaryFolder { folder in
      for round in 0..<10 {
        let place = folder.appending(path: "\(round)")
        let opened = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<4 {
            group.addTask { try RunStore(at: place).runs(RunQuery()).total }
          }
          return try await group.reduce(0) { count, total in count + 1 + total }
        }
        #expect(opened == 4)
      }
    }
  }
}
