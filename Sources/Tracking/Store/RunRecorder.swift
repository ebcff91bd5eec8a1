import Evaluation
import Foundation
import LocalFiles
import Storage

/// Writes one run while it goes on. Each call is on the disk when it returns.
public final class RunRecorder: Sendable {
  public let id: RunID
  private let store: RunStore
  private let lock: FolderLock

  init(id: RunID, store: RunStore, lock: FolderLock) {
    self.id = id
    self.store = store
    self.lock = lock
  }

  /// Records points of metrics that change while the run goes on.
  public func log(_ points: [MetricPoint]) throws {
    try write { database in
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
    let object = try store.objects.add(file)
    try write { database in
      // Deleting another run that had the same content may have taken it away meanwhile.
      if !FileManager.default.fileExists(atPath: store.objects.url(of: object.digest).path) { _ = try store.objects.add(file) }
      try database.execute(
        sql: "INSERT OR REPLACE INTO artifacts (run, path, digest, bytes) VALUES (?, ?, ?, ?)",
        arguments: [id.text, path, object.digest.hex, object.bytes])
    }
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
    lock.release()
    try? FileManager.default.removeItem(at: store.lockFolder(of: id))
  }

  private func write(_ body: (Database) throws -> Void) throws {
    try store.database.write { database in
      let status = try String.fetchOne(database, sql: "SELECT status FROM runs WHERE id = ?", arguments: [id.text])
      guard status == RunStatus.running.rawValue else {
        throw TrackingError.notRunning(run: id.short, status: status ?? "deleted")
      }
      try body(database)
    }
  }
}
