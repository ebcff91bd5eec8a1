import Foundation
import LocalFiles
import Storage

/// Every run of a project, in one SQLite database, with the files the runs left beside it.
///
/// In its folder: `runs.sqlite`, `objects/` (artifacts by digest) and `running/` (a lock for each run that goes on,
/// which a killed process loses at once: that is how an interrupted run is told from one that goes on).
public struct RunStore: Sendable {
  public let folder: URL
  public let objects: ObjectStore
  let database: StoreDatabase
  let clock: @Sendable () -> Date

  /// Opens a store, or makes one; runs whose process has died are marked as interrupted.
  ///
  /// - Parameter patience: seconds that a write waits for another process.
  /// - Throws: `StorageError`, `LocalFileError`.
  public init(
    at folder: URL, patience: Double = 30, clock: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    self.folder = folder
    self.clock = clock
    objects = ObjectStore(folder: folder.appending(path: "objects"))
    database = try StoreDatabase(
      at: folder.appending(path: "runs.sqlite"), migrator: RunSchema.migrator, patience: patience)
    try markInterrupted()
  }

  /// Where a project's runs are: `.nefro` in its folder.
  public static func folder(ofProject root: URL) -> URL { root.appending(path: ".nefro") }

  func lockFolder(of run: RunID) -> URL { folder.appending(path: "running").appending(path: run.text) }

  private func markInterrupted() throws {
    let running = try database.read { try RunID.all(status: .running, in: $0) }
    let dead = running.filter { id in
      guard let lock = try? FolderLock(lockFolder(of: id)) else { return false }
      lock.release()
      return true
    }
    guard !dead.isEmpty else { return }
    let now = clock()
    try database.write { database in
      for id in dead {
        try database.execute(
          sql: "UPDATE runs SET status = ?, ended = ? WHERE id = ? AND status = ?",
          arguments: [
            RunStatus.interrupted.rawValue, milliseconds(now), id.text, RunStatus.running.rawValue,
          ])
      }
    }
    for id in dead { try? FileManager.default.removeItem(at: lockFolder(of: id)) }
  }
}

extension RunID {
  static func all(status: RunStatus, in database: Database) throws -> [RunID] {
    try String.fetchAll(database, sql: "SELECT id FROM runs WHERE status = ?", arguments: [status.rawValue])
      .compactMap(RunID.init)
  }
}

/// Times are kept in whole milliseconds since 1970, as MLflow keeps them.
func milliseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }

func date(milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
