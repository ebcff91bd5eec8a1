import Backbones
import Foundation
import Inference
import MedicalImages
import Serving
import Storage
import Synchronization
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

  /// How one picture is sent.
  private enum Way: CaseIterable { case raw, form, json, legacy }

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
      try check(try await ask(Bodies.formType, Bodies.form(contents)), 0..<50, "all in one form")
      let images = try Bodies.json(["images": contents.map { $0.base64EncodedString() }])
      try check(try await ask("application/json", images), 0..<50, "all in one JSON")
      @Sendable func ask(_ way: Way, _ number: Int, _ manner: String) async throws {
        let (file, range) = (contents[number], number..<number + 1)
        let place = "\(way), \(manner), picture \(number)"
        switch way {
        case .raw: try check(try await ask("application/octet-stream", file), range, place)
        case .form: try check(try await ask(Bodies.formType, Bodies.form([file])), range, place)
        case .json:
          let body = try Bodies.json(["image": file.base64EncodedString()])
          try check(try await ask("application/json", body), range, place)
        case .legacy:
          let body = try Bodies.json(["image": file.base64EncodedString()])
          let legacy = try await Wire.send(
            "POST", "/predict", port: server.port, token: token, type: "application/json", body: body)
          let id = try #require(legacy.headers["x-prediction-id"], "\(place)")
          let stored = try await Wire.send("GET", Self.path + "/" + id, port: server.port, token: token)
          let line = try JSONDecoder().decode(Line.self, from: stored.body)
          let same = line.probabilities.mapValues(\.bitPattern) == expected[number].probabilities.mapValues(\.bitPattern)
          #expect(same, "\(place)")
          let shown = ["answered": line.label, "uncertain": "uncertain, refer", "not_kidney_ct": "not a kidney CT"]
          #expect(legacy.text == "[{\"image\":\"\(shown[line.decision] ?? "")\"}]", "\(place)")
        }
      }
      for way in Way.allCases {
        for number in 0..<50 { try await ask(way, number, "alone") }
        // Sixteen are under way until all fifty have been sent.
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<50 {
            if number >= 16 { try await group.next() }
            group.addTask { try await ask(way, number, "sixteen at once") }
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

  @Test func `after SIGTERM what takes too long is given up, and the process ends in its time`() async throws {
    try await withTemporaryFolder { folder in
      let server = try await ServeProgram.start(in: folder, ["--drain", "2"])
      let token = try #require(server.token)
      // Far more than two seconds' work, and a client that sends a part of its body and waits.
      let body = try Bodies.form(Array(repeating: SmallModels.png(1, side: 224), count: 500))
      async let answer = try? Wire.send(
        "POST", Self.path, port: server.port, token: token, type: Bodies.formType, body: body)
      let slow = try Wire(port: server.port)
      try slow.send(Wire.head("POST", Self.path, port: server.port, token: token, type: "image/png", length: 1000))
      try await Task.sleep(for: .seconds(1))
      let start = ContinuousClock.now
      let status = try await server.end(SIGTERM)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      #expect(status == 0, "it ended by itself, not by a trap")
      // Five hundred pictures take half a minute and more.
      #expect(seconds < 15, "\(seconds) s")
      let late = await answer
      #expect(late?.status != 201)
      #expect(slow.isClosed())
    }
  }

  @Test func `memory stays within its bound while the largest bodies come from everywhere`() async throws {
    try await withTemporaryFolder { folder in
      let server = try await ServeProgram.start(in: folder)
      let token = try #require(server.token)
      let file = try SmallModels.png(1, side: 224)
      #expect(
        try await Wire.send(
          "POST", Self.path, port: server.port, token: token, type: "image/png", body: file
        ).status == 201)
      let before = try server.peakMemory()
      // Nearly 64 MiB each: what is no picture in three ways, JSON of millions of values, and few bytes that are many pixels.
      let junk = Data(repeating: 0x41, count: 63 << 20)
      let large = try PictureWriter.png(Picture(width: 4000, height: 4000, channels: 1, pixels: Array(repeating: 9, count: 16_000_000)))
      let padding = Data(repeating: 0x42, count: 15 << 20)
      let bodies: [(String, Data)] = [
        ("image/png", junk), (Bodies.formType, Bodies.form([padding, padding, padding, padding])),
        ("application/json", Data("{\"image\":\"".utf8) + junk + Data("\"}".utf8)),
        ("application/json", Data("{\"images\":[".utf8) + Self.repeated("\"\",", 60 << 20) + Data("\"\"]}".utf8)),
        ("application/json", Data("{\"image\":\"\",\"x\":[".utf8) + Self.repeated("0,", 60 << 20) + Data("0]}".utf8)),
        (Bodies.formType, Bodies.form(Array(repeating: large, count: 40))),
      ]
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<40 {
          group.addTask {
            let (type, body) = bodies[number % bodies.count]
            let answer = try? await Wire.send("POST", Self.path, port: server.port, token: token, type: type, body: body)
            return answer?.status ?? 0
          }
        }
        return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
      }
      let together = try server.peakMemory()
      print("memory: \(before >> 20) MiB before, \(together >> 20) MiB at most, answers \(statuses)")
      // Some were refused for want of memory, and some were let in.
      #expect(statuses[503, default: 0] > 0 && statuses[415, default: 0] > 0, "\(statuses)")
      // Each alone, too: what none of forty was let in with has shown nothing.
      for (type, body) in bodies {
        let answer = try await Wire.send("POST", Self.path, port: server.port, token: token, type: type, body: body)
        #expect([400, 413, 415].contains(answer.status), "\(type): \(answer.status)")
      }
      // What docs/serving.md promises.
      let most = try server.peakMemory()
      #expect(most < 832 << 20, "\(most >> 20) MiB")
      #expect(
        try await Wire.send(
          "POST", Self.path, port: server.port, token: token, type: "image/png", body: file
        ).status == 201)
      #expect(try await server.end(SIGTERM) == 0)
    }
  }

  /// A text again and again, this many bytes of it or hardly fewer.
  private static func repeated(_ text: String, _ bytes: Int) -> Data {
    Data(String(repeating: text, count: bytes / text.utf8.count).utf8)
  }

  /// How often something has happened, such as an answer to whichever client.
  private final class Count: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
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
          let count = Count()
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
                count.add()
              }
            }
          }
          group.addTask {
            // In the midst of it, however slow the machine is, and never at the same place of a pass.
            try await BusyNetwork.until("some are answered") { count.value >= 6 }
            try await Task.sleep(for: .milliseconds(37 * (round % 7)))
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

  @Test func `the champion of a registered model answers, after a promotion and a way back too, and loses no request`() async throws {
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
      @Sendable func answer() async throws -> String {
        let answer = try await Wire.send(
          "POST", Self.path, port: server.port, token: token, type: "image/png", body: file)
        #expect(answer.status == 201)
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
      // Others ask all the while: each is answered, and by one model whole.
      let swaps = Count()
      let load = Task {
        try await withThrowingTaskGroup(of: [String].self) { group in
          for _ in 0..<3 {
            group.addTask {
              var seen: [String] = []
              while swaps.value < 2 { seen.append(try await answer()) }
              return seen
            }
          }
          return try await group.reduce(into: [String]()) { $0 += $1 }
        }
      }
      try promote("kidney-four-class")
      #expect(try await reload() == true)
      #expect(try await answer() == "kidney:2 4")
      swaps.add()
      _ = try registry.rollBack("kidney", reason: nil)
      #expect(try await reload() == true)
      #expect(try await answer() == "kidney:1 2")
      swaps.add()
      let seen = try await load.value
      #expect(Set(seen) == ["kidney:1 2", "kidney:2 4"], "\(seen)")
      let listed = try await Wire.send("GET", "/api/v1/models", port: server.port, token: token)
      #expect((try listed.json()["registered"] as? [Any])?.count == 2)
      #expect(try await server.end(SIGTERM) == 0)
    }
  }
}
