import Foundation
import Storage
import TestSupport
import Testing

@Suite struct StoreDatabaseTests {
  private static func migrator(upTo last: Int = 1) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: "CREATE TABLE words (word TEXT NOT NULL)") }
    if last >= 2 {
      migrator.registerMigration("2") { try $0.execute(sql: "ALTER TABLE words ADD COLUMN language TEXT") }
    }
    return migrator
  }

  private static func words(_ store: StoreDatabase) throws -> [String] {
    try store.read { try String.fetchAll($0, sql: "SELECT word FROM words ORDER BY word") }
  }

  @Test func `what was written is there when the database is opened again, with its log ahead and fully synchronous`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "a/b/store.sqlite")
      let first = try StoreDatabase(at: file, migrator: Self.migrator())
      try first.write { try $0.execute(sql: "INSERT INTO words VALUES ('riñón')") }
      #expect(try first.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
      #expect(try first.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
      #expect(try first.write { try Int.fetchOne($0, sql: "PRAGMA foreign_keys") } == 1)
      try first.close()
      #expect(try Self.words(StoreDatabase(at: file, migrator: Self.migrator())) == ["riñón"])
    }
  }

  @Test func `a database that is closed is whole in its file, also while another one has it open`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.sqlite")
      let other = try StoreDatabase(at: file, migrator: Self.migrator())
      let store = try StoreDatabase(at: file, migrator: Self.migrator())
      try store.write { try $0.execute(sql: "INSERT INTO words VALUES ('kept')") }
      let log = URL(filePath: file.path + "-wal")
      #expect(try Data(contentsOf: log).count > 0)
      try store.close()
      #expect(try Data(contentsOf: log).isEmpty)
      let copy = folder.appending(path: "copy.sqlite")
      try FileManager.default.copyItem(at: file, to: copy)
      #expect(try Self.words(StoreDatabase(at: copy, migrator: Self.migrator())) == ["kept"])
      try other.close()
      #expect((try? Data(contentsOf: log))?.isEmpty ?? true)
    }
  }

  @Test func `a transaction that throws leaves nothing`() throws {
    struct Stop: Error {}
    try withTemporaryFolder { folder in
      let store = try StoreDatabase(at: folder.appending(path: "s.sqlite"), migrator: Self.migrator())
      #expect(throws: Stop.self) {
        try store.write { database in
          try database.execute(sql: "INSERT INTO words VALUES ('lost')")
          throw Stop()
        }
      }
      #expect(try Self.words(store).isEmpty)
    }
  }

  @Test func `an older database is brought up to date with its content, a newer one is refused`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.sqlite")
      let old = try StoreDatabase(at: file, migrator: Self.migrator())
      try old.write { try $0.execute(sql: "INSERT INTO words VALUES ('kept')") }
      try old.close()
      let new = try StoreDatabase(at: file, migrator: Self.migrator(upTo: 2))
      #expect(try Self.words(new) == ["kept"])
      try new.close()
      #expect(throws: StorageError.newer(path: file.path)) { try StoreDatabase(at: file, migrator: Self.migrator()) }
    }
  }

  @Test func `a file that is no database is named and left as it is`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.sqlite")
      let content = Data(String(repeating: "not a database ", count: 200).utf8)
      try content.write(to: file)
      let error = #expect(throws: StorageError.self) { try StoreDatabase(at: file, migrator: Self.migrator()) }
      guard case .corrupt(file.path, _) = error else { return #expect(Bool(false), "\(String(describing: error))") }
      #expect(try Data(contentsOf: file) == content)
    }
  }

  @Test func `a write waits for another process only for so long`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.sqlite")
      let holder = try StoreDatabase(at: file, migrator: Self.migrator())
      let other = try StoreDatabase(at: file, migrator: Self.migrator(), patience: 0.2)
      try holder.write { (_: Database) throws -> Void in
        #expect(throws: StorageError.locked(path: file.path, seconds: 0.2)) {
          try other.write { try $0.execute(sql: "INSERT INTO words VALUES ('x')") }
        }
        #expect(try Self.words(other).isEmpty)
      }
    }
  }

  @Test func `many that open a new database at once all get it, with its schema made once`() async throws {
    try await withTemporaryFolder { folder in
      for round in 0..<10 {
        let file = folder.appending(path: "\(round)/s.sqlite")
        try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<8 {
            group.addTask {
              let store = try StoreDatabase(at: file, migrator: Self.migrator(upTo: 2))
              return try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM grdb_migrations") ?? 0 }
            }
          }
          for try await count in group { #expect(count == 2) }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
        #expect(left.allSatisfy { $0.hasPrefix("s.sqlite") }, "\(left)")
      }
    }
  }

  @Test func `a database that cannot grow says so, and keeps what it had`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.sqlite")
      let store = try StoreDatabase(at: file, migrator: Self.migrator())
      try store.write { try $0.execute(sql: "INSERT INTO words VALUES ('kept')") }
      // As many pages as it has: what SQLite does on a disk that is full.
      try store.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
      #expect(throws: StorageError.full(path: file.path)) {
        try store.write { try $0.execute(sql: "INSERT INTO words VALUES (?)", arguments: [String(repeating: "x", count: 1 << 16)]) }
      }
      #expect(try Self.words(store) == ["kept"])
    }
  }

  /// Writes a hundred rows of a thousand bytes; all of it is in the file itself once the last connection is gone.
  private static func fill(_ file: URL) throws {
    let store = try StoreDatabase(at: file, migrator: migrator())
    try store.write { database in
      for _ in 0..<100 { try database.execute(sql: "INSERT INTO words VALUES (?)", arguments: [String(repeating: "x", count: 1000)]) }
    }
  }

  @Test func `a database that is cut short is refused and left as it is`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.sqlite")
      try Self.fill(file)
      let whole = try Data(contentsOf: file)
      try #require(whole.count > 100_000, "what was written is still in the log beside the file")
      let half = whole.prefix(40_000)
      try half.write(to: file)
      let error = #expect(throws: StorageError.self) { try StoreDatabase(at: file, migrator: Self.migrator()) }
      guard case .corrupt(file.path, _) = error else { return #expect(Bool(false), "\(String(describing: error))") }
      #expect(try Data(contentsOf: file) == half)
    }
  }

  @Test func `a folder that cannot be made is said to be so`() throws {
    try withTemporaryFolder { folder in
      let plain = folder.appending(path: "plain")
      try Data("x".utf8).write(to: plain)
      let file = plain.appending(path: "s.sqlite")
      let error = #expect(throws: StorageError.self) { try StoreDatabase(at: file, migrator: Self.migrator()) }
      guard case .unusable(file.path, _) = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }
  }
}
