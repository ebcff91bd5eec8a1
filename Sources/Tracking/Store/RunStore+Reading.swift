import Digests
import Evaluation
import Foundation
import Storage

extension RunStore {
  /// The run that a person means: by its identity, or by enough of its first digits.
  ///
  /// - Throws: `TrackingError.noSuchRun`, `ambiguousRun`.
  public func run(_ reference: String) throws -> Run {
    let lower = reference.lowercased()
    let found = try database.read { database in
      try Row.fetchAll(
        // A range, which the index of identities answers: after its digits comes nothing that is more than "g".
        database, sql: "SELECT * FROM runs WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY started LIMIT 5",
        arguments: [lower]
      ).map(Run.init(row:))
    }
    guard let first = found.first, !lower.isEmpty else {
      throw TrackingError.noSuchRun(reference: reference, store: folder.path)
    }
    guard found.count == 1 else {
      throw TrackingError.ambiguousRun(reference: reference, candidates: found.map(\.id.text))
    }
    return first
  }

  /// All that a run recorded.
  ///
  /// - Throws: `TrackingError.noSuchRun`, `StorageError`.
  public func details(of id: RunID) throws -> RunDetails {
    try database.read { database in
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id.text]) else {
        throw TrackingError.noSuchRun(reference: id.short, store: folder.path)
      }
      func rows(_ columns: String, _ table: String, order: String) throws -> [Row] {
        try Row.fetchAll(
          database, sql: "SELECT \(columns) FROM \(table) WHERE run = ? ORDER BY \(order)", arguments: [id.text])
      }
      func texts(_ table: String) throws -> [String: String] {
        Dictionary(
          uniqueKeysWithValues: try rows("key, value", table, order: "key").map { ($0["key"], $0["value"]) })
      }
      return RunDetails(
        run: try Run(row: row), parameters: try texts("parameters"), tags: try texts("tags"),
        figures: Dictionary(
          uniqueKeysWithValues: try rows("*", "figures", order: "key").map { ($0["key"], Metric(row: $0)) }),
        history: try rows("*", "history", order: "number").map(MetricPoint.init(row:)),
        artifacts: try rows("*", "artifacts", order: "path").map(RunArtifact.init(row:)))
    }
  }
}

extension Run {
  /// - Throws: `StorageError.failed` for a row that this program cannot have written.
  init(row: Row) throws {
    guard let id = RunID(row["id"]), let kind = RunKind(rawValue: row["kind"]),
      let status = RunStatus(rawValue: row["status"])
    else { throw StorageError.failed(path: "runs", reason: "the row of run '\(row["id"] as String)' makes no sense") }
    let parent: String? = row["parent"]
    let ended: Int64? = row["ended"]
    self.init(
      id: id, name: row["name"], kind: kind, parent: parent.flatMap(RunID.init), status: status,
      started: date(milliseconds: row["started"]), ended: ended.map { date(milliseconds: $0) }, failure: row["failure"])
  }
}

extension Metric {
  init(row: Row) {
    self.init(
      value: row["value"] ?? .nan, low: row["low"], high: row["high"], method: row["method"], images: row["images"],
      series: row["series"])
  }
}

extension MetricPoint {
  init(row: Row) {
    self.init(
      key: row["key"], step: row["step"], time: date(milliseconds: row["time"]), value: row["value"] ?? .nan)
  }
}

extension RunArtifact {
  init(row: Row) throws {
    guard let digest = ContentDigest(hex: row["digest"]) else {
      throw StorageError.failed(path: "runs", reason: "the digest of artifact '\(row["path"] as String)' makes no sense")
    }
    self.init(path: row["path"], digest: digest, bytes: row["bytes"])
  }
}
