import Foundation
import Storage

extension RunStore {
  /// Whether a folder holds a store.
  public static func exists(at folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "runs.sqlite").path)
  }

  /// All that a run recorded; nil if there is no such run here.
  public func detailsIfThere(of id: RunID) throws -> RunDetails? {
    do { return try details(of: id) } catch TrackingError.noSuchRun { return nil }
  }

  /// The run of a kind that was started last among those with a tag of this value; nil if there is none.
  public func last(_ kind: RunKind, tagged key: String, _ value: String) throws -> Run? {
    try database.read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT runs.* FROM tags JOIN runs ON runs.id = tags.run
          WHERE tags.key = ? AND tags.value = ? AND kind = ? ORDER BY started DESC, runs.rowid DESC LIMIT 1
          """, arguments: [key, value, kind.rawValue]
      ).map(Run.init(row:))
    }
  }

  /// The run that left a model, the latest if there are several; nil if there is none.
  ///
  /// - Parameters:
  ///   - key: the tag under which runs keep the identity of their model's content.
  ///   - identity: that of the model.
  public func maker(ofModelTagged key: String, _ identity: String) throws -> RunID? {
    try database.read { database in
      try String.fetchOne(
        database,
        sql: """
          SELECT runs.id FROM tags JOIN runs ON runs.id = tags.run
            JOIN artifacts ON artifacts.run = runs.id AND artifacts.path = ?
          WHERE tags.key = ? AND tags.value = ? AND runs.status = ?
          ORDER BY runs.started DESC, runs.rowid DESC LIMIT 1
          """, arguments: [RunArtifact.model, key, identity, RunStatus.finished.rawValue]
      ).flatMap(RunID.init)
    }
  }
}
