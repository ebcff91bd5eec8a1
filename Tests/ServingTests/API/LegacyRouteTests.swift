import Foundation
import Serving
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LegacyRouteTests {
  private static func body(_ number: Int) throws -> Data {
    try Bodies.json(["image": SmallModels.png(number).base64EncodedString()])
  }

  @Test func `the report's route gives the label in the report's shape`() async throws {
    try await TestServer.with { server in
      let classifier = try SmallModels.classifier()
      for number in 0..<4 {
        let label = try classifier.answers(for: [SmallModels.picture(number)])[0].label
        let answer = try await server.send("POST", "/predict", type: "application/json", body: Self.body(number))
        #expect(answer.status == 200)
        #expect(answer.text == "[{\"image\":\"\(label)\"}]")
      }
    }
  }

  @Test func `where the model is too unsure the label does not stand there as an answer`() async throws {
    var rule = SmallModels.rule
    rule.abstention = .init(leastConfidence: nil, rule: "for a test", coverage: 0, risk: nil, images: 10, series: 3)
    let unsure = rule
    let model = ModelSource.provided { try ServedModel(SmallModels.classifier(decision: unsure), name: "unsure") }
    try await TestServer.with(model: model) { server in
      let answer = try await server.send("POST", "/predict", type: "application/json", body: Self.body(1))
      #expect(answer.text == "[{\"image\":\"uncertain, refer\"}]")
    }
  }

  @Test func `without a token it is open only if it is said so, and never to what a stranger's page can send`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", "/predict", as: nil, type: "application/json", body: Self.body(1))
      #expect(answer.status == 401)
    }
    try await TestServer.with(legacyOpen: true) { server in
      let answer = try await server.send("POST", "/predict", as: nil, type: "application/json", body: Self.body(1))
      #expect(answer.status == 200)
      for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", nil] {
        #expect(try await server.send("POST", "/predict", as: nil, type: type, body: Self.body(1)).status == 415)
      }
      // The other routes are as closed as ever.
      #expect(try await server.send("GET", "/api/v1/predictions", as: nil).status == 401)
    }
  }

  @Test(arguments: ["{}", "[]", "{\"image\": 3}", "{\"image\": \"?\"}", "{\"image\": \"\"}", "", "null"])
  func `a body that is not as described is refused`(_ body: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", "/predict", type: "application/json", body: Data(body.utf8))
      #expect(answer.status == 400)
      #expect(try answer.json()["code"] as? String == "bad_request")
    }
  }
}
