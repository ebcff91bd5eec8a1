import Digests
import Foundation
import Storage

/// One thing that somebody did.
public struct AuditEntry: Codable, Equatable, Sendable {
  /// What was done, by its name in the database. A name that is not here is taken for a change from outside.
  public enum Action: String, Codable, Sendable, CaseIterable {
    case serverStarted = "server.started"
    case tokenCreated = "token.created"
    case tokenRevoked = "token.revoked"
    case signedIn = "session.begun"
    case signedOut = "session.ended"
    case predictionMade = "prediction.made"
    case predictionSeen = "prediction.seen"
    case predictionsListed = "predictions.listed"
    /// Somebody asked for a result's explanation, whether or not its picture was still in memory.
    case explanationSeen = "explanation.seen"
    case feedbackGiven = "feedback.given"
    case feedbackListed = "feedback.listed"
    /// Another model answers from now on: `model` is its digest, and `detail` names the one before.
    case modelChanged = "model.changed"
    case modelPromoted = "model.promoted"
    /// `nefro models promote` refused, at the gate or before it.
    case promotionRefused = "model.refused"
    case trainingStarted = "training.started"
    case trainingCancelled = "training.cancelled"
    /// Its process ended or did not start; `detail` is the job's state then.
    case trainingEnded = "training.ended"
    /// Somebody known asked for what their role does not allow.
    case refused = "refused"
  }

  /// Counted from 1 without a gap.
  public var number: Int64
  /// Kept, and sealed, in whole milliseconds.
  public var time: Date
  /// A token's identity, or `server`, or `command line`.
  public var actor: String
  /// What they did.
  public var action: Action
  /// A result, a token, a route.
  public var subject: String?
  /// The digest of the model that answered.
  public var model: String?
  /// The `X-Request-Id` of the request's answer; nil where no request was the cause.
  public var request: String?
  /// What belongs to the action, such as the new token's role, the decision or the verdict; nil if nothing does.
  public var detail: String?

  /// An entry that is still to be added, unless it has a number.
  ///
  /// - Parameters:
  ///   - number: 0 for a new one: the trail counts.
  ///   - time: is rounded to milliseconds when it is kept.
  ///   - actor: a token's identity, or `server`, or `command line`.
  ///   - action: what they did.
  ///   - subject: a result, a token, a route; nil for none.
  ///   - model: the digest of the model that answered, hexadecimal; nil for none.
  ///   - request: the request's id; nil where none was the cause.
  ///   - detail: must not name a patient.
  public init(
    number: Int64 = 0, time: Date, actor: String, action: Action, subject: String? = nil, model: String? = nil,
    request: String? = nil, detail: String? = nil
  ) {
    self.number = number
    self.time = time
    self.actor = actor
    self.action = action
    self.subject = subject
    self.model = model
    self.request = request
    self.detail = detail
  }

  /// Over all of it and the seal before it. Lengths keep a text from flowing into the next one.
  func seal(after previous: String) -> String {
    let fields: [String?] = [
      previous, "\(number)", "\(milliseconds(time))", actor, action.rawValue, subject, model, request, detail,
    ]
    return ContentDigest(of: fields.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: "\n")).hex
  }
}

/// Who did what, in order. It only grows, and a row that was changed or taken out from outside shows.
public struct AuditTrail: Sendable {
  let records: ServingRecords

  /// - Parameter records: the database that it is a table of.
  public init(_ records: ServingRecords) { self.records = records }

  /// Before the first entry.
  static let firstSeal = String(repeating: "0", count: 64)

  /// Adds an entry within a transaction; its number is given here.
  static func add(_ entry: AuditEntry, in database: Database) throws {
    let last = try Row.fetchOne(database, sql: "SELECT number, seal FROM audit ORDER BY number DESC LIMIT 1")
    var entry = entry
    entry.number = (last.map { $0["number"] as Int64 } ?? 0) + 1
    let seal = entry.seal(after: last.map { $0["seal"] as String } ?? firstSeal)
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
    try records.database.read { database in
      var (count, seal): (Int64, String) = (0, Self.firstSeal)
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM audit ORDER BY number")
      while let row = try rows.next() {
        let number: Int64 = row["number"]
        let kind: String = row["action"]
        guard number == count + 1, let action = AuditEntry.Action(rawValue: kind) else {
          throw ServingError.auditTrailChanged(entry: number)
        }
        let entry = AuditEntry(
          number: number, time: date(milliseconds: row["time"]), actor: row["actor"], action: action,
          subject: row["subject"], model: row["model"], request: row["request"], detail: row["detail"])
        let stored: String = row["seal"]
        guard entry.seal(after: seal) == stored else { throw ServingError.auditTrailChanged(entry: number) }
        (count, seal) = (number, stored)
        try body(entry)
      }
      return (count, seal)
    }
  }
}
