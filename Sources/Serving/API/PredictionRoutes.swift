import Foundation
import HTTPTypes
import Hummingbird
import Inference

/// Asking for answers, and looking at those that were given.
struct PredictionRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(.post, "/api/v1/predictions", policy: .reader, operation: Self.asking, ask),
      Route(.get, "/api/v1/predictions", policy: .reader, operation: Self.listing, list),
      Route(.get, "/api/v1/predictions/{id}", policy: .reader, operation: Self.showing, show),
      Route(.get, "/api/v1/predictions/{id}/explanation", policy: .reader, operation: Self.explaining, explain),
    ]
  }

  @Sendable private func ask(_ request: Request, _ context: ServingContext) async throws -> Response {
    let limit = room.limits.picturesOfRequest
    let isStudy = try Query(request).flag("study")
    let outcome = try await PredictionService(room: room).predict(request, context: context, isStudy: isStudy) {
      try Upload($0, contentType: $1, limit: limit)
    }
    // The documents go out as they are kept, byte for byte.
    var text = "{\"failures\":\(String(decoding: try APIJSON.encode(outcome.failures), as: UTF8.self))"
    text += ",\"predictions\":[\(outcome.documents.joined(separator: ","))]"
    if let study = outcome.study { text += ",\"study\":\(String(decoding: try APIJSON.encode(study), as: UTF8.self))" }
    text += "}"
    var headers: HTTPFields = [:]
    if outcome.documents.count == 1 { headers[.location] = "/api/v1/predictions/\(outcome.predictions[0].id)" }
    return .content(text, "application/json", status: .created, headers: headers)
  }

  @Sendable private func list(_ request: Request, _ context: ServingContext) async throws -> Response {
    let query = Query(request)
    let limit = try query.integer("limit", in: 1...500) ?? 50
    let search = try search(query)
    // A study that we named, or nothing: whatever else somebody asks for stays out of the audit trail.
    let known = search.study.flatMap { $0.wholeMatch(of: /[0-9a-f]{32}/) == nil ? nil : $0 }
    let (found, feedback) = try await offload(on: room.worker) { [room] in
      let found = try room.results.latest(limit + 1, search, for: context.principal)
      return (found, try room.feedback.given(on: found.prefix(limit).map(\.id)))
    }
    let page = found.prefix(limit)
    // Numbers only grow, so that these two and whose they are name the results that were seen; those of a search lie apart.
    let whose = context.principal.seesAll ? "everybody's" : "their own"
    let range = page.isEmpty ? "none" : "\(whose) from \(page.last!.number) to \(page.first!.number), \(page.count) of them"
    let each = search.leavesOut && !page.isEmpty ? ": " + page.map { "\($0.number)" }.joined(separator: " ") : ""
    try await room.note(.predictionsListed, context, subject: known, detail: range + each)
    var text = "{\"predictions\":[\(page.map(\.document).joined(separator: ","))]"
    if !feedback.isEmpty { text += ",\"feedback\":\(String(decoding: try APIJSON.encode(feedback), as: UTF8.self))" }
    if found.count > limit, let last = page.last { text += ",\"next\":\(last.number)" }
    return .content(text + "}", "application/json")
  }

  /// - Throws: `Problem` 400.
  private func search(_ query: Query) throws -> ResultSearch {
    var search = ResultSearch()
    search.before = try query.integer("before", in: 1...Int.max).map { Int64($0) }
    search.study = query.text("study")
    search.decision = try query.choice("decision", Answer.Decision.self)
    search.verdict = try query.choice("verdict", ResultSearch.Verdict.self)
    guard let words = ResultSearch.words(in: query.text("search") ?? "") else {
      throw Problem.badRequest("'search' is longer than \(ResultSearch.longestText) characters.")
    }
    search.words = words
    return search
  }

  @Sendable private func show(_ request: Request, _ context: ServingContext) async throws -> Response {
    let stored = try await stored(context)
    try await room.note(.predictionSeen, context, subject: stored.id)
    return .content(stored.document, "application/json")
  }

  /// A result that the principal may see.
  ///
  /// - Throws: `Problem` 404, also for a result of somebody else's.
  private func stored(_ context: ServingContext) async throws -> ResultStore.Stored {
    let id = try context.parameters.require("id")
    return try await offload(on: room.worker) { [room] in
      guard let stored = try room.results.result(id, for: context.principal) else { throw Problem.notFound }
      return stored
    }
  }

  @Sendable private func explain(_ request: Request, _ context: ServingContext) async throws -> Response {
    let query = Query(request)
    let opacity = Float(try query.number("opacity", in: 0...1) ?? 0.6)
    let client = try await context.client()
    let stored = try await stored(context)
    let prediction = try APIJSON.decode(Prediction.self, from: Data(stored.document.utf8))
    let className = query.text("class") ?? prediction.label
    guard prediction.probabilities[className] != nil else {
      let known = prediction.probabilities.keys.sorted().joined(separator: ", ")
      throw Problem.badRequest("'class' must be one of \(known).")
    }
    let model = room.models.current
    guard model.identity.digest == prediction.model.digest, let file = room.kept.file(of: stored.id) else {
      throw Problem(
        .gone, code: "gone",
        "The picture is no longer in memory, or another model answers by now. Send the picture again.")
    }
    let admission = try room.admit()
    let header = prediction.picture
    try room.take(header.width * header.height * 12, for: admission.memory)
    let drawing = try await room.queue.runIfRoom { [limits = room.limits.pictures] in
      if client.hasLeft { throw CancellationError() }
      return try Explanation(of: file, className: className, opacity: opacity, by: model, limits: limits)
    }
    guard let drawing else { throw room.busy("explanations") }
    withExtendedLifetime(admission) {}
    // Only what is shown was seen.
    try await room.note(.explanationSeen, context, subject: stored.id)
    return .content(drawing.png, "image/png", headers: [Self.method: drawing.method])
  }

  static let method = HTTPField.Name("X-Explanation-Method")!
}

extension PredictionRoutes {
  private static let asking = APIOperation(
    "predict", "Answer for one picture or many.",
    query: [.init("study", "Whether the pictures belong together.", schema: ["type": "boolean"])],
    body: [
      ("image/png", ["type": "string", "format": "binary"]),
      ("image/jpeg", ["type": "string", "format": "binary"]),
      ("application/octet-stream", ["type": "string", "format": "binary"]),
      (
        "multipart/form-data",
        [
          "type": "object",
          "properties": [
            "images": ["type": "array", "items": ["type": "string", "format": "binary"]],
            "study": ["type": "string", "enum": ["true", "false"]],
          ],
          "required": ["images"],
        ]
      ),
      ("application/json", ["$ref": "#/components/schemas/PictureRequest"]),
    ],
    success: .init(201, "The answers.", schema: ["$ref": "#/components/schemas/PredictionResponse"]),
    problems: [400, 408, 413, 415, 422, 503])

  private static let listing = APIOperation(
    "listPredictions", "The latest results that the token may see.",
    query: [
      .init("limit", "How many, 50 if it is not given.", schema: ["type": "integer", "minimum": 1, "maximum": 500]),
      .init(
        "before", "Those before this number, as `next` gives it.",
        schema: ["type": "integer", "minimum": 1, "maximum": .integer(.max)]),
      .init("study", "Only those of one study.", schema: ["type": "string"]),
      .init(
        "search",
        "Words that must all stand in the result's identity, label, model, time, or in a note that was given on it.",
        schema: ["type": "string", "maxLength": .integer(ResultSearch.longestText)]),
      .init(
        "decision", "Only those with this decision.",
        schema: ["type": "string", "enum": .array(Answer.Decision.allCases.map { .string($0.rawValue) })]),
      .init(
        "verdict", "Only those whose last feedback says so; `none` for those without any.",
        schema: ["type": "string", "enum": .array(ResultSearch.Verdict.allCases.map { .string($0.rawValue) })]),
    ],
    success: .init(200, "Results, the latest first.", schema: ["$ref": "#/components/schemas/PredictionPage"]),
    problems: [400])

  private static let showing = APIOperation(
    "getPrediction", "A result as it was given.",
    success: .init(200, "The result.", schema: ["$ref": "#/components/schemas/Prediction"]), problems: [404])

  private static let explaining = APIOperation(
    "explainPrediction", "Where in the picture the evidence lies. It is what the model looks at, right or wrong.",
    query: [
      .init(
        "opacity", "Of the largest evidence, 0.6 if it is not given.",
        schema: ["type": "number", "minimum": 0, "maximum": 1]),
      .init("class", "Whose evidence; the result's label if it is not given.", schema: ["type": "string"]),
    ],
    success: .init(
      200, "The picture with its evidence.", mediaType: "image/png", schema: ["type": "string", "format": "binary"]),
    problems: [400, 404, 410, 503])
}
