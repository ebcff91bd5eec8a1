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
  private static let shape =
    "{\"verdict\": \"agree\"} or {\"verdict\": \"disagree\", \"label\": \"…\", \"note\": \"…\"}"

  @Sendable private func give(_ request: Request, _ context: ServingContext) async throws -> Response {
    let id = try context.parameters.require("id")
    let given = try await request.json(
      Given.self, shape: Self.shape, context: context)
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
    try await room.note(.feedbackSeen, context, subject: id, detail: "\(feedback.count) of them")
    return try .json(["feedback": feedback])
  }

  private struct Page: Encodable {
    var feedback: [FeedbackRow]
    /// `after` of the next page; nil on the last one.
    var next: Int64?
  }

  @Sendable private func list(_ request: Request, _ context: ServingContext) async throws -> Response {
    let query = Query(request)
    let limit = try query.integer("limit", in: 1...Self.pageLimit) ?? Self.pageLimit
    let after = try query.integer("after", in: 0...Int.max).map { Int64($0) } ?? 0
    let found = try await offload(on: room.worker) { [room] in try room.feedback.rows(after: after, limit: limit + 1) }
    let page = Array(found.prefix(limit))
    try await room.note(
      .feedbackListed, context,
      detail: page.isEmpty ? "none" : "from \(page[0].feedback.id) to \(page.last!.feedback.id), \(page.count) of them")
    return try .json(Page(feedback: page, next: found.count > limit ? page.last?.feedback.id : nil))
  }

  private static let pageLimit = 500

  /// The whole table, a page of it in memory at a time.
  @Sendable private func export(_ request: Request, _ context: ServingContext) async throws -> Response {
    let (last, classes) = try await offload(on: room.worker) { [room] in
      let last = try room.feedback.latest()
      return (last, try room.feedback.classes(upTo: last))
    }
    try await room.note(.feedbackListed, context, detail: "all up to \(last), as a table")
    return Response(
      status: .ok, headers: [.contentType: "text/csv; charset=utf-8"],
      body: .init { [room] writer in
        try await writer.write(ByteBuffer(string: FeedbackCSV.head(classes)))
        var after: Int64 = 0
        while after < last {
          let place = after
          let rows = try await offload(on: room.worker) { try room.feedback.rows(after: place, limit: Self.pageLimit) }
            .filter { $0.feedback.id <= last }
          guard let end = rows.last else { break }
          try await writer.write(ByteBuffer(string: FeedbackCSV.text(rows, classes: classes)))
          after = end.feedback.id
        }
        try await writer.finish(nil)
      })
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
    "listFeedback", "Feedback beside what the model had said.",
    query: [
      .init("limit", "How many, 500 if it is not given.", schema: ["type": "integer", "minimum": 1, "maximum": 500]),
      .init(
        "after", "Those after this number, as `next` gives it.",
        schema: ["type": "integer", "minimum": 0, "maximum": .integer(.max)]),
    ],
    success: .init(200, "The oldest first.", schema: ["$ref": "#/components/schemas/FeedbackTable"]), problems: [400])
}
