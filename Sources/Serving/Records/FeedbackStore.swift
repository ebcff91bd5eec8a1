import Foundation
import Storage

/// What a person says of an answer.
public struct Feedback: Codable, Equatable, Sendable {
  /// Whether the person agrees with what the model said.
  public enum Verdict: String, Codable, Sendable { case agree, disagree }

  /// Larger than that of any feedback before it.
  public var id: Int64
  /// The result's identity.
  public var prediction: String
  /// Whether they agree with the answer.
  public var verdict: Verdict
  /// The class that the person names; nil if they agree or do not say.
  public var label: String?
  /// At most 500 characters; it must not name a patient.
  public var note: String?
  /// The name of the token that gave it.
  public var by: String
  /// When it was given, in whole milliseconds.
  public var time: Date
}

/// Feedback beside what the model had said: a row of a later reader study.
public struct FeedbackRow: Codable, Equatable, Sendable {
  /// What the person said.
  public var feedback: Feedback
  /// The class that the model named, even where `decision` did not give it as an answer.
  public var predictedLabel: String
  /// `answered`, `uncertain` or `not_kidney_ct`.
  public var decision: String
  /// What the model said of each class, 0…1.
  public var probabilities: [String: Double]
  /// The model's digest.
  public var model: String
}

/// What persons said of answers. It only grows: who changes their mind says so again.
public struct FeedbackStore: Sendable {
  let records: ServingRecords

  /// - Parameter records: the database that also holds the results which are judged.
  public init(_ records: ServingRecords) { self.records = records }

  /// - Parameter result: that `author` may see.
  package func add(
    _ verdict: Feedback.Verdict, label: String?, note: String?, on result: String, by author: Principal, request: String
  ) throws -> Feedback {
    let now = records.clock()
    return try records.database.write { database in
      try database.execute(
        sql: "INSERT INTO feedback (result, time, author, name, verdict, label, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [result, milliseconds(now), author.id, author.name, verdict.rawValue, label, note])
      let id = database.lastInsertedRowID
      try AuditTrail.add(
        AuditEntry(
          time: now, actor: author.id, action: .feedbackGiven, subject: result, request: request,
          detail: verdict.rawValue),
        in: database)
      return Feedback(
        id: id, prediction: result, verdict: verdict, label: label, note: note, by: author.name,
        time: date(milliseconds: milliseconds(now)))
    }
  }

  /// Feedback with larger numbers than one, the oldest first.
  ///
  /// - Parameters:
  ///   - number: 0 for the beginning.
  ///   - limit: how many rows at most: all of them would not fit into memory some day.
  func rows(after number: Int64, limit: Int) throws -> [FeedbackRow] {
    try records.database.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT feedback.*, results.label AS predicted, results.decision, results.model, results.document
          FROM feedback JOIN results ON results.id = feedback.result
          WHERE feedback.id > ? ORDER BY feedback.id LIMIT ?
          """,
        arguments: [number, limit]
      ).map { row in
        let document: String = row["document"]
        return FeedbackRow(
          feedback: try Feedback(row), predictedLabel: row["predicted"], decision: row["decision"],
          probabilities: try APIJSON.decode(Prediction.self, from: Data(document.utf8)).probabilities,
          model: row["model"])
      }
    }
  }

  /// The classes of the models that gave the answers which were judged.
  ///
  /// - Parameter number: only feedback up to this one.
  func classes(upTo number: Int64) throws -> [String] {
    // One result of each model knows all of its classes.
    let documents = try records.database.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT document FROM results WHERE number IN (
            SELECT max(results.number) FROM feedback JOIN results ON results.id = feedback.result
            WHERE feedback.id <= ? GROUP BY results.model)
          """,
        arguments: [number])
    }
    return try Set(
      documents.flatMap { try APIJSON.decode(Prediction.self, from: Data($0.utf8)).probabilities.keys }
    ).sorted()
  }

  /// The number of the latest feedback, 0 if there is none.
  func latest() throws -> Int64 {
    try records.database.read { try Int64.fetchOne($0, sql: "SELECT coalesce(max(id), 0) FROM feedback") ?? 0 }
  }

  /// What was said of some results, the oldest first.
  ///
  /// - Parameter results: identities, at most some hundreds.
  func given(on results: [String]) throws -> [Feedback] {
    guard !results.isEmpty else { return [] }
    let places = Array(repeating: "?", count: results.count).joined(separator: ", ")
    return try records.database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM feedback WHERE result IN (\(places)) ORDER BY id",
        arguments: StatementArguments(results)
      ).map { try Feedback($0) }
    }
  }
}

extension Feedback {
  fileprivate init(_ row: Row) throws {
    guard let verdict = Verdict(rawValue: row["verdict"]) else {
      throw StorageError.failed(path: "feedback", reason: "the verdict of row \(row["id"] as Int64) makes no sense")
    }
    self.init(
      id: row["id"], prediction: row["result"], verdict: verdict, label: row["label"], note: row["note"],
      by: row["name"], time: date(milliseconds: row["time"]))
  }
}
