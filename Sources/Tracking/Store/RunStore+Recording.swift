import Foundation
import LocalFiles
import Storage

extension RunStore {
  /// Starts a run.
  ///
  /// - Parameters:
  ///   - name: for people; need not be unique.
  ///   - parent: the run it is a part of.
  /// - Returns: what records it. It must be kept as long as the run goes on, since it holds the run's lock.
  /// - Throws: `StorageError`, `LocalFileError`.
  public func begin(
    _ kind: RunKind, name: String, parent: RunID? = nil, parameters: [String: String] = [:],
    tags: [String: String] = [:]
  ) throws -> RunRecorder {
    var generator = SystemRandomNumberGenerator()
    let id = RunID.random(using: &generator)
    // The lock comes first: a row without one is a dead run to others.
    let lock = try FolderLock(lockFolder(of: id))
    let now = clock()
    try database.write { database in
      try database.execute(
        sql: "INSERT INTO runs (id, name, kind, parent, status, started, last_written) VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          id.text, name, kind.rawValue, parent?.text, RunStatus.running.rawValue, milliseconds(now), milliseconds(now),
        ])
      try Self.insert(parameters: parameters, of: id, in: database)
      try Self.set(tags: tags, of: id, in: database)
    }
    return RunRecorder(id: id, store: self, lock: lock)
  }

  /// Goes on with a run that was interrupted or failed.
  ///
  /// - Throws: `TrackingError.noSuchRun`; `notRunning` for one that has finished; `LocalFileError.locked` for one that
  ///   goes on elsewhere.
  public func resume(_ id: RunID) throws -> RunRecorder {
    // Whoever opens the store holds the lock for a moment, to see whether the run lives.
    let lock = try FolderLock.waiting(lockFolder(of: id), patience: 2)
    let now = clock()
    try database.write { database in
      guard let status = try String.fetchOne(database, sql: "SELECT status FROM runs WHERE id = ?", arguments: [id.text])
      else { throw TrackingError.noSuchRun(reference: id.short, store: folder.path) }
      guard status != RunStatus.finished.rawValue else {
        throw TrackingError.notRunning(run: id.short, status: status)
      }
      try database.execute(
        sql: "UPDATE runs SET status = ?, ended = NULL, failure = NULL, last_written = ? WHERE id = ?",
        arguments: [RunStatus.running.rawValue, milliseconds(now), id.text])
    }
    return RunRecorder(id: id, store: self, lock: lock)
  }

  static func insert(parameters: [String: String], of id: RunID, in database: Database) throws {
    for (key, value) in parameters {
      let before = try String.fetchOne(
        database, sql: "SELECT value FROM parameters WHERE run = ? AND key = ?", arguments: [id.text, key])
      if let before {
        guard before == value else {
          throw TrackingError.parameterChanged(run: id.short, key: key, before: before, after: value)
        }
        continue
      }
      try database.execute(
        sql: "INSERT INTO parameters (run, key, value) VALUES (?, ?, ?)", arguments: [id.text, key, value])
    }
  }

  static func set(tags: [String: String], of id: RunID, in database: Database) throws {
    for (key, value) in tags {
      try database.execute(
        sql: "INSERT OR REPLACE INTO tags (run, key, value) VALUES (?, ?, ?)", arguments: [id.text, key, value])
    }
  }
}
