import Foundation
import Serving
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AuditTrailTests {
  private static func fill(_ folder: URL, _ count: Int) throws -> AuditTrail {
    let trail = AuditTrail(try ServingRecords(in: folder))
    for number in 0..<count {
      try trail.add(
        AuditEntry(
          time: Date(timeIntervalSince1970: 1_790_000_000 + Double(number)), actor: "a", action: .predictionSeen,
          subject: "result \(number)", detail: number % 2 == 0 ? nil : "x"))
    }
    return trail
  }

  @Test func `entries come back in order, numbered without a gap`() throws {
    try withTemporaryFolder { folder in
      let trail = try Self.fill(folder, 5)
      var entries: [AuditEntry] = []
      let last = try trail.forEach { entries.append($0) }
      #expect(last.count == 5 && last.seal.count == 64)
      #expect(entries.map(\.number) == [1, 2, 3, 4, 5])
      #expect(entries.map(\.subject) == (0..<5).map { "result \($0)" })
    }
  }

  @Test(arguments: ["UPDATE audit SET actor = 'b' WHERE number = 2", "DELETE FROM audit WHERE number = 5", "DELETE FROM audit"])
  func `the database itself does not let it be changed`(_ sql: String) throws {
    try withTemporaryFolder { folder in
      let trail = try Self.fill(folder, 5)
      let records = try ServingRecords(in: folder)
      #expect(throws: StorageError.self) { try records.database.write { try $0.execute(sql: sql) } }
      #expect(try trail.forEach { _ in }.count == 5)
    }
  }

  @Test(arguments: [
    ("UPDATE audit SET actor = 'b' WHERE number = 3", 3), ("UPDATE audit SET time = time + 1 WHERE number = 2", 2),
    ("UPDATE audit SET detail = 'x' WHERE number = 3", 3), ("DELETE FROM audit WHERE number = 2", 3),
    ("UPDATE audit SET seal = 'f' || substr(seal, 2) WHERE number = 4", 4), ("DELETE FROM audit WHERE number = 1", 2),
  ])
  func `what is changed from outside shows`(_ sql: String, _ entry: Int) throws {
    try withTemporaryFolder { folder in
      let trail = try Self.fill(folder, 5)
      let records = try ServingRecords(in: folder)
      try records.database.write { database in
        try database.execute(sql: "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened")
        try database.execute(sql: sql)
      }
      #expect(throws: ServingError.auditTrailChanged(entry: Int64(entry))) { try trail.forEach { _ in } }
    }
  }

  @Test func `who asked, which model answered and who looked is there, and no name of a file`() async throws {
    let marked = "Mustermann_Erika_1955"
    try await TestServer.with { server in
      let form = try Bodies.form([SmallModels.png(1)], fileName: "\(marked).png")
      let answer = try await server.send(
        "POST", "/api/v1/predictions?patient=\(marked)", type: Bodies.formType, body: form)
      #expect(answer.status == 201)
      let id = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body).predictions[0].id
      _ = try await server.send("GET", "/api/v1/predictions/\(id)", as: .operator)
      _ = try await server.send("GET", "/api/v1/predictions/\(id)/explanation?x=\(marked)")
      _ = try await server.send("GET", "/\(marked)")
      for query in ["study", "limit", "before"] {
        _ = try await server.send("GET", "/api/v1/predictions?\(query)=\(marked)")
      }
      let settings = try Bodies.json(["parameters": ["EPOCHS": marked + "\n"]])
      _ = try await server.send("POST", "/api/v1/jobs", as: .operator, type: "application/json", body: settings)
      _ = try await server.send("POST", "/api/v1/predictions", type: Bodies.formType, body: form.dropLast(10))
      var entries: [AuditEntry] = []
      try server.server.room.audit.forEach { entries.append($0) }
      let ofResult = entries.filter { $0.subject == id }
      #expect(ofResult.map(\.action) == [.predictionMade, .predictionSeen, .explanationSeen])
      #expect(ofResult[0].model?.count == 64 && ofResult[0].request != nil)
      #expect(ofResult[0].actor != ofResult[1].actor && ofResult[0].actor == ofResult[2].actor)
      #expect(answer.headers["x-request-id"] == ofResult[0].request)
      // The marked name went through a form, a query and a path: it is in no log line and in no file.
      #expect(server.log.text.contains("\"route\":\"/api/v1/predictions\""))
      #expect(server.log.text.contains(ofResult[0].request!))
      #expect(!server.log.text.contains(marked))
      for token in server.tokens.values { #expect(!server.log.text.contains(token.suffix(64))) }
      let folder = server.server.room.options.store
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let data = (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
        #expect(data.range(of: Data(marked.utf8)) == nil, "\(name)")
      }
    }
  }
}
