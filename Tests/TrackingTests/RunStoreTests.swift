import Digests
import Evaluation
import Foundation
import LocalFiles
import Storage
import Synchronization
import TestSupport
import Testing
import Tracking

@Suite struct RunStoreTests {
  private static let auc = Metric(value: 0.9, low: 0.8, high: 0.95, method: "jackknife over series", images: 47, series: 12)

  @Test func `the half copy of a file that a killed process left goes when the store is opened again`() throws {
    try withTemporaryFolder { folder in
      _ = try RunStore(at: folder)
      let part = folder.appending(path: "objects/.4711.99.part")
      try AtomicFile.write("half", to: part)
      _ = try RunStore(at: folder)
      #expect(!FileManager.default.fileExists(atPath: part.path))
    }
  }

  @Test func `everything that a run recorded is read back, infinite and undefined values too`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      let recorder = try store.begin(.train, name: "first", parameters: ["EPOCHS": "5"], tags: ["seed": "1"])
      let time = Date(timeIntervalSince1970: 1_700_000_000.125)
      try recorder.log([
        MetricPoint(key: "loss", step: 1, time: time, value: 0.5),
        MetricPoint(key: "loss", step: 2, time: time, value: .infinity),
        MetricPoint(key: "loss", step: 3, time: time, value: .nan),
      ])
      try recorder.log(figures: ["auc": Self.auc])
      try recorder.set(tags: ["seed": "2"])
      let file = folder.appending(path: "model.bin")
      try AtomicFile.write("weights", to: file)
      try recorder.add(file, as: "model/model.bin")
      try recorder.finish()

      let details = try RunStore(at: folder).details(of: recorder.id)
      #expect(details.run.status == .finished && details.run.kind == .train && details.run.name == "first")
      #expect(details.run.duration.map { $0 >= 0 } == true)
      #expect(details.parameters == ["EPOCHS": "5"] && details.tags == ["seed": "2"])
      #expect(details.figures == ["auc": Self.auc])
      #expect(details.history.map(\.step) == [1, 2, 3] && details.history[0].time == time)
      #expect(details.history[1].value == .infinity && details.history[2].value.isNaN)
      let digest = ContentDigest(of: "weights")
      #expect(details.artifacts == [RunArtifact(path: "model/model.bin", digest: digest, bytes: 7)])
      #expect(try Data(contentsOf: store.objects.checked(digest)) == Data("weights".utf8))
    }
  }

  @Test func `a parameter is written once`() throws {
    try withTemporaryFolder { folder in
      let recorder = try RunStore(at: folder).begin(.train, name: "x", parameters: ["EPOCHS": "5"])
      try recorder.log(parameters: ["EPOCHS": "5", "SEED": "1"])
      #expect(throws: TrackingError.parameterChanged(run: recorder.id.short, key: "EPOCHS", before: "5", after: "6")) {
        try recorder.log(parameters: ["EPOCHS": "6"])
      }
    }
  }

  @Test func `a run whose recorder is gone is interrupted and can be resumed; one that goes on is not`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      var recorder: RunRecorder? = try store.begin(.train, name: "x")
      let id = recorder!.id
      #expect(try RunStore(at: folder).details(of: id).run.status == .running)
      // What a killed process loses, too: its lock.
      recorder = nil
      #expect(try RunStore(at: folder).details(of: id).run.status == .interrupted)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "running/\(id)").path))
      let resumed = try store.resume(id)
      #expect(try store.details(of: id).run.status == .running)
      try resumed.finish()
      #expect(throws: TrackingError.notRunning(run: id.short, status: "finished")) { try store.resume(id) }
      #expect(throws: TrackingError.notRunning(run: id.short, status: "finished")) { try resumed.set(tags: ["a": "b"]) }
    }
  }

  @Test func `a run that is resumed while others open the store goes on`() async throws {
    try await withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      var first: RunRecorder? = try store.begin(.train, name: "x")
      let id = first!.id
      first = nil
      for round in 0..<60 {
        // The run is dead. Two open the store and mark it, one resumes it.
        async let openings: Void = withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<2 { group.addTask { _ = try RunStore(at: folder) } }
          try await group.waitForAll()
        }
        var recorder: RunRecorder?
        while recorder == nil {
          recorder = try? store.resume(id)
          await Task.yield()
        }
        try await openings
        _ = try RunStore(at: folder)
        #expect(try store.details(of: id).run.status == .running, "round \(round)")
        try recorder?.set(tags: ["round": "\(round)"])
        #expect(throws: LocalFileError.self) { try store.resume(id) }
        recorder = nil
      }
      let left = folder.appending(path: "running").path
      _ = try RunStore(at: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: left).isEmpty)
    }
  }

  @Test func `an artifact that takes another's place takes away what nothing needs any more`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      let recorder = try store.begin(.train, name: "x")
      let file = folder.appending(path: "f")
      for content in ["first", "shared", "last"] {
        try AtomicFile.write(content, to: file)
        try recorder.add(file, as: "f")
        if content == "shared" { try recorder.add(file, as: "g") }
      }
      let details = try store.details(of: recorder.id)
      #expect(details.artifacts.map(\.digest) == [ContentDigest(of: "last"), ContentDigest(of: "shared")])
      for artifact in details.artifacts { _ = try store.objects.checked(artifact.digest) }
      #expect(throws: TrackingError.self) { try store.objects.checked(ContentDigest(of: "first")) }
      // The same content again is no replacement.
      try recorder.add(file, as: "f")
      _ = try store.objects.checked(ContentDigest(of: "last"))
    }
  }

  @Test func `an object is the digest of what was copied, and leaves no copy behind`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      let file = folder.appending(path: "f")
      let content = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      try content.write(to: file)
      for _ in 0..<2 {
        let object = try store.objects.add(file)
        #expect(object.digest == ContentDigest(of: content) && object.bytes == 3_000_000)
        #expect(try Data(contentsOf: store.objects.checked(object.digest)) == content)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: store.objects.folder.path)
      #expect(left.count == 1, "\(left)")
      #expect(throws: LocalFileError.self) { try store.objects.add(folder.appending(path: "none")) }
    }
  }

  @Test func `an interrupted run ended when it last wrote, not when that was noticed`() throws {
    try withTemporaryFolder { folder in
      let time = Mutex(1_700_000_000.0)
      let clock: @Sendable () -> Date = { Date(timeIntervalSince1970: time.withLock { $0 }) }
      var recorder: RunRecorder? = try RunStore(at: folder, clock: clock).begin(.train, name: "x")
      let id = recorder!.id
      time.withLock { $0 += 60 }
      try recorder!.set(tags: ["a": "b"])
      recorder = nil
      time.withLock { $0 += 1000 }
      let store = try RunStore(at: folder, clock: clock)
      #expect(try store.details(of: id).run.duration == 60)
      // Going on with it is a sign of life, too.
      recorder = try store.resume(id)
      recorder = nil
      #expect(try RunStore(at: folder, clock: clock).details(of: id).run.duration == 1060)
    }
  }

  @Test func `a store whose database was emptied is refused and left as it is`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "runs.sqlite")
      try FileManager.default.createDirectory(at: folder.appending(path: "objects"), withIntermediateDirectories: true)
      try Data().write(to: file)
      #expect {
        _ = try RunStore(at: folder)
      } throws: { error in
        guard case StorageError.corrupt(file.path, _) = error else { return false }
        return "\(error)".contains("empty")
      }
      #expect(try Data(contentsOf: file).isEmpty)
    }
  }

  @Test func `a run is found by its first digits, and an unknown or ambiguous one is named`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      let runs = try (0..<17).map { try store.begin(.train, name: "\($0)") }
      #expect(try store.run(runs[3].id.text.uppercased()).name == "3")
      #expect(throws: TrackingError.noSuchRun(reference: "zz", store: folder.path)) { try store.run("zz") }
      #expect(throws: TrackingError.noSuchRun(reference: "", store: folder.path)) { try store.run("") }
      // Of seventeen runs two at least share their first digit.
      let first = Dictionary(grouping: runs) { $0.id.text.prefix(1) }.values.first { $0.count > 1 }!
      let error = #expect(throws: TrackingError.self) { try store.run(String(first[0].id.text.prefix(1))) }
      #expect(error?.description.contains(first[0].id.text) == true || first.count > 5)
    }
  }

  @Test(arguments: ["", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "a\0b"])
  func `a path that leaves the run's folder is refused`(path: String) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "f")
      try AtomicFile.write("x", to: file)
      let recorder = try RunStore(at: folder.appending(path: "store")).begin(.train, name: "x")
      #expect(throws: TrackingError.badArtifactPath(path)) { try recorder.add(file, as: path) }
    }
  }

  @Test func `a damaged artifact is not handed out`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      let file = folder.appending(path: "f")
      try AtomicFile.write("x", to: file)
      let digest = try store.objects.add(file).digest
      try AtomicFile.write("y", to: store.objects.url(of: digest))
      #expect(throws: TrackingError.self) { try store.objects.checked(digest) }
      #expect(throws: TrackingError.self) { try store.objects.checked(ContentDigest(of: "never")) }
    }
  }
}
