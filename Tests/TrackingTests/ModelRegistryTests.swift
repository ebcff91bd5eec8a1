import Digests
import Foundation
import LocalFiles
import Storage
import TestSupport
import Testing
import Tracking

@Suite struct ModelRegistryTests {
  /// A clock that goes on by an hour each time it is read.
  private final class Hours: @unchecked Sendable {
    private let lock = NSLock()
    private var hours = 0.0
    let start = Date(timeIntervalSince1970: 1_700_000_000)
    func next() -> Date {
      lock.withLock {
        hours += 1
        return start.addingTimeInterval(hours * 3600)
      }
    }
  }

  private func withRegistry(_ body: (ModelRegistry, (String) throws -> ModelVersion, URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let hours = Hours()
      let registry = ModelRegistry(store: try RunStore(at: folder.appending(path: "store"), clock: { hours.next() }))
      func register(_ content: String) throws -> ModelVersion {
        let file = folder.appending(path: "model.safetensors")
        try AtomicFile.write(content, to: file)
        return try registry.register([.model: file], as: "kidney", identity: ContentDigest(of: content)).version
      }
      try body(registry, register, folder)
    }
  }

  @Test func `versions are counted from 1, keep their files, and the same content is registered once`() throws {
    try withRegistry { registry, register, folder in
      #expect(try register("a").number == 1)
      #expect(try register("b").number == 2)
      #expect(try register("a").number == 1)
      #expect(try registry.versions(of: "kidney").map(\.number) == [1, 2])
      #expect(try registry.names() == ["kidney"])
      let file = try registry.file(.model, of: registry.version("kidney:2"))
      #expect(try file.map { try String(contentsOf: $0, encoding: .utf8) } == "b")
      #expect(try registry.file(.scores, of: registry.version("kidney:2")) == nil)
      #expect(throws: RegistryError.noSuchVersion(reference: "kidney:9", known: [1, 2])) { try registry.version("kidney:9") }
      #expect(throws: RegistryError.noSuchModel(name: "liver", known: ["kidney"])) { try registry.version("liver:1") }
      #expect(throws: RegistryError.noSuchAlias(model: "kidney", alias: "champion", known: [])) {
        try registry.version("kidney")
      }
    }
  }

  @Test func `a model that is scored later gets its scores, once, and keeps those it has`() throws {
    try withRegistry { registry, register, folder in
      _ = try register("a")
      func again(_ scores: String, answers: String? = nil) throws -> [ModelVersion.Role] {
        var files: [ModelVersion.Role: URL] = [.model: folder.appending(path: "model.safetensors")]
        for (role, content) in [(ModelVersion.Role.scores, scores), (.predictions, answers ?? "")] where !content.isEmpty {
          files[role] = folder.appending(path: role.rawValue)
          try AtomicFile.write(content, to: files[role]!)
        }
        let outcome = try registry.register(files, as: "kidney", identity: ContentDigest(of: "a"))
        #expect(!outcome.isNew && outcome.version.number == 1)
        return outcome.added
      }
      #expect(try again("s1") == [.scores])
      // Answers of another scoring do not belong to the scores that are there.
      #expect(try again("s2", answers: "p2").isEmpty)
      #expect(try again("s1", answers: "p1") == [.predictions])
      #expect(try again("s1", answers: "p1").isEmpty)
      let version = try registry.version("kidney:1")
      #expect(try registry.file(.scores, of: version).map { try String(contentsOf: $0, encoding: .utf8) } == "s1")
      #expect(try registry.file(.predictions, of: version).map { try String(contentsOf: $0, encoding: .utf8) } == "p1")
      let history = try registry.history(of: "kidney")
      #expect(history.map(\.kind) == [.registered, .completed, .completed])
      #expect(history[1].reasons == ["got its scores"] && history[2].reasons == ["got its predictions"])
      // It is no promotion: there is nothing to go back to.
      try registry.promote(version, to: "champion", passed: true, reasons: [])
      #expect(throws: RegistryError.nothingToRollBack(model: "kidney", alias: "champion")) {
        try registry.rollBack("kidney", reason: nil)
      }
    }
  }

  @Test func `a promotion that was judged against another champion is not made`() throws {
    try withRegistry { registry, register, _ in
      let (first, second) = (try register("a"), try register("b"))
      try registry.promote(first, to: "champion", passed: true, reasons: [], after: .nobody)
      #expect(throws: RegistryError.holderChanged(model: "kidney", alias: "champion", now: 1)) {
        try registry.promote(second, to: "champion", passed: true, reasons: [], after: .nobody)
      }
      #expect(throws: RegistryError.holderChanged(model: "kidney", alias: "champion", now: 1)) {
        try registry.promote(second, to: "champion", passed: false, reasons: [], after: .version(2))
      }
      #expect(try registry.history(of: "kidney").count == 3, "nothing is written of it")
      try registry.promote(second, to: "champion", passed: true, reasons: [], after: .version(1))
      #expect(try registry.version("kidney@champion") == second)
    }
  }

  @Test func `a promotion gives the alias, a refusal does not, and both are kept with their reasons`() throws {
    try withRegistry { registry, register, _ in
      let (first, second) = (try register("a"), try register("b"))
      try registry.promote(first, to: "champion", passed: true, reasons: ["AUC is 0.9"])
      #expect(throws: RegistryError.refused(reference: "kidney:2", alias: "champion", reasons: ["AUC is 0.4"])) {
        try registry.promote(second, to: "champion", passed: false, reasons: ["AUC is 0.4"])
      }
      #expect(try registry.version("kidney@champion") == first)
      let history = try registry.history(of: "kidney")
      #expect(history.map(\.kind) == [.registered, .registered, .promoted, .refused])
      #expect(history[3].reasons == ["AUC is 0.4"] && history[3].previous == 1 && history[3].version == 2)
    }
  }

  @Test func `who has the alias keeps it without an entry, and a refusal of it is kept`() throws {
    try withRegistry { registry, register, _ in
      let version = try register("a")
      #expect(try registry.promote(version, to: "champion", passed: true, reasons: []))
      let before = try registry.history(of: "kidney")
      #expect(try !registry.promote(version, to: "champion", passed: true, reasons: ["again"]))
      #expect(try registry.history(of: "kidney") == before)
      #expect(throws: RegistryError.self) { try registry.promote(version, to: "champion", passed: false, reasons: ["poor"]) }
      #expect(try registry.history(of: "kidney").count == before.count + 1)
      #expect(try registry.version("kidney@champion") == version)
    }
  }

  @Test func `going back gives the alias to the one before, each time one further, until there is none`() throws {
    try withRegistry { registry, register, _ in
      #expect(throws: RegistryError.noSuchModel(name: "kidney", known: [])) { try registry.rollBack("kidney", reason: nil) }
      for content in ["a", "b", "c"] {
        try registry.promote(register(content), to: "champion", passed: true, reasons: [])
      }
      // The same one again is no step.
      try registry.promote(registry.version("kidney:3"), to: "champion", passed: true, reasons: [])
      #expect(try registry.rollBack("kidney", reason: "it answered badly").number == 2)
      #expect(try registry.rollBack("kidney", reason: nil).number == 1)
      #expect(throws: RegistryError.nothingToRollBack(model: "kidney", alias: "champion")) {
        try registry.rollBack("kidney", reason: nil)
      }
      try registry.promote(registry.version("kidney:3"), to: "champion", passed: true, reasons: [])
      #expect(try registry.rollBack("kidney", reason: nil).number == 1)
      #expect(throws: RegistryError.noSuchAlias(model: "kidney", alias: "challenger", known: ["champion"])) {
        try registry.rollBack("kidney", alias: "challenger", reason: nil)
      }
    }
  }

  @Test func `who answered is known for every day`() throws {
    try withRegistry { registry, register, _ in
      // The clock is read once a step: a at hour 2, b at hour 4, back to a at hour 5.
      try registry.promote(register("a"), to: "champion", passed: true, reasons: [])
      try registry.promote(register("b"), to: "champion", passed: true, reasons: [])
      _ = try registry.rollBack("kidney", reason: nil)
      let events = try registry.history(of: "kidney").filter { $0.alias != nil }.map(\.time)
      try #require(events.count == 3)
      func answering(_ from: Date, _ seconds: Double) throws -> [Int] {
        try registry.tenures(model: "kidney", in: DateInterval(start: from, duration: seconds)).map(\.version.number)
      }
      #expect(try answering(events[0].addingTimeInterval(-7200), 3600).isEmpty)
      #expect(try answering(events[0].addingTimeInterval(60), 60) == [1])
      #expect(try answering(events[1].addingTimeInterval(60), 60) == [2])
      #expect(try answering(events[0], 86_400) == [1, 2, 1])
      let last = try registry.tenures(model: "kidney", in: DateInterval(start: events[2], duration: 60))
      #expect(last.last?.until == nil && last.last?.from == events[2])
    }
  }

  @Test func `the history cannot be changed or cut, not even by a query`() throws {
    try withRegistry { registry, register, folder in
      _ = try register("a")
      let path = folder.appending(path: "store/runs.sqlite")
      let database = try DatabaseQueue(path: path.path)
      for query in ["UPDATE model_events SET time = 0", "DELETE FROM model_events"] {
        #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: query) } }
      }
      #expect(try registry.history(of: "kidney").count == 1)
    }
  }

  @Test(arguments: ["", "3", "-a", "a b", "a/b", "ñ", String(repeating: "a", count: 101)])
  func `a name that no registry takes is refused`(name: String) throws {
    try withRegistry { registry, _, folder in
      let file = folder.appending(path: "m")
      try AtomicFile.write("x", to: file)
      #expect(throws: RegistryError.badName(name)) {
        try registry.register([.model: file], as: name, identity: ContentDigest(of: "x"))
      }
    }
  }

  @Test(arguments: ["latest", "v3", "V12", "a b", ""])
  func `an alias that MLflow would not take is refused`(alias: String) throws {
    try withRegistry { registry, register, _ in
      let version = try register("a")
      #expect(throws: RegistryError.badAlias(alias)) {
        try registry.promote(version, to: alias, passed: true, reasons: [])
      }
    }
  }
}
