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
  func add(
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

  /// All feedback, the oldest first.
  func all() throws -> [FeedbackRow] {
    try records.database.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT feedback.*, results.label AS predicted, results.decision, results.model, results.document
          FROM feedback JOIN results ON results.id = feedback.result ORDER BY feedback.id
          """
      ).map { row in
        let document: String = row["document"]
        return FeedbackRow(
          feedback: try Feedback(row), predictedLabel: row["predicted"], decision: row["decision"],
          probabilities: try APIJSON.decode(Prediction.self, from: Data(document.utf8)).probabilities,
          model: row["model"])
      }
    }
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
