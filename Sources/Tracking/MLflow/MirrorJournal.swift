import Digests
import Foundation
import Storage

/// How much of a run a server has acknowledged. It is written after each acknowledgement, so that a process that dies
/// at any moment leaves at most one call in doubt, and says so beforehand.
package struct MirrorState: Equatable, Sendable {
  package var run: RunID
  package var server: String
  package var experiment: String?
  /// The run's identity on the server.
  package var remote: String?
  package var artifacts: String?
  /// A creation was sent, and it is not known what became of it.
  package var isCreating = false
  /// Points of the history up to this number are there.
  package var history: Int64 = 0
  /// Points above `history`, up to this number, may be there as well.
  package var doubtful: Int64 = 0
  /// The end of the run, in Unix milliseconds, that was there whole; nil if there is more to send.
  package var settled: Int64?

  package init(run: RunID, server: String) {
    self.run = run
    self.server = server
  }
}

/// The journal's tables: a step of the run store's schema.
enum MirrorSchema {
  static func create(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE mirrors (
          run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
          server TEXT NOT NULL,
          experiment TEXT, remote TEXT, artifacts TEXT,
          creating INTEGER NOT NULL DEFAULT 0,
          history INTEGER NOT NULL DEFAULT 0,
          doubtful INTEGER NOT NULL DEFAULT 0,
          settled INTEGER,
          PRIMARY KEY (run, server)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE mirrored_files (
          run TEXT NOT NULL, server TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL,
          PRIMARY KEY (run, server, path),
          FOREIGN KEY (run, server) REFERENCES mirrors(run, server) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        """)
  }

  /// Up to which of its events a server has a registered model.
  static func createModels(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE mirrored_models (
          model TEXT NOT NULL, server TEXT NOT NULL, event INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (model, server)
        ) STRICT, WITHOUT ROWID;
        """)
  }
}

extension RunStore {
  /// Marks a run as one that shall be on a server, without contacting it.
  public func enroll(_ run: RunID, on server: MLflowServer) throws {
    try database.write { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO mirrors (run, server) VALUES (?, ?)", arguments: [run.text, server.name])
    }
  }

  /// The runs that have ended and are not on a server as they are here, oldest first.
  ///
  /// - Parameter all: also those that were recorded without that server, and those that still go on.
  public func runsWaiting(for server: MLflowServer, all: Bool = false) throws -> [RunID] {
    try database.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT runs.id FROM runs \(all ? "LEFT JOIN" : "JOIN") mirrors
            ON mirrors.run = runs.id AND mirrors.server = ?
          WHERE (? OR runs.ended IS NOT NULL) AND (mirrors.settled IS NULL OR mirrors.settled IS NOT runs.ended)
          ORDER BY runs.started, runs.id
          """, arguments: [server.name, all]
      ).compactMap(RunID.init)
    }
  }

  package func mirrorState(of run: RunID, on server: String) throws -> MirrorState? {
    try database.read { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT * FROM mirrors WHERE run = ? AND server = ?", arguments: [run.text, server])
      else { return nil }
      var state = MirrorState(run: run, server: server)
      state.experiment = row["experiment"]
      state.remote = row["remote"]
      state.artifacts = row["artifacts"]
      state.isCreating = row["creating"]
      state.history = row["history"]
      state.doubtful = row["doubtful"]
      state.settled = row["settled"]
      return state
    }
  }

  package func save(_ state: MirrorState) throws {
    try database.write { database in
      try database.execute(
        sql: """
          INSERT INTO mirrors (run, server, experiment, remote, artifacts, creating, history, doubtful, settled)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (run, server) DO UPDATE SET experiment = excluded.experiment, remote = excluded.remote,
            artifacts = excluded.artifacts, creating = excluded.creating, history = excluded.history,
            doubtful = excluded.doubtful, settled = excluded.settled
          """,
        arguments: [
          state.run.text, state.server, state.experiment, state.remote, state.artifacts, state.isCreating,
          state.history, state.doubtful, state.settled,
        ])
    }
  }

  /// Forgets what a server has of a run: it has lost it, or has never had it. The run stays one that shall be there.
  package func restartMirror(of run: RunID, on server: String) throws {
    try database.write { database in
      let whose: StatementArguments = [run.text, server]
      try database.execute(sql: "DELETE FROM mirrors WHERE run = ? AND server = ?", arguments: whose)
      try database.execute(sql: "INSERT INTO mirrors (run, server) VALUES (?, ?)", arguments: whose)
    }
  }

  /// The next points of a run's history.
  ///
  /// - Parameter number: of the last point before them.
  package func history(of run: RunID, after number: Int64, limit: Int) throws -> [(number: Int64, point: MetricPoint)] {
    try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM history WHERE run = ? AND number > ? ORDER BY number LIMIT ?",
        arguments: [run.text, number, limit]
      ).map { ($0["number"], MetricPoint(row: $0)) }
    }
  }

  /// The digests of the artifacts and long values that a server has acknowledged, by path.
  package func mirroredFiles(of run: RunID, on server: String) throws -> [String: String] {
    try database.read { database in
      Dictionary(
        uniqueKeysWithValues: try Row.fetchAll(
          database, sql: "SELECT path, digest FROM mirrored_files WHERE run = ? AND server = ?",
          arguments: [run.text, server]
        ).map { ($0["path"], $0["digest"]) })
    }
  }

  package func acknowledgeFile(_ path: String, digest: String, of run: RunID, on server: String) throws {
    try database.write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO mirrored_files (run, server, path, digest) VALUES (?, ?, ?, ?)",
        arguments: [run.text, server, path, digest])
    }
  }

  /// A text that changes with a run's status and with each point, parameter, tag or artifact that is new. Another value
  /// of a tag, another artifact in an old one's place and figures do not change it: they go with the next change, at the
  /// latest with the run's end.
  package func changeMark(of run: RunID) throws -> String {
    try database.read { database in
      try String.fetchOne(
        database,
        sql: """
          SELECT status || ' ' || coalesce(ended, '') || ' '
            || coalesce((SELECT max(number) FROM history WHERE run = id), 0) || ' '
            || (SELECT count(*) FROM parameters WHERE run = id) || ' '
            || (SELECT count(*) FROM tags WHERE run = id) || ' '
            || (SELECT count(*) FROM artifacts WHERE run = id)
          FROM runs WHERE id = ?
          """, arguments: [run.text]) ?? ""
    }
  }
}
