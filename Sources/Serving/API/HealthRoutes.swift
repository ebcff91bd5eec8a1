import HTTPTypes
import Hummingbird

/// What machines ask of a server.
struct HealthRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(.get, "/healthz", policy: .public, operation: Self.health) { _, _ in try .json(["status": "alive"]) },
      Route(.get, "/readyz", policy: .public, operation: Self.readiness, ready),
      Route(.get, "/metrics", policy: .operator, operation: Self.metrics, measure),
    ]
  }

  @Sendable private func ready(_ request: Request, _ context: ServingContext) async throws -> Response {
    guard await room.readiness.isReady(room.models.current, queue: room.queue) else {
      throw Problem(
        .serviceUnavailable, code: "not_ready", "The model does not answer the built-in picture as it did.",
        headers: [.retryAfter: "10"])
    }
    return try .json(["status": "ready"])
  }

  @Sendable private func measure(_ request: Request, _ context: ServingContext) async throws -> Response {
    let text = room.measurements.text(
      queue: room.queue.waiting, capacity: room.limits.waitingPictures, memory: room.budget.inUse.bytes,
      model: room.models.current.identity)
    return .content(text, PrometheusText.mediaType)
  }

  private static let status: JSONValue = [
    "type": "object", "properties": ["status": ["type": "string"]], "required": ["status"],
  ]
  private static let health = APIOperation(
    "health", "Whether the process lives.", success: .init(200, "It does.", schema: status))
  private static let readiness = APIOperation(
    "readiness", "Whether the model answers a built-in picture with the same bits as at the start.",
    success: .init(200, "It does.", schema: status), problems: [503])
  private static let metrics = APIOperation(
    "metrics", "Measurements in Prometheus' text format.",
    success: .init(200, "Measurements.", mediaType: "text/plain", schema: ["type": "string"]))
}
