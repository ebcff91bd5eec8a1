import Foundation
import HTTPTypes
import Hummingbird
import Tracking

/// Which model answers.
struct ModelRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(.get, "/api/v1/models", policy: .reader, operation: Self.listing, list),
      Route(.get, "/api/v1/models/card", policy: .reader, operation: Self.describing, card),
      Route(.post, "/api/v1/models/reload", policy: .administrator, operation: Self.reloading, reload),
    ]
  }

  private struct Registered: Encodable {
    var version: ModelVersion
    var aliases: [String]
  }

  private struct Listing: Encodable {
    var serving: Prediction.Model
    var classes: [String]
    var registered: [Registered]
  }

  @Sendable private func list(_ request: Request, _ context: ServingContext) async throws -> Response {
    let model = room.models.current
    let registered = try await offload(on: room.worker) { [room] () -> [Registered] in
      guard let store = try room.runs.store() else { return [] }
      let registry = ModelRegistry(store: store)
      return try registry.names().flatMap { name in
        let aliases = try registry.aliases(of: name)
        return try registry.versions(of: name).map { version in
          Registered(version: version, aliases: aliases.filter { $0.value == version.number }.keys.sorted())
        }
      }
    }
    return try .json(Listing(serving: model.identity, classes: model.classifier.classes, registered: registered))
  }

  @Sendable private func card(_ request: Request, _ context: ServingContext) async throws -> Response {
    guard let card = room.models.current.card else { throw Problem.notFound }
    return .content(card, "text/markdown; charset=utf-8")
  }

  private struct Change: Encodable {
    var changed: Bool
    var before: Prediction.Model
    var serving: Prediction.Model
  }

  @Sendable private func reload(_ request: Request, _ context: ServingContext) async throws -> Response {
    // Written before and after: what is under way when the process ends shows, too.
    try await room.note(.reloadAsked, context)
    let (before, now): (ServedModel, ServedModel)
    do {
      (before, now) = try await room.models.refresh()
    } catch {
      context.logger.error("model not loaded", metadata: ["error": "\(error)"])
      try await room.note(.modelKept, context, detail: "the other one could not be loaded")
      throw Problem(
        .conflict, code: "model_not_loaded",
        "The model could not be loaded; the one before goes on answering. The log says why under the request's id.")
    }
    let changed = before.identity != now.identity
    try await room.note(
      changed ? .modelChanged : .modelKept, context, subject: now.identity.version, model: now.identity.digest.hex,
      detail: changed ? "before: \(before.identity.digest.hex)" : "it is still the one that answers")
    return try .json(Change(changed: changed, before: before.identity, serving: now.identity))
  }

  private static let listing = APIOperation(
    "listModels", "The model that answers, and the registered ones.",
    success: .init(200, "Models.", schema: ["$ref": "#/components/schemas/ModelList"]))

  private static let describing = APIOperation(
    "getModelCard",
    "The card of the model that answers: what it is for, what it was trained on, how far it can be trusted.",
    success: .init(200, "Markdown.", mediaType: "text/markdown", schema: ["type": "string"]), problems: [404])

  private static let reloading = APIOperation(
    "reloadModel", "Look again which model answers: the file, or the champion of the registered model.",
    success: .init(
      200, "What answered before and what answers now.", schema: ["$ref": "#/components/schemas/ModelChange"]),
    problems: [409])
}
