import Foundation
import HTTPTypes
import Hummingbird

/// What persons say of answers.
struct FeedbackRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(.post, "/api/v1/predictions/{id}/feedback", policy: .reader, operation: Self.giving, give),
      Route(.get, "/api/v1/predictions/{id}/feedback", policy: .reader, operation: Self.showing, show),
      Route(.get, "/api/v1/feedback", policy: .operator, operation: Self.listing, list),
      Route(.get, "/api/v1/feedback.csv", policy: .operator, operation: Self.exporting, export),
    ]
  }

  private struct Given: Decodable {
    var verdict: Feedback.Verdict
    var label: String?
    var note: String?
  }

  static let noteLimit = 500

  @Sendable private func give(_ request: Request, _ context: ServingContext) async throws -> Response {
    let id = try context.parameters.require("id")
    let given = try await request.json(
      Given.self, shape: "{\"verdict\": \"agree\"} or {\"verdict\": \"disagree\", \"label\": \"…\", \"note\": \"…\"}")
    let note = given.note?.trimmingCharacters(in: .whitespacesAndNewlines)
    guard note?.count ?? 0 <= Self.noteLimit else {
      throw Problem.badRequest("The note is longer than \(Self.noteLimit) characters.")
    }
    if given.verdict == .agree, given.label != nil {
      throw Problem.badRequest("Who agrees names no other label.")
    }
    let feedback = try await offload(on: room.worker) { [room] in
      guard let stored = try room.results.result(id, for: context.principal) else { throw Problem.notFound }
      let classes = try APIJSON.decode(Prediction.self, from: Data(stored.document.utf8)).probabilities.keys.sorted()
      if let label = given.label, !classes.contains(label), !Self.otherLabels.contains(label) {
        throw Problem.badRequest(
          "'label' must be one of \((classes + Self.otherLabels).joined(separator: ", ")).")
      }
      return try room.feedback.add(
        given.verdict, label: given.label, note: note.flatMap { $0.isEmpty ? nil : $0 }, on: id, by: context.principal,
        request: context.id)
    }
    return try .json(feedback, status: .created)
  }

  /// What a person may see that no class of the model is.
  static let otherLabels = ["other", "not a kidney CT"]

  @Sendable private func show(_ request: Request, _ context: ServingContext) async throws -> Response {
    let id = try context.parameters.require("id")
    let feedback = try await offload(on: room.worker) { [room] in
      guard try room.results.result(id, for: context.principal) != nil else { throw Problem.notFound }
      return try room.feedback.given(on: [id])
    }
    return try .json(["feedback": feedback])
  }

  @Sendable private func list(_ request: Request, _ context: ServingContext) async throws -> Response {
    try .json(["feedback": try await rows(context)])
  }

  @Sendable private func export(_ request: Request, _ context: ServingContext) async throws -> Response {
    .content(FeedbackCSV.text(try await rows(context)), "text/csv; charset=utf-8")
  }

  private func rows(_ context: ServingContext) async throws -> [FeedbackRow] {
    try await offload(on: room.worker) { [room] in
      let rows = try room.feedback.all()
      try room.audit.add(
        AuditEntry(time: room.clock(), actor: context.principal.id, action: .feedbackListed, request: context.id))
      return rows
    }
  }

  private static let giving = APIOperation(
    "giveFeedback", "Agree with an answer, or say what is right.",
    body: [("application/json", ["$ref": "#/components/schemas/FeedbackRequest"])],
    success: .init(201, "The feedback as it is kept.", schema: ["$ref": "#/components/schemas/Feedback"]),
    problems: [400, 404, 408, 413, 415])

  private static let showing = APIOperation(
    "getFeedback", "What persons said of a result, the oldest first.",
    success: .init(200, "Feedback.", schema: ["$ref": "#/components/schemas/FeedbackList"]), problems: [404])

  private static let exporting = APIOperation(
    "exportFeedback", "All feedback beside what the model had said, as a table for a reader study.",
    success: .init(200, "RFC 4180, the oldest first.", mediaType: "text/csv", schema: ["type": "string"]))

  private static let listing = APIOperation(
    "listFeedback", "All feedback beside what the model had said.",
    success: .init(200, "The oldest first.", schema: ["$ref": "#/components/schemas/FeedbackTable"]))
}
