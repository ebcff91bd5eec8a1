import Dispatch
import Foundation
import LocalFiles
import Storage

/// What a server remembers: tokens, results, feedback and the audit trail, in one SQLite database. Everything in it is
/// on the disk before it is acknowledged, and nothing in it names a patient or holds a picture.
public struct ServingRecords: Sendable {
  /// Its file is `serving.sqlite`, its schema brought up to date.
  public let database: StoreDatabase
  let clock: @Sendable () -> Date
  /// Threads that serve connections do not wait for the disk. One queue for looking tokens up and one for writing: each
  /// has one thread, however many ask.
  private let readers = DispatchQueue(label: "nefro.records.reading")
  private let writers = DispatchQueue(label: "nefro.records.writing")

  /// Runs a short look-up away from the threads that serve connections.
  func reading<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await offload(on: readers, work)
  }

  /// Runs something that writes away from the threads that serve connections.
  func writing<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await offload(on: writers, work)
  }

  /// Opens `serving.sqlite` in a folder, or makes it.
  ///
  /// - Throws: `StorageError`, `LocalFileError`.
  public init(in folder: URL, patience: Double = 30, clock: @escaping @Sendable () -> Date = { Date() }) throws {
    self.clock = clock
    let file = Self.file(in: folder)
    // Answers about patients: for the user that runs the server alone. SQLite gives the files beside it the same mode.
    try AtomicFile.createFolder(folder)
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
    database = try StoreDatabase(at: file, migrator: ServingSchema.migrator, patience: patience)
  }

  /// Where the database of a folder is or would be; nothing is looked for.
  public static func file(in folder: URL) -> URL { folder.appending(path: "serving.sqlite") }

  /// Opens a database that is there.
  ///
  /// - Throws: `ServingError.noRecords`; looking must not make one.
  public static func existing(
    in folder: URL, clock: @escaping @Sendable () -> Date = { Date() }
  ) throws -> ServingRecords {
    guard FileManager.default.fileExists(atPath: file(in: folder).path) else {
      throw ServingError.noRecords(path: folder.path)
    }
    return try ServingRecords(in: folder, clock: clock)
  }
}

/// Times are kept in whole milliseconds since 1970.
func milliseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }

func date(milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

/// A time as the API writes it: ISO 8601, UTC, with milliseconds.
///
/// They are those of `milliseconds`: the style cuts off what is behind its last digit, and most milliseconds have no exact
/// `Date`, so it is given the middle between this one and the next.
func timestamp(_ date: Date) -> String {
  Date(timeIntervalSince1970: (Double(milliseconds(date)) + 0.5) / 1000)
    .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}

/// Runs work that waits for a disk or a processor away from the threads that serve connections.
func offload<Value: Sendable>(
  on queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    queue.async { continuation.resume(with: Result(catching: work)) }
  }
}
