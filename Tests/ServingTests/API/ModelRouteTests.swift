import Foundation
import Inference
import MedicalImages
import Serving
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ModelRouteTests {
  /// A place whose model changes with every look.
  private final class Alternating: Sendable {
    private let looks = Mutex(0)

    func next() throws -> ServedModel {
      let look = looks.withLock { looks in
        looks += 1
        return looks
      }
      return try ServedModel(SmallModels.classifier(seed: UInt64(1 + (look - 1) % 2)), name: "model", version: "model:\(look)")
    }
  }

  private struct Response: Decodable {
    struct Model: Decodable { var version: String }
    struct Item: Decodable {
      var model: Model
      var probabilities: [String: Double]
    }
    var predictions: [Item]
  }

  @Test func `a model is swapped under load without a lost or a mixed answer`() async throws {
    let alternating = Alternating()
    let file = try SmallModels.png(5)
    let picture = SmallModels.picture(5)
    let expected = try [1, 2].map { try SmallModels.classifier(seed: $0).answers(for: [picture])[0].probabilities[1].bitPattern }
    #expect(expected[0] != expected[1])
    try await TestServer.with(model: .provided { try alternating.next() }) { server in
      let swaps = 20
      try await withThrowingTaskGroup(of: Set<String>.self) { group in
        for _ in 0..<4 {
          group.addTask {
            var seen: Set<String> = []
            for _ in 0..<50 {
              let answer = try await server.send("POST", "/api/v1/predictions", type: "image/png", body: file)
              #expect(answer.status == 201)
              // Not JSONSerialization, which rounds a last digit otherwise.
              let item = try #require(try JSONDecoder().decode(Response.self, from: answer.body).predictions.first)
              let version = item.model.version
              let number = try #require(Int(version.dropFirst("model:".count)))
              let probability = try #require(item.probabilities["Tumor"])
              #expect(probability.bitPattern == expected[(number - 1) % 2], "\(version)")
              seen.insert(version)
            }
            return seen
          }
        }
        group.addTask {
          for _ in 0..<swaps {
            let answer = try await server.send("POST", "/api/v1/models/reload", as: .administrator)
            #expect(answer.status == 200)
            #expect(try answer.json()["changed"] as? Bool == true)
          }
          return []
        }
        let seen = try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        #expect(seen.count > 2)
      }
      var changes = 0
      try server.server.room.audit.forEach { if $0.action == .modelChanged { changes += 1 } }
      #expect(changes == swaps)
    }
  }

  private struct Missing: Error {}

  @Test func `a model that cannot be loaded leaves the one before in place`() async throws {
    let isThere = Mutex(true)
    let model = ModelSource.provided {
      guard isThere.withLock({ $0 }) else { throw Missing() }
      return try ServedModel(SmallModels.classifier(), name: "small")
    }
    try await TestServer.with(model: model) { server in
      isThere.withLock { $0 = false }
      let answer = try await server.send("POST", "/api/v1/models/reload", as: .administrator)
      #expect(answer.status == 409)
      #expect(try answer.json()["code"] as? String == "model_not_loaded")
      #expect(try await server.send("POST", "/api/v1/predictions", type: "image/png", body: SmallModels.png(1)).status == 201)
      isThere.withLock { $0 = true }
      let again = try await server.send("POST", "/api/v1/models/reload", as: .administrator)
      #expect(try again.json()["changed"] as? Bool == false)
      // Asked first, then done, then what came of it.
      var entries: [AuditEntry] = []
      try server.server.room.audit.forEach { if $0.request != nil, $0.action != .predictionMade { entries.append($0) } }
      #expect(entries.map(\.action) == [.reloadAsked, .modelKept, .reloadAsked, .modelKept])
      #expect(entries[0].request == entries[1].request && entries[1].detail != entries[3].detail)
    }
  }
}
