import Foundation
import LocalFiles
import Storage

/// Every run of a project, in one SQLite database, with the files the runs left beside it.
///
/// In its folder: `runs.sqlite`, `objects/` (artifacts by digest) and `running/` (a lock for each run that goes on,
/// which a killed process loses at once: that is how an interrupted run is told from one that goes on).
public struct RunStore: Sendable {
  /// The store's own folder.
  public let folder: URL
  /// The files that runs and registered models left.
  public let objects: ObjectStore
  let database: StoreDatabase
  let clock: @Sendable () -> Date

  /// Opens a store, or makes one; runs whose process has died are marked as interrupted, at their last sign of life,
  /// and half copies of files that they left are removed.
  ///
  /// - Parameters:
  ///   - folder: where it is or shall be.
  ///   - patience: seconds that a query waits for another process.
  ///   - clock: what runs' times are read from.
  /// - Throws: `StorageError`, `LocalFileError`.
  public init(
    at folder: URL, patience: Double = 30, clock: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    self.folder = folder
    self.clock = clock
    objects = ObjectStore(folder: folder.appending(path: "objects"))
    let file = folder.appending(path: "runs.sqlite")
    // SQLite takes an empty file for a new database, and runs that were there would be gone without a word.
    if FileManager.default.fileExists(atPath: objects.folder.path),
      (try? FileManager.default.attributesOfItem(atPath: file.path))?[.size] as? Int == 0
    {
      throw StorageError.corrupt(path: file.path, reason: "it is empty, though files of runs lie beside it")
    }
    database = try StoreDatabase(at: file, migrator: RunSchema.migrator, patience: patience)
    try markInterrupted()
    AtomicFile.removeRemains(in: objects.folder)
  }

  /// Where a project's runs are: `.nefro` in its folder.
  public static func folder(ofProject root: URL) -> URL { root.appending(path: ".nefro") }

  /// Whether an error means that the store cannot be written now, so that other writes would fail as well.
  public static func refusesAll(after error: any Error) -> Bool {
    switch error {
    case StorageError.failed: false
    case is StorageError: true
    default: false
    }
  }

  func lockFolder(of run: RunID) -> URL { folder.appending(path: "running").appending(path: run.text) }

  /// Marks the runs whose process has died. Their locks are held until that is written: one that is resumed meanwhile is
  /// either seen to go on, or resumed after it.
  private func markInterrupted() throws {
    let running = try database.read { try RunID.all(status: .running, in: $0) }
    // A few at a time: a process may not open any number of files.
    for start in stride(from: 0, to: running.count, by: 64) {
      let dead = running[start..<min(start + 64, running.count)].compactMap { id in
        (try? FolderLock(lockFolder(of: id))).map { (id: id, lock: $0) }
      }
      guard !dead.isEmpty else { continue }
      try database.write { database in
        for (id, _) in dead {
          // Runs of an older version have their last metric alone as a sign of life.
          try database.execute(
            sql: """
              UPDATE runs SET status = ?1, ended = coalesce(
                last_written, (SELECT max(max(time), runs.started) FROM history WHERE run = runs.id), started)
              WHERE id = ?2 AND status = ?3
              """, arguments: [RunStatus.interrupted.rawValue, id.text, RunStatus.running.rawValue])
        }
      }
      for (_, lock) in dead { lock.remove() }
    }
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
