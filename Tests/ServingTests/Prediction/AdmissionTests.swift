import Foundation
import Serving
import Testing

/// What is let in while the network is busy, and what becomes of it.
@Suite(.timeLimit(.minutes(5)))
struct AdmissionTests {
  private static let path = "/api/v1/predictions"

  private static func head(_ server: TestServer, _ role: Role = .reader, length: Int, type: String = "image/png") -> String {
    Wire.head("POST", path, port: server.port, token: server.token(role), type: type, length: length)
  }

  private static func limits(waiting: Int) -> ServingLimits {
    var limits = ServingLimits()
    limits.waitingPictures = waiting
    return limits
  }

  @Test func `a place in the queue is taken before the body is read`() async throws {
    try await TestServer.with(limits: Self.limits(waiting: 1)) { server in
      let queue = server.server.room.queue
      let second = try await Wire.talk {
        let first = try Wire(port: server.port)
        try first.send(Self.head(server, length: 1000))
        while queue.promised == 0 { Thread.sleep(forTimeInterval: 0.01) }
        let second = try Wire(port: server.port)
        try second.send(Self.head(server, length: 1000))
        return try withExtendedLifetime(first) { try second.answer() }
      }
      #expect(second.status == 503)
      #expect(second.headers["retry-after"].flatMap { Int($0) }.map { (1...60).contains($0) } == true)
      #expect(try second.json()["code"] as? String == "busy")
      try await BusyNetwork.until("the one that went away gives its place back") { queue.promised == 0 }
      #expect(try await server.send("POST", Self.path, type: "image/png", body: SmallModels.png(1)).status == 201)
      #expect(queue.promised == 0 && server.server.room.memoryInUse == 0)
    }
  }

  @Test func `no more pictures wait than may, however many a request brings`() async throws {
    let many = try (0..<8).map { try SmallModels.png($0) }
    try await TestServer.with(limits: Self.limits(waiting: 20)) { server in
      let queue = server.server.room.queue
      let busy = await BusyNetwork(queue)
      let images = try Bodies.json(["images": many.map { $0.base64EncodedString() }])
      async let first = server.send("POST", Self.path, type: Bodies.formType, body: Bodies.form(many))
      async let second = server.send("POST", Self.path, type: "application/json", body: images)
      try await BusyNetwork.until("sixteen wait") { queue.waiting == 16 && queue.promised == 16 }
      let third = try await server.send("POST", Self.path, type: Bodies.formType, body: Bodies.form(many))
      #expect(third.status == 503 && third.headers["retry-after"] != nil)
      #expect(queue.waiting == 16 && queue.promised == 16, "what was refused gave its places back")
      let large = try await server.send("POST", Self.path, type: Bodies.formType, body: Bodies.form(many + many + many))
      #expect(large.status == 413 && large.headers["retry-after"] == nil, "24 can never wait where 20 may")
      async let fourth = server.send("POST", Self.path, type: "image/png", body: many[0])
      try await BusyNetwork.until("seventeen wait") { queue.waiting == 17 }
      try await busy.goOn()
      #expect(try await [first.status, second.status, fourth.status] == [201, 201, 201])
      #expect(queue.promised == 0 && server.server.room.memoryInUse == 0)
    }
  }

  @Test func `pictures of a client that has gone are not computed`() async throws {
    let body = try Bodies.form((0..<20).map { try SmallModels.png($0) })
    try await TestServer.with { server in
      let queue = server.server.room.queue
      let busy = await BusyNetwork(queue)
      async let other = server.send("POST", Self.path, as: .operator, type: "image/png", body: SmallModels.png(3))
      try await Wire.talk {
        let wire = try Wire(port: server.port)
        try wire.send(Self.head(server, length: body.count, type: Bodies.formType))
        try wire.send(body)
        while queue.waiting < 21 { Thread.sleep(forTimeInterval: 0.01) }
      }
      try await BusyNetwork.until("only the other's picture waits") { queue.waiting == 1 && queue.promised == 1 }
      try await busy.goOn()
      #expect(try await other.status == 201)
      let metrics = try await server.send("GET", "/metrics", as: .operator).text
      #expect(metrics.contains("nefro_batch_pictures_sum 1\n"))
      #expect(metrics.contains("nefro_requests_total{route=\"/api/v1/predictions\",method=\"POST\",status=\"499\"} 1\n"))
      let kept = try await server.send("GET", Self.path + "?limit=50", as: .administrator)
      #expect((try kept.json()["predictions"] as? [Any])?.count == 1, "nothing is kept of what nobody got")
      #expect(server.server.room.memoryInUse == 0)
    }
  }

  /// Holds the database, so that whoever writes waits.
  private final class Disk: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let work: Task<Void, any Error>

    /// Returns when nobody else can write.
    init(_ server: TestServer) async throws {
      let (held, begun) = AsyncStream.makeStream(of: Void.self)
      let records = try ServingRecords(in: server.server.room.options.store)
      work = Task { [semaphore] in
        try await Wire.talk {
          try records.database.write { database in
            try database.execute(sql: "UPDATE tokens SET name = name")
            begun.finish()
            semaphore.wait()
          }
        }
      }
      for await _ in held {}
    }

    func goOn() async throws {
      semaphore.signal()
      try await work.value
    }
  }

  @Test(arguments: [false, true])
  func `of a client that goes while its answer waits for the disk's turn nothing is kept, of one that goes later all is`(
    _ isLater: Bool
  ) async throws {
    let body = try SmallModels.png(1)
    try await TestServer.with { server in
      let disk = try await Disk(server)
      // What is in front of it has begun to write, and waits for the disk.
      @Sendable func look() async throws {
        if !isLater { _ = try await server.send("GET", Self.path, as: .operator) }
      }
      async let before: Void = look()
      if !isLater { try await Task.sleep(for: .seconds(1)) }
      try await Wire.talk {
        let wire = try Wire(port: server.port)
        try wire.send(Self.head(server, length: body.count))
        try wire.send(body)
        let deadline = Date().addingTimeInterval(60)
        while Self.passes(server) == 0 {
          guard Date() < deadline else { throw Wire.Fault.timeout }
          Thread.sleep(forTimeInterval: 0.01)
        }
        // From its answer to the disk, which nothing shows.
        Thread.sleep(forTimeInterval: 2)
      }
      // Until the server has noticed.
      try await Task.sleep(for: .seconds(1))
      try await disk.goOn()
      try await before
      let status = isLater ? 201 : 499
      try await BusyNetwork.until("it is over") {
        let metrics = try await server.send("GET", "/metrics", as: .operator).text
        return metrics.contains(
          "nefro_requests_total{route=\"/api/v1/predictions\",method=\"POST\",status=\"\(status)\"} 1\n")
      }
      let kept = try await server.send("GET", Self.path, as: .administrator)
      #expect((try kept.json()["predictions"] as? [Any])?.count == (isLater ? 1 : 0))
      var made = 0
      try server.server.room.audit.forEach { if $0.action == .predictionMade { made += 1 } }
      #expect(made == (isLater ? 1 : 0))
      #expect(server.server.room.memoryInUse == 0 && server.server.room.queue.promised == 0)
    }
  }

  /// Through the network since the start.
  private static func passes(_ server: TestServer) -> Int {
    let room = server.server.room
    let text = room.measurements.text(queue: 0, capacity: 0, memory: 0, model: room.models.current.identity)
    return text.firstMatch(of: /nefro_batch_pictures_count (\d+)/).flatMap { Int($0.1) } ?? 0
  }

  @Test func `who is known is refused at the door, and the connection goes on`() async throws {
    let body = Data(repeating: 7, count: 300_000)
    try await TestServer.with(limits: Self.limits(waiting: 1)) { server in
      let queue = server.server.room.queue
      #expect(try await server.send("GET", "/api/v1/models").status == 200)
      let busy = await BusyNetwork(queue)
      async let first = server.send("POST", Self.path, type: "image/png", body: SmallModels.png(1))
      try await BusyNetwork.until("one waits") { queue.waiting == 1 }
      let (refusals, alive) = try await Wire.talk {
        let wire = try Wire(port: server.port)
        let refusals = try (0..<3).map { _ in
          try wire.send(Self.head(server, length: body.count))
          // The answer comes before a byte of the body, which is taken from the line all the same.
          let answer = try wire.answer()
          try wire.send(body)
          return answer
        }
        try wire.send(Wire.head("GET", "/healthz", port: server.port))
        return (refusals, try wire.answer())
      }
      for answer in refusals {
        #expect(answer.status == 503 && answer.headers["connection"] == nil)
        #expect(answer.headers["retry-after"] != nil && answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["content-type"] == "application/problem+json")
        #expect(try answer.json()["request_id"] as? String == answer.headers["x-request-id"])
      }
      #expect(Set(refusals.compactMap { $0.headers["x-request-id"] }).count == 3)
      #expect(alive.status == 200)
      // Whoever is not known hears nothing of how busy it is, and neither does who only asks for something else.
      let stranger = "nefro_12345678_" + String(repeating: "a", count: 64)
      let unknown = try await Wire.send(
        "POST", Self.path, port: server.port, token: stranger, type: "image/png", body: SmallModels.png(1))
      #expect(unknown.status == 401)
      #expect(try await server.send("GET", Self.path).status == 200)
      // The one that was let in is the only one of its route that took the long way.
      try await busy.goOn()
      #expect(try await first.status == 201)
      try await BusyNetwork.until("the log tells of the refusals") {
        server.log.text.contains("\"message\":\"refused at the door\"")
      }
      #expect(server.log.text.contains("\"requests\":\"3\",\"route\":\"/api/v1/predictions, /predict\",\"status\":\"503\""))
      let metrics = try await server.send("GET", "/metrics", as: .operator).text
      #expect(metrics.contains("nefro_refused_total{reason=\"queue\"} 3\n"))
      #expect(metrics.contains("nefro_requests_total{route=\"/api/v1/predictions\",method=\"POST\",status=\"503\"} 3\n"))
    }
  }

  @Test func `explanations have their turn between passes, and only so many wait`() async throws {
    var limits = ServingLimits()
    limits.batch = 2
    limits.waitingExplanations = 2
    try await TestServer.with(limits: limits) { server in
      let queue = server.server.room.queue
      let answer = try await server.send("POST", Self.path, type: "image/png", body: SmallModels.png(1))
      let id = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body).predictions[0].id
      let expected = try await server.send("GET", "\(Self.path)/\(id)/explanation")
      let busy = await BusyNetwork(queue)
      let statuses = try await withThrowingTaskGroup(of: Wire.Answer.self) { group in
        for _ in 0..<6 { group.addTask { try await server.send("GET", "\(Self.path)/\(id)/explanation") } }
        var answers: [Wire.Answer] = []
        while let answer = try await group.next() {
          answers.append(answer)
          // Those that are refused come back while the network does nothing else.
          if answers.count == 4 { try await busy.goOn() }
        }
        for answer in answers where answer.status == 200 { #expect(answer.body == expected.body) }
        return answers.map(\.status).sorted()
      }
      #expect(statuses == [200, 200, 503, 503, 503, 503])
    }
  }
}
