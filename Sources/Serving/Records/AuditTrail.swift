import Foundation
import Storage

/// Who did what, in order. It only grows, and a row that was changed or taken out from outside shows.
public struct AuditTrail: Sendable {
  let records: ServingRecords

  /// - Parameter records: the database that it is a table of.
  public init(_ records: ServingRecords) { self.records = records }

  /// Adds an entry within a transaction; its number is given here.
  static func add(_ entry: AuditEntry, in database: Database) throws {
    let last = try Row.fetchOne(database, sql: "SELECT number, seal FROM audit ORDER BY number DESC LIMIT 1")
    var entry = entry
    entry.number = (last.map { $0["number"] as Int64 } ?? 0) + 1
    let seal = entry.seal(after: last.map { $0["seal"] as String } ?? AuditChain.firstSeal)
    try database.execute(
      sql: """
        INSERT INTO audit (number, time, actor, action, subject, model, request, detail, seal)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        entry.number, milliseconds(entry.time), entry.actor, entry.action.rawValue, entry.subject, entry.model,
        entry.request, entry.detail, seal,
      ])
  }

  /// Adds an entry in a transaction of its own: it is on the disk when this returns. Its number is given here.
  ///
  /// - Throws: `StorageError`.
  public func add(_ entry: AuditEntry) throws {
    try records.database.write { try Self.add(entry, in: $0) }
  }

  /// Gives every entry in order, each checked against its seal.
  ///
  /// - Returns: how many there are, and the last one's seal: whoever keeps it elsewhere can tell later whether the end
  ///   was cut off.
  /// - Throws: `ServingError.auditTrailChanged`, what `body` throws, `StorageError`.
  @discardableResult public func forEach(_ body: (AuditEntry) throws -> Void) throws -> (count: Int64, seal: String) {
    try forEachSealed { try body($0.entry) }
  }

  /// As `forEach`, with each entry's seal.
  ///
  /// - Parameter knownSeal: one that was printed earlier, which some entry must have; nil for none.
  /// - Throws: as `forEach`, and `ServingError.auditTrailCut` if no entry has the known seal.
  @discardableResult public func forEachSealed(
    knownSeal: String? = nil, _ body: (SealedAuditEntry) throws -> Void
  ) throws -> (count: Int64, seal: String) {
    try records.database.read { database in
      var chain = AuditChain(knownSeal: knownSeal)
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM audit ORDER BY number")
      while let row = try rows.next() {
        let number: Int64 = row["number"]
        let kind: String = row["action"]
        guard let action = AuditEntry.Action(rawValue: kind) else {
          throw ServingError.auditTrailChanged(entry: number)
        }
        let entry = AuditEntry(
          number: number, time: date(milliseconds: row["time"]), actor: row["actor"], action: action,
          subject: row["subject"], model: row["model"], request: row["request"], detail: row["detail"])
        let sealed = SealedAuditEntry(entry: entry, seal: row["seal"])
        try chain.append(sealed)
        try body(sealed)
      }
      return try chain.finish()
    }
  }
}
