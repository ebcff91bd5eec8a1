import Foundation
import Storage
import TestSupport
import Testing
import Tracking

/// Stores of earlier versions, as their schema was then.
@Suite struct RunSchemaTests {
  /// The tables of the first version, written out: what was released does not change with the code.
  private static let first = """
    CREATE TABLE runs (
      id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
      parent TEXT REFERENCES runs(id) ON DELETE CASCADE, status TEXT NOT NULL, started INTEGER NOT NULL,
      ended INTEGER, failure TEXT) STRICT;
    CREATE INDEX runs_started ON runs(started);
    CREATE INDEX runs_parent ON runs(parent);
    CREATE INDEX runs_status ON runs(status);
    CREATE TABLE parameters (
      run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;
    CREATE TABLE tags (
      run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;
    CREATE TABLE history (
      number INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      key TEXT NOT NULL, step INTEGER NOT NULL, time INTEGER NOT NULL, value REAL) STRICT;
    CREATE INDEX history_run ON history(run, key, step);
    CREATE TABLE figures (
      run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL, value REAL, low REAL, high REAL,
      method TEXT NOT NULL, images INTEGER NOT NULL, series INTEGER NOT NULL,
      PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;
    CREATE INDEX figures_key ON figures(key, value);
    CREATE TABLE artifacts (
      run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, path TEXT NOT NULL, digest TEXT NOT NULL,
      bytes INTEGER NOT NULL, PRIMARY KEY (run, path)) STRICT, WITHOUT ROWID;
    CREATE INDEX artifacts_digest ON artifacts(digest);
    """

  @Test func `a store of the first version is brought up to date with its runs, which can be mirrored`() throws {
    try withTemporaryFolder { folder in
      var migrator = DatabaseMigrator()
      migrator.registerMigration("1: runs") { try $0.execute(sql: Self.first) }
      let old = try StoreDatabase(at: folder.appending(path: "runs.sqlite"), migrator: migrator)
      let id = String(repeating: "0123456789abcdef", count: 2)
      try old.write { database in
        try database.execute(
          sql: "INSERT INTO runs VALUES (?, 'kept', 'train', NULL, 'finished', 1700000000000, 1700000001000, NULL)",
          arguments: [id])
        try database.execute(sql: "INSERT INTO parameters VALUES (?, 'EPOCHS', '5')", arguments: [id])
        try database.execute(
          sql: "INSERT INTO history (run, key, step, time, value) VALUES (?, 'loss', 1, 1700000000500, 0.25)",
          arguments: [id])
      }
      try old.close()
      let store = try RunStore(at: folder)
      let run = try store.run("0123")
      let details = try store.details(of: run.id)
      #expect(run.name == "kept" && details.parameters == ["EPOCHS": "5"] && details.history.map(\.value) == [0.25])
      let server = try MLflowServer(uri: "http://127.0.0.1:1")
      try store.enroll(run.id, on: server)
      #expect(try store.runsWaiting(for: server) == [run.id])
    }
  }
}
