import Digests
import Foundation
import Storage

extension RunStore {
  /// The runs that are parts of another one.
  public func parts(of id: RunID) throws -> [Run] {
    try database.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM runs WHERE parent = ? ORDER BY started", arguments: [id.text])
        .map(Run.init(row:))
    }
  }

  /// Deletes runs, and the files that only they had. What a registered model needs stays.
  ///
  /// - Parameters:
  ///   - includingParts: their parts with them.
  ///   - includingMakers: also runs that a registered model comes from. The model stays, but nothing tells any more what it
  ///     was made of.
  /// - Returns: how many runs are gone, and how many bytes of files.
  /// - Throws: `TrackingError.hasParts` for a run with parts that are not to be deleted, `madeModels`, `stillRunning`; then
  ///   all stay.
  @discardableResult
  public func delete(_ ids: [RunID], includingParts: Bool = false, includingMakers: Bool = false) throws -> (runs: Int, bytes: Int64) {
    let gone: (runs: Int, digests: [String: Int64]) = try database.write { database in
      var doomed: [RunID] = []
      var waiting = ids
      while let id = waiting.popLast() {
        guard !doomed.contains(id) else { continue }
        guard let status = try String.fetchOne(database, sql: "SELECT status FROM runs WHERE id = ?", arguments: [id.text])
        else { throw TrackingError.noSuchRun(reference: id.short, store: folder.path) }
        if status == RunStatus.running.rawValue { throw TrackingError.stillRunning(run: id.short) }
        let models = try String.fetchAll(
          database, sql: "SELECT model || ':' || number FROM model_versions WHERE run = ? ORDER BY model, number",
          arguments: [id.text])
        if !models.isEmpty, !includingMakers { throw TrackingError.madeModels(run: id.short, models: models) }
        doomed.append(id)
        let parts = try String.fetchAll(database, sql: "SELECT id FROM runs WHERE parent = ?", arguments: [id.text])
          .compactMap(RunID.init)
        if !includingParts, let count = Optional(parts.filter { !ids.contains($0) }.count), count > 0 {
          throw TrackingError.hasParts(run: id.short, count: count)
        }
        waiting += parts
      }
      var digests: [String: Int64] = [:]
      for id in doomed {
        for row in try Row.fetchAll(
          database, sql: "SELECT digest, bytes FROM artifacts WHERE run = ?", arguments: [id.text])
        { digests[row["digest"]] = row["bytes"] }
      }
      for id in doomed { try database.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [id.text]) }
      return (doomed.count, digests)
    }
    // Only once the runs are gone for certain: one that is still there lacks no file.
    var bytes: Int64 = 0
    for (hex, size) in gone.digests {
      guard let digest = ContentDigest(hex: hex), try removeIfUnused(digest) else { continue }
      bytes += size
    }
    return (gone.runs, bytes)
  }
}
