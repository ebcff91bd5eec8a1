import Digests
import Foundation
import Storage

/// Every answer that was given, as it was given.
public struct ResultStore: Sendable {
  let records: ServingRecords

  /// - Parameter records: the database that also holds the audit trail, where each new answer is entered.
  public init(_ records: ServingRecords) { self.records = records }

  /// A stored answer with whom it belongs to.
  struct Stored: Sendable {
    var number: Int64
    var id: String
    var owner: String
    /// JSON, as the client got it.
    var document: String

    init(_ row: Row) {
      (number, id, owner, document) = (row["number"], row["id"], row["owner"], row["document"])
    }
  }

  /// Keeps the answers of one request, with their entries in the audit trail: all of it is on the disk when this returns.
  ///
  /// - Returns: the answers' JSON, in their order.
  func add(_ predictions: [Prediction], of owner: Principal, request: String, at time: Date) throws -> [String] {
    let documents = try predictions.map { String(decoding: try APIJSON.encode($0), as: UTF8.self) }
    try records.database.write { database in
      for (prediction, document) in zip(predictions, documents) {
        try database.execute(
          sql: """
            INSERT INTO results (id, time, owner, study, label, decision, model, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            prediction.id, milliseconds(time), owner.id, prediction.study, prediction.label,
            prediction.decision.rawValue, prediction.model.digest.hex, document,
          ])
        try AuditTrail.add(
          AuditEntry(
            time: time, actor: owner.id, action: .predictionMade, subject: prediction.id,
            model: prediction.model.digest.hex, request: request, detail: prediction.decision.rawValue),
          in: database)
      }
    }
    return documents
  }

  /// A result that somebody may see; nil if there is none of that identity, or it is somebody else's.
  func result(_ id: String, for principal: Principal) throws -> Stored? {
    let row = try records.database.read { database in
      try Row.fetchOne(database, sql: "SELECT number, id, owner, document FROM results WHERE id = ?", arguments: [id])
    }
    guard let row else { return nil }
    let stored = Stored(row)
    return principal.seesAll || stored.owner == principal.id ? stored : nil
  }

  /// The latest results that somebody may see, of those that are looked for.
  func latest(_ limit: Int, _ search: ResultSearch = ResultSearch(), for principal: Principal) throws -> [Stored] {
    var (conditions, arguments) = search.conditions
    conditions.append("1")
    if !principal.seesAll {
      conditions.append("owner = ?")
      arguments += [principal.id]
    }
    arguments += [limit]
    return try records.database.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT number, id, owner, document FROM results
          WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?
          """,
        arguments: arguments
      ).map(Stored.init)
    }
  }
}
