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

  @Test func `an exported trail carries its seals, and is found whole`() throws {
    try withTemporaryFolder { folder in
      let (file, last) = try Self.export(folder)
      let checked = try AuditChain.check(exported: file, knownSeal: last.seal)
      #expect(checked.count == 5 && checked.seal == last.seal)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains("\"seal\":\"\(last.seal)\"") && text.contains(":41.250Z\""))
    }
  }

  @Test func `every millisecond of a second is exported as it was sealed`() throws {
    try withTemporaryFolder { folder in
      let trail = AuditTrail(try ServingRecords(in: folder))
      let start = Date(timeIntervalSince1970: 1_795_932_254)
      for number in 0..<1000 {
        try trail.add(
          AuditEntry(time: start + Double(number) / 1000, actor: "a", action: .tokenCreated, subject: "result \(number)"))
      }
      var data = Data()
      _ = try trail.forEachSealed { data += try $0.line() }
      let file = folder.appending(path: "audit.jsonl")
      try data.write(to: file)
      #expect(try AuditChain.check(exported: file).count == 1000)
      let times = String(decoding: data, as: UTF8.self).matches(of: /\.(\d{3})Z"/).map { Int($0.1) }
      #expect(times == Array(0..<1000))
    }
  }

  /// A trail of five in a file, one line each.
  private static func export(_ folder: URL) throws -> (file: URL, last: (count: Int64, seal: String)) {
    let trail = try fill(folder, 4)
    try trail.add(
      AuditEntry(
        time: Date(timeIntervalSince1970: 1_790_000_021.25), actor: "b \"/\"", action: .feedbackGiven, subject: "ä"))
    var data = Data()
    let last = try trail.forEachSealed { data += try $0.line() }
    let file = folder.appending(path: "audit.jsonl")
    try data.write(to: file)
    return (file, last)
  }

  enum Change: CaseIterable { case actor, time, seal, removed, first, moved, twice, garbage }

  @Test(arguments: Change.allCases) func `whatever is changed in an exported trail shows`(_ change: Change) throws {
    try withTemporaryFolder { folder in
      let (file, _) = try Self.export(folder)
      var lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
      #expect(lines.count == 5)
      let expected: Int64
      switch change {
      case .actor: (lines[2], expected) = (lines[2].replacing("\"actor\":\"a\"", with: "\"actor\":\"c\""), 3)
      case .time: (lines[1], expected) = (lines[1].replacing(".000Z", with: ".001Z"), 2)
      case .seal: (lines[3], expected) = (lines[3].replacing("\"seal\":\"", with: "\"seal\":\"f").replacing("f\"}", with: "\"}"), 4)
      case .removed: (_, expected) = (lines.remove(at: 2), 4)
      case .first: (_, expected) = (lines.remove(at: 0), 2)
      case .moved:
        lines.swapAt(1, 2)
        expected = 3
      case .twice:
        lines.insert(lines[1], at: 2)
        expected = 2
      case .garbage: (lines[4], expected) = ("{}", 5)
      }
      try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
      #expect(throws: ServingError.auditTrailChanged(entry: expected)) { try AuditChain.check(exported: file) }
    }
  }

  @Test func `a trail whose end was cut off shows against a seal that is known`() throws {
    try withTemporaryFolder { folder in
      let (file, last) = try Self.export(folder)
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropLast()
      try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
      #expect(try AuditChain.check(exported: file).count == 4)
      #expect(throws: ServingError.auditTrailCut(count: 4)) {
        try AuditChain.check(exported: file, knownSeal: last.seal)
      }
    }
  }

  @Test func `a seal from before the first entry is known, one of no entry is not, here and in an export`() throws {
    try withTemporaryFolder { folder in
      let empty = try AuditTrail(ServingRecords(in: folder)).forEachSealed { _ in }
      let (file, last) = try Self.export(folder)
      let trail = AuditTrail(try ServingRecords(in: folder))
      for seal in [empty.seal, last.seal] {
        #expect(try AuditChain.check(exported: file, knownSeal: seal).count == 5)
        #expect(try trail.forEachSealed(knownSeal: seal) { _ in }.count == 5)
      }
      let unknown = String(repeating: "a", count: 64)
      #expect(throws: ServingError.auditTrailCut(count: 5)) { try AuditChain.check(exported: file, knownSeal: unknown) }
      #expect(throws: ServingError.auditTrailCut(count: 5)) { try trail.forEachSealed(knownSeal: unknown) { _ in } }
    }
  }

  @Test func `who looked at lists and at feedback is there, and what is refused was not seen`() async throws {
    var limits = ServingLimits()
    limits.keptPictureBytes = 0
    try await TestServer.with(limits: limits) { server in
      let form = try Bodies.form((0..<3).map { try SmallModels.png($0) })
      let answer = try await server.send("POST", "/api/v1/predictions", type: Bodies.formType, body: form)
      let id = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body).predictions[0].id
      _ = try await server.send("GET", "/api/v1/predictions?limit=2", as: .operator)
      _ = try await server.send("GET", "/api/v1/predictions/\(id)/feedback", as: .operator)
      _ = try await server.send("GET", "/api/v1/feedback", as: .operator)
      #expect(try await server.send("GET", "/api/v1/predictions/\(id)/explanation", as: .operator).status == 410)
      #expect(try await server.send("GET", "/api/v1/predictions/\(id)/explanation?class=x", as: .operator).status == 400)
      var entries: [AuditEntry] = []
      try server.server.room.audit.forEach { if $0.request != nil { entries.append($0) } }
      let looks = entries.suffix(3)
      #expect(looks.map(\.action) == [.predictionsListed, .feedbackSeen, .feedbackListed])
      #expect(looks.map(\.detail) == ["everybody's from 2 to 3, 2 of them", "0 of them", "none"])
      #expect(looks.map(\.subject) == [nil, id, nil])
      #expect(!entries.contains { $0.action == .explanationSeen })
    }
  }

  @Test func `who asked, which model answered and who looked is there, and no name of a file`() async throws {
    let marked = "Mustermann_Erika_1955"
    try await TestServer.with { server in
      let picture = try SmallModels.png(1)
      let form = Bodies.form([picture], fileName: "\(marked).png")
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
        // Nor is the picture, whole or in part.
        #expect(data.range(of: picture.dropFirst(60).prefix(40)) == nil, "\(name)")
      }
    }
  }
}
