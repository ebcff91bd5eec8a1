import Digests
import Foundation
import LocalFiles
import Storage
import TestSupport
import Testing
import Tracking

@Suite struct RunDeletingTests {
  @Test func `a deleted run takes the files that only it had, and no other's`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      func add(_ contents: [String], to recorder: RunRecorder) throws {
        for content in contents {
          let file = folder.appending(path: content)
          try AtomicFile.write(content, to: file)
          try recorder.add(file, as: content)
        }
      }
      let (first, second) = (try store.begin(.train, name: "1"), try store.begin(.train, name: "2"))
      try add(["own", "shared", "registered"], to: first)
      try add(["shared"], to: second)
      #expect(throws: TrackingError.stillRunning(run: first.id.short)) { try store.delete([first.id]) }
      try first.finish()
      let model = folder.appending(path: "registered")
      _ = try ModelRegistry(store: store).register([.model: model], as: "kidney", identity: ContentDigest(of: "m"), run: first.id)

      #expect(throws: TrackingError.madeModels(run: first.id.short, models: ["kidney:1"])) { try store.delete([first.id]) }
      let gone = try store.delete([first.id], includingMakers: true)
      #expect(gone.runs == 1 && gone.bytes == 3)
      #expect(throws: TrackingError.self) { try store.details(of: first.id) }
      #expect(throws: TrackingError.self) { try store.objects.checked(ContentDigest(of: "own")) }
      _ = try store.objects.checked(ContentDigest(of: "shared"))
      // A registered version outlives the run it came from.
      let version = try ModelRegistry(store: store).version("kidney:1")
      #expect(version.run == nil)
      #expect(try ModelRegistry(store: store).file(.model, of: version) != nil)
    }
  }

  @Test func `a run whose deletion fails at its very end keeps its files`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      let run = try store.begin(.train, name: "kept")
      let file = folder.appending(path: "f")
      try AtomicFile.write("content", to: file)
      try run.add(file, as: "f")
      try run.finish()
      // Something that must have the run: SQLite finds out when the transaction ends.
      try DatabaseQueue(path: folder.appending(path: "runs.sqlite").path).write { database in
        try database.execute(sql: "CREATE TABLE needs (run TEXT REFERENCES runs(id) DEFERRABLE INITIALLY DEFERRED)")
        try database.execute(sql: "INSERT INTO needs VALUES (?)", arguments: [run.id.text])
      }
      #expect(throws: StorageError.self) { try store.delete([run.id]) }
      #expect(try store.details(of: run.id).artifacts.count == 1)
      _ = try store.objects.checked(ContentDigest(of: "content"))
    }
  }

  @Test func `a run with parts is deleted only with them`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      let whole = try store.begin(.pipeline, name: "whole")
      let part = try store.begin(.train, name: "part", parent: whole.id)
      try part.finish()
      try whole.finish()
      #expect(throws: TrackingError.hasParts(run: whole.id.short, count: 1)) { try store.delete([whole.id]) }
      #expect(try store.delete([whole.id], includingParts: true).runs == 2)
      #expect(try store.runs(RunQuery(includesParts: true)).total == 0)
    }
  }
}
