import Foundation
import HTTPTypes
import Hummingbird
import Tracking

/// The project's runs, as `nefro runs` shows them.
struct RunRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(.get, "/api/v1/runs", policy: .reader, operation: Self.listing, list),
      Route(.get, "/api/v1/runs/{id}", policy: .reader, operation: Self.showing, show),
      Route(.get, "/api/v1/comparisons", policy: .reader, operation: Self.comparing, compare),
      Route(.get, "/api/v1/runs/{id}/curves", policy: .reader, operation: Self.drawing, curves),
    ]
  }

  private struct Listing: Encodable {
    var runs: [RunOverview]
    var total: Int
  }

  @Sendable private func list(_ request: Request, _ context: ServingContext) async throws -> Response {
    let query = Query(request)
    let filter: RunFilter?
    do {
      filter = try query.text("filter").map { try RunFilter($0) }
    } catch {
      throw Problem.badRequest("\(error)")
    }
    let runs = RunQuery(
      filter: filter, sort: query.text("sort").map { RunKey($0) }, limit: try query.integer("limit", in: 1...500) ?? 50)
    let found = try await offload(on: room.worker) { [room] in
      try room.runs.store()?.runs(runs) ?? (runs: [], total: 0)
    }
    return .content(try RunExport.json(Listing(runs: found.runs, total: found.total)), "application/json")
  }

  private func details(_ context: ServingContext) async throws -> RunDetails {
    let id = try context.parameters.require("id")
    return try await offload(on: room.worker) { try details(of: id) }
  }

  /// - Throws: `Problem`: 404, 400 for the beginning of several.
  private func details(of reference: String) throws -> RunDetails {
    guard let store = try room.runs.store() else { throw Problem.notFound }
    do {
      return try store.details(of: store.run(reference).id)
    } catch TrackingError.noSuchRun {
      throw Problem.notFound
    } catch TrackingError.ambiguousRun {
      throw Problem.badRequest("Several runs begin like that. Give more digits.")
    }
  }

  @Sendable private func compare(_ request: Request, _ context: ServingContext) async throws -> Response {
    let references = (Query(request).text("runs") ?? "").split(separator: ",").map(String.init)
    guard (2...8).contains(references.count) else {
      throw Problem.badRequest("'runs' names 2 to 8 runs, with commas between them.")
    }
    let comparison = try await offload(on: room.worker) { RunComparison(try references.map { try details(of: $0) }) }
    return .content(try RunExport.json(comparison), "application/json")
  }

  @Sendable private func show(_ request: Request, _ context: ServingContext) async throws -> Response {
    .content(try RunExport.json(try await details(context)), "application/json")
  }

  private struct Curve: Encodable {
    var metric: String
    var steps: [Int]
    var values: [Double]
  }

  @Sendable private func curves(_ request: Request, _ context: ServingContext) async throws -> Response {
    let details = try await details(context)
    let metric = Query(request).text("metric")
    let curves = Dictionary(grouping: details.history, by: \.key).filter { metric == nil || $0.key == metric }
      .sorted { $0.key < $1.key }.map { key, points in
        let points = points.sorted { $0.step < $1.step }
        return Curve(metric: key, steps: points.map(\.step), values: points.map(\.value))
      }
    return .content(try RunExport.json(["curves": curves]), "application/json")
  }

  private static let listing = APIOperation(
    "listRuns", "Runs that satisfy a filter, the latest or best first.",
    query: [
      .init("filter", "Such as `auc > 0.9 and epochs >= 5`.", schema: ["type": "string"]),
      .init("sort", "Largest first by this figure, metric, parameter or tag.", schema: ["type": "string"]),
      .init("limit", "How many, 50 if it is not given.", schema: ["type": "integer", "minimum": 1, "maximum": 500]),
    ],
    success: .init(200, "Runs, and how many there are.", schema: ["$ref": "#/components/schemas/RunList"]),
    problems: [400])

  private static let showing = APIOperation(
    "getRun", "All that one run recorded, named by its identity or enough of its first digits.",
    success: .init(200, "The run.", schema: ["$ref": "#/components/schemas/Run"]), problems: [400, 404])

  private static let comparing = APIOperation(
    "compareRuns", "Where runs differ: parameters, tags, figures.",
    query: [
      .init(
        "runs", "2 to 8 runs, with commas between them.",
        schema: ["type": "string", "pattern": "^[0-9a-z]{1,32}(,[0-9a-z]{1,32}){1,7}$"], isRequired: true)
    ],
    success: .init(
      200, "The comparison.",
      schema: [
        "type": "object", "properties": ["figures": ["type": "array", "items": ["type": "object"]]],
        "required": ["figures"],
      ]), problems: [400, 404])

  private static let drawing = APIOperation(
    "getCurves", "A run's metrics by epoch. They are estimates of a moment; results are its figures.",
    query: [.init("metric", "Only this one, such as `val_loss`.", schema: ["type": "string"])],
    success: .init(200, "Curves.", schema: ["$ref": "#/components/schemas/Curves"]), problems: [400, 404])
}
