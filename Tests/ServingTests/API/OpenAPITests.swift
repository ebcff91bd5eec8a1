import Foundation
import Serving
import Testing

@Suite(.timeLimit(.minutes(1)))
struct OpenAPITests {
  @Test func `the document names every route of the API, and no other`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("GET", "/api/v1/openapi.json", as: nil)
      #expect(answer.status == 200)
      let document = try JSONDecoder().decode(JSONValue.self, from: answer.body)
      #expect(document["openapi"] == "3.1.0")
      guard case .object(let paths) = document["paths"] else {
        Issue.record("no paths")
        return
      }
      var described: Set<String> = []
      for (path, operations) in paths {
        guard case .object(let operations) = operations else { continue }
        for method in operations.keys { described.insert("\(method.uppercased()) \(path)") }
      }
      let routes = server.server.routes.routes.filter { $0.operation != nil }
      #expect(described == Set(routes.map { "\($0.method.rawValue) \($0.path)" }))
      #expect(described.count > 12)
      for route in routes {
        let operation = try #require(paths[route.path]?[route.method.rawValue.lowercased()])
        #expect(operation["x-role"] == .string(route.policy.rawValue))
        guard case .array(let parameters) = operation["parameters"] ?? [] else { continue }
        let inPath = parameters.filter { $0["in"] == "path" }.compactMap { $0["name"] }
        #expect(inPath == route.parameters.map { .string($0) })
      }
    }
  }

  @Test func `every reference of the document leads to a schema`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("GET", "/api/v1/openapi.json", as: nil)
      let document = try JSONDecoder().decode(JSONValue.self, from: answer.body)
      let references = Self.references(in: document)
      #expect(references.count > 10)
      for reference in references {
        var place: JSONValue? = document
        for name in reference.dropFirst(2).split(separator: "/") { place = place?[String(name)] }
        #expect(place != nil, "\(reference)")
      }
    }
  }

  @Test func `answers have the shape that the document gives them`() async throws {
    try await TestServer.with { server in
      let document = try JSONDecoder().decode(
        JSONValue.self, from: try await server.send("GET", "/api/v1/openapi.json", as: nil).body)
      let schemas = SchemaCheck(document: document)
      func expect(_ schema: String, _ answer: Wire.Answer, status: Int) throws {
        #expect(answer.status == status)
        let value = try JSONDecoder().decode(JSONValue.self, from: answer.body)
        #expect(schemas.faults(of: value, as: ["$ref": .string("#/components/schemas/\(schema)")]) == [])
      }
      let files = try [SmallModels.png(1), Data("x".utf8), SmallModels.png(2)]
      let study = try await server.send(
        "POST", "/api/v1/predictions?study=true", type: Bodies.formType, body: Bodies.form(files))
      try expect("PredictionResponse", study, status: 201)
      try expect("PredictionPage", try await server.send("GET", "/api/v1/predictions?limit=1"), status: 200)
      let id = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: study.body).predictions[0].id
      try expect("Prediction", try await server.send("GET", "/api/v1/predictions/\(id)"), status: 200)
      let feedback = try await server.send(
        "POST", "/api/v1/predictions/\(id)/feedback", type: "application/json",
        body: Data("{\"verdict\":\"disagree\",\"label\":\"Normal\"}".utf8))
      try expect("Feedback", feedback, status: 201)
      try expect("FeedbackList", try await server.send("GET", "/api/v1/predictions/\(id)/feedback"), status: 200)
      try expect("PredictionPage", try await server.send("GET", "/api/v1/predictions"), status: 200)
      try expect("FeedbackTable", try await server.send("GET", "/api/v1/feedback", as: .operator), status: 200)
      try expect("ModelList", try await server.send("GET", "/api/v1/models"), status: 200)
      try expect("ModelChange", try await server.send("POST", "/api/v1/models/reload", as: .administrator), status: 200)
      try expect("RunList", try await server.send("GET", "/api/v1/runs"), status: 200)
      let job = try await server.send("POST", "/train", as: .operator)
      #expect(job.status == 202)
      try expect("TrainingJob", job, status: 202)
      try expect("Problem", try await server.send("GET", "/api/v1/runs/0"), status: 404)
      try expect("Problem", try await server.send("DELETE", "/api/v1/runs"), status: 405)
    }
  }

  @Test func `the check of shapes finds what is wrong`() throws {
    let schemas = SchemaCheck(document: ["components": ["schemas": ["A": ["type": "integer", "minimum": 0]]]])
    let schema: JSONValue = [
      "type": "object", "properties": ["a": ["$ref": "#/components/schemas/A"], "b": ["enum": ["x"], "type": "string"]],
      "required": ["a"], "additionalProperties": false,
    ]
    #expect(schemas.faults(of: ["a": 1, "b": "x"], as: schema) == [])
    for wrong: JSONValue in [[:], ["a": "1"], ["a": -1], ["a": 1, "b": "y"], ["a": 1, "c": 1], [], 1] {
      #expect(schemas.faults(of: wrong, as: schema) != [], "\(wrong)")
    }
  }

  private static func references(in value: JSONValue) -> Set<String> {
    switch value {
    case .array(let values): return values.reduce(into: []) { $0.formUnion(references(in: $1)) }
    case .object(let values):
      var found = values.values.reduce(into: Set<String>()) { $0.formUnion(references(in: $1)) }
      if case .string(let text) = values["$ref"] { found.insert(text) }
      return found
    default: return []
    }
  }
}
