import Foundation
@_exported import GRDB
import LocalFiles

/// An SQLite database opened the one way this project uses: write-ahead log, every acknowledged write on the disk,
/// and the schema brought up to date before the first query.
///
/// GRDB enters the project here; a room that builds on `Storage` sees its types (`Database`, `Row`,
/// `DatabaseMigrator`) through this import. Many readers run beside one writer, in this process and in others: a
/// writer waits up to `patience` for another one.
public struct StoreDatabase: Sendable {
  /// The database's file. Two more stand beside it while it is in use, `-wal` and `-shm`.
  public let file: URL
  /// How long a query waits for another process, in seconds.
  public let patience: Double
  private let pool: DatabasePool

  /// Opens a database, or creates it with the folders on its way.
  ///
  /// - Parameters:
  ///   - file: where it is or shall be.
  ///   - migrator: every step of the schema, oldest first. Steps are never changed once released.
  ///   - patience: seconds that a query waits for another process before it gives up.
  /// - Throws: `StorageError`: `corrupt` for what is no database, `newer` for one that a newer program wrote,
  ///   `locked`, `full`, `unusable`. A file that is refused as corrupt or newer is left as it was.
  ///
  /// One process at a time opens a database, since two that both find it old would both bring it up to date.
  public init(at file: URL, migrator: DatabaseMigrator, patience: Double = 30) throws {
    self.file = file
    self.patience = patience
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    // GRDB's readers have a time of their own otherwise.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA busy_timeout = \(Int(patience * 1000))") }
    let lock = try Self.openingLock(of: file, patience: patience)
    defer { lock.remove() }
    pool = try Self.translating(file, patience) {
      try Self.refuseNewer(file, migrator, configuration)
      let pool = try DatabasePool(path: file.path, configuration: configuration)
      // GRDB sets NORMAL for a write-ahead log, with which a power cut can take acknowledged writes. Only the one
      // connection that writes needs it; foreign keys are GRDB's default.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      if try !pool.read({ try migrator.hasCompletedMigrations($0) }) { try migrator.migrate(pool) }
      return pool
    }
  }

  /// A pool writes to the file when it is opened, so the file is looked at before, by a connection that does not.
  private static func refuseNewer(_ file: URL, _ migrator: DatabaseMigrator, _ configuration: Configuration) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let queue = try DatabaseQueue(path: file.path, configuration: configuration)
    let isNewer = try queue.read { try migrator.hasBeenSuperseded($0) }
    try queue.close()
    if isNewer { throw StorageError.newer(path: file.path) }
  }

  /// Runs queries on one unchanging state of the database.
  ///
  /// - Throws: what `body` throws; SQLite's errors as `StorageError`.
  public func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(file, patience) { try pool.read(body) }
  }

  /// Runs one transaction: all of it is on the disk when this returns, or none of it ever happens.
  ///
  /// - Throws: what `body` throws; SQLite's errors as `StorageError`.
  public func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(file, patience) { try pool.write(body) }
  }

  /// Brings what is in the log into the file, as far as others that read it allow, and closes every connection; later
  /// calls throw.
  public func close() throws {
    try Self.translating(file, patience) {
      // Else a copy of the file alone, such as a backup, lacks the last writes. Whoever holds the database does it later.
      do { try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } } catch let error as DatabaseError {
        guard error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED else { throw error }
      }
      try pool.close()
    }
  }

  private static func openingLock(of file: URL, patience: Double) throws -> FolderLock {
    let folder = file.deletingLastPathComponent().appending(path: ".\(file.lastPathComponent).opening")
    do {
      return try FolderLock.waiting(folder, patience: patience)
    } catch let error as LocalFileError {
      throw switch error {
      case .locked: StorageError.locked(path: file.path, seconds: patience)
      case .diskFull: StorageError.full(path: file.path)
      case .cannotRead(_, let reason), .cannotWrite(_, let reason):
        StorageError.unusable(path: file.path, reason: reason)
      }
    }
  }

  private static func translating<Value>(
    _ file: URL, _ patience: Double, _ body: () throws -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw StorageError(error, path: file.path, patience: patience)
    }
  }
}
