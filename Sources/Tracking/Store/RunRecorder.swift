import Digests
import Evaluation
import Foundation
import LocalFiles
import Storage

/// Writes one run while it goes on. Each call is on the disk when it returns.
public final class RunRecorder: Sendable {
  /// The run that it writes.
  public let id: RunID
  private let store: RunStore
  private let lock: FolderLock

  init(id: RunID, store: RunStore, lock: FolderLock) {
    self.id = id
    self.store = store
    self.lock = lock
  }

  /// Records points of metrics that change while the run goes on, and what is known with them.
  ///
  /// - Parameter tags: as for `set(tags:)`; both are there, or neither.
  public func log(_ points: [MetricPoint], tags: [String: String] = [:]) throws {
    try write { database in
      try RunStore.set(tags: tags, of: id, in: database)
      for point in points {
        try database.execute(
          sql: "INSERT INTO history (run, key, step, time, value) VALUES (?, ?, ?, ?, ?)",
          arguments: [id.text, point.key, point.step, milliseconds(point.time), point.value])
      }
    }
  }

  /// Records parameters; one that is there already must not change.
  ///
  /// - Throws: `TrackingError.parameterChanged`; then none of them is recorded.
  public func log(parameters: [String: String]) throws {
    try write { try RunStore.insert(parameters: parameters, of: id, in: $0) }
  }

  /// Sets tags; one that is there already gets the new value.
  public func set(tags: [String: String]) throws {
    try write { try RunStore.set(tags: tags, of: id, in: $0) }
  }

  /// Records final metrics with their intervals; one that is there already gets the new value.
  public func log(figures: [String: Metric]) throws {
    try write { database in
      for (key, figure) in figures {
        try database.execute(
          sql: "INSERT OR REPLACE INTO figures (run, key, value, low, high, method, images, series) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            id.text, key, figure.value, figure.low, figure.high, figure.method, figure.images, figure.series,
          ])
      }
    }
  }

  /// Keeps a copy of a file; another one under the same path takes its place.
  ///
  /// - Parameter path: names with `/` between them, such as `model/model.safetensors`.
  /// - Throws: `TrackingError.badArtifactPath`, `LocalFileError`.
  public func add(_ file: URL, as path: String) throws {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.contains("\0"), parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw TrackingError.badArtifactPath(path)
    }
    let copy = try store.objects.add(file)
    let before = try write { database in
      let object = try store.objects.keeping(copy, of: file)
      let before = try String.fetchOne(
        database, sql: "SELECT digest FROM artifacts WHERE run = ? AND path = ? AND digest <> ?",
        arguments: [id.text, path, object.digest.hex])
      try database.execute(
        sql: "INSERT OR REPLACE INTO artifacts (run, path, digest, bytes) VALUES (?, ?, ?, ?)",
        arguments: [id.text, path, object.digest.hex, object.bytes])
      return before.flatMap(ContentDigest.init(hex:))
    }
    if let before { try store.removeIfUnused(before) }
  }

  /// Ends the run. Nothing can be recorded afterwards.
  ///
  /// - Parameter failure: why it failed, for status `failed`.
  public func finish(_ status: RunStatus = .finished, failure: String? = nil) throws {
    let now = store.clock()
    try write { database in
      try database.execute(
        sql: "UPDATE runs SET status = ?, ended = ?, failure = ? WHERE id = ?",
        arguments: [status.rawValue, milliseconds(now), failure, id.text])
    }
    lock.remove()
  }

  private func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let now = store.clock()
    return try store.database.write { database in
      try database.execute(
        sql: "UPDATE runs SET last_written = ? WHERE id = ? AND status = ?",
        arguments: [milliseconds(now), id.text, RunStatus.running.rawValue])
      guard database.changesCount == 1 else {
        let status = try String.fetchOne(database, sql: "SELECT status FROM runs WHERE id = ?", arguments: [id.text])
        throw TrackingError.notRunning(run: id.short, status: status ?? "deleted")
      }
      return try body(database)
    }
  }
}
