import Foundation
import Storage

/// The trainings that were ever asked for.
struct JobStore: Sendable {
  let records: ServingRecords

  func add(_ job: TrainingJob, by owner: Principal, request: String) throws {
    try records.database.write { database in
      try database.execute(
        sql: """
          INSERT INTO jobs (id, owner, name, state, parameters, resumes, started, run, lines)
          VALUES (?, ?, ?, ?, ?, ?, ?, NULL, '[]')
          """,
        arguments: [
          job.id, owner.id, job.by, job.state.rawValue,
          String(decoding: try APIJSON.encode(job.parameters), as: UTF8.self), job.resumes, milliseconds(job.started),
        ])
      try AuditTrail.add(
        AuditEntry(
          time: job.started, actor: owner.id, action: .trainingStarted, subject: job.id, request: request,
          detail: job.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")),
        in: database)
    }
  }

  /// Keeps how a job ended.
  func end(_ job: TrainingJob) throws {
    try records.database.write { database in
      try database.execute(
        sql: "UPDATE jobs SET state = ?, ended = ?, run = ?, lines = ? WHERE id = ?",
        arguments: [
          job.state.rawValue, job.ended.map(milliseconds), job.run,
          String(decoding: try APIJSON.encode(job.lines), as: UTF8.self), job.id,
        ])
      try AuditTrail.add(
        AuditEntry(
          time: job.ended ?? records.clock(), actor: "server", action: .trainingEnded, subject: job.id,
          detail: job.state.rawValue),
        in: database)
    }
  }

  /// Jobs whose server ended before they did.
  func markInterrupted() throws {
    let now = records.clock()
    try records.database.write {
      try $0.execute(
        sql: "UPDATE jobs SET state = ?, ended = ? WHERE state = ?",
        arguments: [TrainingJob.State.interrupted.rawValue, milliseconds(now), TrainingJob.State.running.rawValue])
    }
  }

  /// The latest first.
  func latest(_ limit: Int) throws -> [TrainingJob] {
    try records.database.read {
      try Row.fetchAll($0, sql: "SELECT * FROM jobs ORDER BY number DESC LIMIT ?", arguments: [limit]).map(Self.job)
    }
  }

  func job(_ id: String) throws -> TrainingJob? {
    try records.database.read {
      try Row.fetchOne($0, sql: "SELECT * FROM jobs WHERE id = ?", arguments: [id]).map(Self.job)
    }
  }

  private static func job(_ row: Row) throws -> TrainingJob {
    guard let state = TrainingJob.State(rawValue: row["state"]) else {
      throw StorageError.failed(path: "jobs", reason: "the state of job '\(row["id"] as String)' makes no sense")
    }
    let (parameters, lines, ended): (String, String, Int64?) = (row["parameters"], row["lines"], row["ended"])
    let decoder = JSONDecoder()
    return TrainingJob(
      id: row["id"], state: state, parameters: try decoder.decode([String: String].self, from: Data(parameters.utf8)),
      resumes: row["resumes"], by: row["name"], started: date(milliseconds: row["started"]),
      ended: ended.map(date(milliseconds:)), run: row["run"],
      lines: try decoder.decode([String].self, from: Data(lines.utf8)))
  }
}
