import Backbones
import Foundation
import Inference
import MedicalImages
import Serving
import Storage
import TestSupport
import Testing
import Tracking

/// The program with its shipped model, as a user starts it.
@Suite(
  .serialized, .timeLimit(.minutes(10)),
  .enabled(
    if: (try? WeightStore().open("vgg16")) != nil,
    "SKIPPED, VGG-16's weights are not here: run `nefro weights fetch vgg16`"))
struct ServeProgramTests {
  private static let path = "/api/v1/predictions"

  /// Slices of the report's data where they are here, else pictures of the same size that are none.
  private static func files(_ count: Int, in folder: URL) throws -> [URL] {
    if let slices = RealSlices.twoClass {
      let names = (FileManager.default.enumerator(atPath: slices.path)?.compactMap { $0 as? String } ?? [])
        .filter { ["jpg", "jpeg", "png"].contains(($0 as NSString).pathExtension.lowercased()) }.sorted()
      if names.count >= count {
        return (0..<count).map { slices.appending(path: names[$0 * (names.count / count)]) }
      }
    }
    return try (0..<count).map { number in
      let url = folder.appending(path: "picture \(number).png")
      try SmallModels.png(number, side: 300).write(to: url)
      return url
    }
  }

  private struct Line: Decodable {
    var probabilities: [String: Double]
    var decision: String
    var label: String
    /// Nil from the command line.
    var calibrated: Bool?
  }

  private struct Response: Decodable { var predictions: [Line] }

  @Test func `fifty pictures get the command line's probabilities, however they are sent`() async throws {
    try await withTemporaryFolder { folder in
      let files = try Self.files(50, in: folder)
      let output = try await Wire.talk {
        try Program.run(ServeProgram.program, ["predict", "--json"] + files.map(\.path))
      }
      let expected = try output.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      }
      try #require(expected.count == 50)
      let contents = try files.map { try Data(contentsOf: $0) }
      let server = try await ServeProgram.start(in: folder)
      let token = try #require(server.token)
      @Sendable func check(_ answer: Wire.Answer, _ range: Range<Int>, _ way: String) throws {
        try #require(answer.status == 201, "\(way): \(answer.text)")
        let lines = try JSONDecoder().decode(Response.self, from: answer.body).predictions
        try #require(lines.count == range.count)
        #expect(lines.allSatisfy { $0.calibrated == false }, "\(way): the shipped model's calibration was not fitted")
        for (line, other) in zip(lines, expected[range]) {
          #expect(line.probabilities.mapValues(\.bitPattern) == other.probabilities.mapValues(\.bitPattern), "\(way)")
          #expect(line.decision == other.decision && line.label == other.label, "\(way)")
        }
      }
      @Sendable func ask(_ type: String, _ body: Data) async throws -> Wire.Answer {
        try await Wire.send("POST", Self.path, port: server.port, token: token, type: type, body: body)
      }
      try check(try await ask(Bodies.formType, Bodies.form(contents)), 0..<50, "form")
      let images = try Bodies.json(["images": contents.map { $0.base64EncodedString() }])
      try check(try await ask("application/json", images), 0..<50, "JSON")
      for number in 0..<5 {
        try check(try await ask("application/octet-stream", contents[number]), number..<number + 1, "alone")
      }
      for first in stride(from: 0, to: 48, by: 16) {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in first..<first + 16 {
            group.addTask {
              let range = number..<number + 1
              if number % 2 == 0 {
                try check(try await ask("application/octet-stream", contents[number]), range, "sixteen at once")
                return
              }
              let body = try Bodies.json(["image": contents[number].base64EncodedString()])
              let legacy = try await Wire.send(
                "POST", "/predict", port: server.port, token: token, type: "application/json", body: body)
              let id = try #require(legacy.headers["x-prediction-id"])
              let stored = try await Wire.send("GET", Self.path + "/" + id, port: server.port, token: token)
              let line = try JSONDecoder().decode(Line.self, from: stored.body)
              #expect(line.probabilities.mapValues(\.bitPattern) == expected[number].probabilities.mapValues(\.bitPattern))
              let shown = ["answered": line.label, "uncertain": "uncertain, refer", "not_kidney_ct": "not a kidney CT"]
              #expect(legacy.text == "[{\"image\":\"\(shown[line.decision] ?? "")\"}]")
            }
          }
          try await group.waitForAll()
        }
      }
      #expect(try await server.end(SIGTERM) == 0)
    }
  }

  @Test func `what was asked before SIGTERM is answered, then the process ends`() async throws {
    try await withTemporaryFolder { folder in
      let server = try await ServeProgram.start(in: folder)
      let token = try #require(server.token)
      let body = try Bodies.form((0..<24).map { try SmallModels.png($0, side: 224) })
      async let answer = Wire.send(
        "POST", Self.path, port: server.port, token: token, type: Bodies.formType, body: body)
      try await Task.sleep(for: .milliseconds(400))
      let status = try await server.end(SIGTERM)
      #expect(status == 0)
      #expect(try await answer.status == 201)
      await #expect(throws: Wire.Fault.self) {
        try await Wire.send("GET", "/healthz", port: server.port)
      }
    }
  }

  @Test func `killed under load, it has kept every result that it acknowledged`() async throws {
    let rounds = TestRun.isFull ? 20 : 3
    try await withTemporaryFolder { folder in
      var acknowledged: Set<String> = []
      let file = try SmallModels.png(1, side: 224)
      var token: String?
      for round in 0..<rounds {
        let server = try await ServeProgram.start(in: folder)
        token = token ?? server.token
        let secret = try #require(token)
        try await withThrowingTaskGroup(of: Set<String>.self) { group in
          for _ in 0..<4 {
            group.addTask {
              var answered: Set<String> = []
              while true {
                guard
                  let answer = try? await Wire.send(
                    "POST", Self.path, port: server.port, token: secret, type: "image/png", body: file),
                  let items = try? JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body)
                else { return answered }
                answered.formUnion(items.predictions.map(\.id))
              }
            }
          }
          group.addTask {
            try await Task.sleep(for: .milliseconds(700 + 137 * (round % 7)))
            _ = try await server.end(SIGKILL)
            return []
          }
          for try await answered in group { acknowledged.formUnion(answered) }
        }
      }
      let records = try ServingRecords(in: folder.appending(path: ".nefro"))
      let kept = try records.database.read { Set(try String.fetchAll($0, sql: "SELECT id FROM results")) }
      let missing = acknowledged.subtracting(kept)
      #expect(missing.isEmpty)
      #expect(acknowledged.count > rounds * 4)
      // And the trail is whole.
      #expect(try AuditTrail(records).forEach { _ in }.count > 0)
    }
  }

  @Test func `tokens made, listed and ended by the command line count at once for a server that runs`() async throws {
    try await withTemporaryFolder { folder in
      let server = try await ServeProgram.start(in: folder)
      let store = ["--project", folder.path]
      let made = try await Wire.talk {
        try Program.run(ServeProgram.program, ["tokens", "create", "reading room", "--role", "reader"] + store)
      }.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(try await Wire.send("GET", Self.path, port: server.port, token: made).status == 200)
      #expect(try await Wire.send("GET", "/metrics", port: server.port, token: made).status == 403)
      let card = try await Wire.send("GET", "/api/v1/models/card", port: server.port, token: made)
      #expect(card.status == 200 && card.text.contains("Research use only"))
      let listed = try await Wire.talk { try Program.run(ServeProgram.program, ["tokens", "list"] + store) }
      #expect(listed.contains("reading room") && listed.contains("valid") && !listed.contains(made.suffix(64)))
      _ = try await Wire.talk { try Program.run(ServeProgram.program, ["tokens", "revoke", "reading room"] + store) }
      #expect(try await Wire.send("GET", Self.path, port: server.port, token: made).status == 401)
      let exported = try await Wire.talk { try Program.run(ServeProgram.program, ["audit-log", "export"] + store) }
      for action in ["server.started", "token.created", "token.revoked", "predictions.listed", "refused"] {
        #expect(exported.contains("\"action\":\"\(action)\""), "\(action)")
      }
      #expect(try await server.end(SIGTERM) == 0)
    }
  }

  @Test func `the champion of a registered model answers, also after a promotion and a way back`() async throws {
    try await withTemporaryFolder { folder in
      let registry = ModelRegistry(store: try RunStore(at: folder.appending(path: ".nefro")))
      func promote(_ file: String) throws {
        let url = packageRoot.appending(path: "Models/\(file).safetensors")
        let version = try registry.register([.model: url], as: "kidney", identity: ModelFile(url).digest).version
        try registry.promote(version, to: ModelAlias.champion, passed: true, reasons: ["for a test"])
      }
      try promote("kidney-two-class")
      let server = try await ServeProgram.start(in: folder, ["--registered", "kidney"])
      let token = try #require(server.token)
      #expect(try await Wire.send("GET", "/api/v1/models/card", port: server.port, token: token).status == 404)
      let file = try SmallModels.png(1, side: 224)
      /// The version, and its number of classes.
      func answer() async throws -> String {
        let answer = try await Wire.send(
          "POST", Self.path, port: server.port, token: token, type: "image/png", body: file)
        let item = try #require((try answer.json()["predictions"] as? [[String: Any]])?.first)
        let version = try #require((item["model"] as? [String: Any])?["version"] as? String)
        return "\(version) \((item["probabilities"] as? [String: Any])?.count ?? 0)"
      }
      func reload() async throws -> Bool? {
        let answer = try await Wire.send("POST", "/api/v1/models/reload", port: server.port, token: token)
        return try answer.json()["changed"] as? Bool
      }
      #expect(try await answer() == "kidney:1 2")
      #expect(try await reload() == false)
      try promote("kidney-four-class")
      #expect(try await reload() == true)
      #expect(try await answer() == "kidney:2 4")
      _ = try registry.rollBack("kidney", reason: nil)
      #expect(try await reload() == true)
      #expect(try await answer() == "kidney:1 2")
      let listed = try await Wire.send("GET", "/api/v1/models", port: server.port, token: token)
      #expect((try listed.json()["registered"] as? [Any])?.count == 2)
      #expect(try await server.end(SIGTERM) == 0)
    }
  }
}
