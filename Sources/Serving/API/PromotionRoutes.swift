import Foundation
import HTTPTypes
import Hummingbird
import Tracking

/// What is known of a registered version, and letting it answer.
struct PromotionRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(.get, "/api/v1/models/{name}/versions/{number}/scores", policy: .reader, operation: Self.scoring, scores),
      Route(.get, "/api/v1/models/{name}/history", policy: .reader, operation: Self.telling, history),
      Route(
        .post, "/api/v1/models/{name}/versions/{number}/promote", policy: .administrator, operation: Self.promoting, promote),
    ]
  }

  /// - Throws: `Problem` 404 where there is none.
  private func version(_ context: ServingContext, in registry: ModelRegistry) throws -> ModelVersion {
    let name = try context.parameters.require("name")
    guard let number = Int(try context.parameters.require("number")), try registry.names().contains(name),
      let version = try registry.versions(of: name).first(where: { $0.number == number })
    else { throw Problem.notFound }
    return version
  }

  private func registry() throws -> ModelRegistry {
    guard let store = try room.runs.store() else { throw Problem.notFound }
    return ModelRegistry(store: store)
  }

  @Sendable private func scores(_ request: Request, _ context: ServingContext) async throws -> Response {
    let data = try await offload(on: room.worker) {
      let registry = try registry()
      guard let file = try registry.file(.scores, of: version(context, in: registry)) else { throw Problem.notFound }
      return try Data(contentsOf: file)
    }
    return .content(data, "application/json")
  }

  @Sendable private func history(_ request: Request, _ context: ServingContext) async throws -> Response {
    let name = try context.parameters.require("name")
    let events = try await offload(on: room.worker) {
      let registry = try registry()
      guard try registry.names().contains(name) else { throw Problem.notFound }
      return try registry.history(of: name)
    }
    return .content(try RunExport.json(["events": events]), "application/json")
  }

  private struct Promotion: Encodable {
    var promoted: Bool
    var findings: [String]
    var serving: Prediction.Model
  }

  private enum Outcome: Sendable { case promoted, refused, failed }

  /// The gate is the command line's: the same program judges, in the same way.
  @Sendable private func promote(_ request: Request, _ context: ServingContext) async throws -> Response {
    let version = try await offload(on: room.worker) { try self.version(context, in: registry()) }
    let reference = version.reference
    try await room.note(.promotionAsked, context, subject: reference)
    let verdict: (outcome: Outcome, code: Int32, text: String)
    do {
      verdict = try await offload(on: room.worker) { try judge(version) }
    } catch {
      try await room.note(.promotionFailed, context, subject: reference, detail: "the gate could not be asked")
      throw error
    }
    let (outcome, code, text) = verdict
    // Before the model is loaded: it is promoted whether or not it can be.
    switch outcome {
    case .promoted: try await room.note(.modelPromoted, context, subject: reference)
    case .refused: try await room.note(.promotionRefused, context, subject: reference)
    case .failed: try await room.note(.promotionFailed, context, subject: reference, detail: "exit code \(code)")
    }
    let findings = text.split(whereSeparator: \.isNewline).map(String.init)
    guard outcome == .promoted else {
      let words = findings.joined(separator: " ").replacing("error: ", with: "", maxReplacements: 1)
      guard outcome == .refused else {
        throw Problem(
          .conflict, code: "not_judged",
          "'\(reference)' could not be judged, and nothing was changed: \(words.isEmpty ? "exit code \(code)" : words)")
      }
      throw Problem(.conflict, code: "gate_refused", words.isEmpty ? "The gate refused '\(reference)'." : words)
    }
    let (before, now): (ServedModel, ServedModel)
    do {
      (before, now) =
        room.models.follows(reference) ? try await room.models.refresh() : (room.models.current, room.models.current)
    } catch {
      context.logger.error("model not loaded", metadata: ["error": "\(error)"])
      try await room.note(.modelKept, context, subject: reference, detail: "the other one could not be loaded")
      throw Problem(
        .conflict, code: "model_not_loaded",
        "'\(reference)' is promoted, but could not be loaded; the one before goes on answering. The log says why.")
    }
    if before.identity != now.identity {
      try await room.note(
        .modelChanged, context, subject: now.identity.version, model: now.identity.digest.hex,
        detail: "before: \(before.identity.digest.hex)")
    }
    return try .json(Promotion(promoted: true, findings: findings, serving: now.identity))
  }

  /// Runs the gate. Its exit code is the same for a refusal and for an error: a refusal is in the version's history.
  private func judge(_ version: ModelVersion) throws -> (outcome: Outcome, code: Int32, text: String) {
    let registry = try registry()
    func refusals() throws -> Int {
      try registry.history(of: version.model).count { $0.kind == .refused && $0.version == version.number }
    }
    let before = try refusals()
    let options = room.options
    let (code, text) = try OwnProgram.run(
      options.program,
      ["models", "promote", version.reference, "--project", options.project.path, "--store", options.store.path],
      in: options.project)
    return (code == 0 ? .promoted : try refusals() > before ? .refused : .failed, code, text)
  }

  private static let scoring = APIOperation(
    "getScores", "What `nefro evaluate` found for a version: scores.json as it was registered.",
    success: .init(200, "Scores with intervals, calibration, thresholds.", schema: ["type": "object"]), problems: [404])

  private static let telling = APIOperation(
    "getModelHistory", "Registrations, promotions, refusals and ways back of a model, the oldest first.",
    success: .init(
      200, "Events.",
      schema: [
        "type": "object", "properties": ["events": ["type": "array", "items": ["type": "object"]]],
        "required": ["events"],
      ]), problems: [404])

  private static let promoting = APIOperation(
    "promoteModel", "Let a version answer, if it passes the gate of `nefro models promote`.",
    success: .init(
      200, "It is champion; `serving` is what answers now.",
      schema: [
        "type": "object",
        "properties": [
          "promoted": ["type": "boolean"], "findings": ["type": "array", "items": ["type": "string"]],
          "serving": ["$ref": "#/components/schemas/Model"],
        ],
        "required": ["promoted", "findings", "serving"],
      ]), problems: [404, 409])
}
