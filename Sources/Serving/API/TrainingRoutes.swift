import Foundation
import HTTPTypes
import Hummingbird

/// Trainings as jobs.
struct TrainingRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(.post, "/api/v1/jobs", policy: .operator, operation: Self.starting, start),
      Route(.get, "/api/v1/jobs", policy: .operator, operation: Self.listing, list),
      Route(.get, "/api/v1/jobs/{id}", policy: .operator, operation: Self.showing, show),
      Route(.post, "/api/v1/jobs/{id}/cancel", policy: .operator, operation: Self.cancelling, cancel),
      Route(.get, "/api/v1/jobs/{id}/events", policy: .operator, operation: Self.watching, watch),
      Route(.post, "/train", policy: .operator, operation: Self.legacy, startPlainly),
    ]
  }

  private struct Wish: Decodable {
    var parameters: [String: String]?
    var resume: Bool?
  }

  private static let shape = "{\"parameters\": {\"EPOCHS\": \"5\"}, \"resume\": false}"

  @Sendable private func start(_ request: Request, _ context: ServingContext) async throws -> Response {
    let wish = try await request.json(Wish.self, shape: Self.shape, context: context)
    return try await begin(wish.parameters ?? [:], resumes: wish.resume ?? false, context)
  }

  /// The report's route: with the parameters as the project's file has them.
  @Sendable private func startPlainly(_ request: Request, _ context: ServingContext) async throws -> Response {
    try await begin([:], resumes: false, context)
  }

  private func begin(
    _ parameters: [String: String], resumes: Bool, _ context: ServingContext
  ) async throws -> Response {
    guard parameters.count <= 64 else { throw Problem.badRequest("At most 64 parameters can be set.") }
    for (key, value) in parameters {
      guard key.wholeMatch(of: /[A-Za-z][A-Za-z0-9_]{0,63}/) != nil else {
        throw Problem.badRequest("A parameter's name is made of letters, digits and '_'.")
      }
      guard value.utf8.count <= 200, value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        throw Problem.badRequest("The value of '\(key)' is longer than 200 bytes or not printable.")
      }
    }
    let id = room.newIdentity()
    let job = try await offload(on: room.worker) { [room] in
      try room.training.start(
        id: id, parameters: parameters, resumes: resumes, by: context.principal, request: context.id)
    }
    return try .json(job, status: .accepted, headers: [.location: "/api/v1/jobs/\(job.id)"])
  }

  @Sendable private func list(_ request: Request, _ context: ServingContext) async throws -> Response {
    let limit = try Query(request).integer("limit", in: 1...500) ?? 50
    let jobs = try await offload(on: room.worker) { [room] in
      let running = room.training.current
      return try room.jobs.latest(limit).map { running?.id == $0.id ? running ?? $0 : $0 }
    }
    return try .json(["jobs": jobs])
  }

  private func job(_ context: ServingContext) async throws -> TrainingJob {
    let id = try context.parameters.require("id")
    if let running = room.training.current, running.id == id { return running }
    return try await offload(on: room.worker) { [room] in
      guard let job = try room.jobs.job(id) else { throw Problem.notFound }
      return job
    }
  }

  @Sendable private func show(_ request: Request, _ context: ServingContext) async throws -> Response {
    try .json(try await job(context))
  }

  @Sendable private func cancel(_ request: Request, _ context: ServingContext) async throws -> Response {
    let job = try await job(context)
    try await room.note(.cancelAsked, context, subject: job.id)
    let didCancel = room.training.cancel(job.id)
    try await room.note(didCancel ? .trainingCancelled : .cancelFailed, context, subject: job.id)
    guard didCancel else {
      throw Problem(.conflict, code: "not_running", "This training does not run: it is \(job.state.rawValue).")
    }
    return try .json(job, status: .accepted)
  }

  @Sendable private func watch(_ request: Request, _ context: ServingContext) async throws -> Response {
    let job = try await job(context)
    let watch = room.training.watch(job.id)
    let stream = EventStream(
      room: room, job: watch?.job ?? job, watch: watch, tokenID: context.principal.id, connection: context.connection)
    return Response(
      status: .ok, headers: [.contentType: ConnectionDeadlines.eventStream],
      body: .init { writer in try await stream.write(to: &writer) })
  }

  private static let job: JSONValue = ["$ref": "#/components/schemas/TrainingJob"]
  private static let wish: JSONValue = ["$ref": "#/components/schemas/TrainingRequest"]

  private static let starting = APIOperation(
    "startTraining", "Start `nefro train` in the project, as a process of its own.",
    body: [("application/json", wish)], success: .init(202, "The job.", schema: job), problems: [400, 409, 413, 415])

  private static let legacy = APIOperation(
    "legacyTrain", "As the report's application: a training with the project's parameters.",
    success: .init(202, "The job.", schema: job), problems: [409])

  private static let listing = APIOperation(
    "listJobs", "Trainings, the latest first.",
    query: [
      .init("limit", "How many, 50 if it is not given.", schema: ["type": "integer", "minimum": 1, "maximum": 500])
    ],
    success: .init(
      200, "Jobs.",
      schema: ["type": "object", "properties": ["jobs": ["type": "array", "items": job]], "required": ["jobs"]]),
    problems: [400])

  private static let showing = APIOperation(
    "getJob", "One training with what it said last.", success: .init(200, "The job.", schema: job), problems: [404])

  private static let cancelling = APIOperation(
    "cancelJob", "End a training; `resume` goes on from its last checkpoint later.",
    success: .init(202, "The job as it was.", schema: job), problems: [404, 409])

  private static let watching = APIOperation(
    "watchJob", "What a training says, as server-sent events: `line`, and `ended` with the job.",
    success: .init(
      200, "Events.", mediaType: "text/event-stream",
      schema: [
        "type": "object",
        "properties": ["event": ["type": "string", "enum": ["line", "ended"]], "data": ["type": "string"]],
        "required": ["event", "data"],
      ]), problems: [404])
}
