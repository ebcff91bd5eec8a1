import Foundation
import Inference
import Serving
import TestSupport
import Testing
import Tracking

/// Programs of others against the server: a browser, and a tester of APIs.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct OutsideProgramTests {
  static let hasBrowser = ["/usr/bin/chromium", "/usr/bin/chromedriver"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(
    .enabled(if: hasBrowser, "SKIPPED: no chromium and chromium-driver of Debian"),
    .enabled(if: PythonTools.named("browser") != nil, "SKIPPED: no Python environment 'browser'"))
  func `a person walks through every page, with keys alone too, and axe finds nothing`() async throws {
    let tools = try #require(PythonTools.named("browser"))
    try await withTemporaryFolder { folder in
      let pictures = try (0..<4).map { number in
        let url = folder.appending(path: "picture \(number).png")
        try SmallModels.png(number, side: 200 + 20 * number).write(to: url)
        return url.path
      }
      let card = try String(
        contentsOf: packageRoot.appending(path: "Models/kidney-two-class.md"), encoding: .utf8)
      let model = ModelSource.provided { try ServedModel(SmallModels.classifier(), name: "small", card: card) }
      try await TestServer.with(model: model) { server in
        let output = try await Wire.talk {
          try Program.run(
            tools.program("python"),
            [
              packageRoot.appending(path: "Tests/tools/page_walk.py").path, "--url", "http://127.0.0.1:\(server.port)",
              "--token", server.token(.operator),
            ] + pictures)
        }
        #expect(output.contains("the walk is done"))
      }
    }
  }

  @Test(.enabled(if: PythonTools.named("serving") != nil, "SKIPPED: no Python environment 'serving'"))
  func `a tester of APIs finds no answer that the document does not describe`() async throws {
    let tools = try #require(PythonTools.named("serving"))
    let examples = TestRun.isFull ? 100 : 5
    // It keeps notes where it works.
    try await withTemporaryFolder { folder in
      try await TestServer.with { server in
        let seeds = try await Self.seed(server)
        // Once with whatever comes to its mind, once with what there is.
        for parameters in [false, true] {
          try Self.settings(seeds: parameters ? seeds : [:])
            .write(to: folder.appending(path: "schemathesis.toml"), atomically: true, encoding: .utf8)
          let url = "http://127.0.0.1:\(server.port)/api/v1/openapi.json"
          let output = try await Wire.talk {
            try Program.run(
              tools.program("schemathesis"),
              [
                "run", url, "--header", "Authorization: Bearer \(server.token(.administrator))", "--checks", "all",
                "--max-examples", "\(examples)", "--seed", "1", "--generation-database", "none", "--no-color",
              ], in: folder)
          }
          print(output.split(separator: "\n").suffix(12).joined(separator: "\n"))
        }
        #expect(try await server.send("GET", "/healthz", as: nil).status == 200)
      }
    }
  }

  /// A result with feedback, a run with curves, a registered model, a training that has ended.
  ///
  /// - Returns: by operation, the parameters that lead to them.
  private static func seed(_ server: TestServer) async throws -> [String: [String: String]] {
    let answer = try await server.send(
      "POST", "/api/v1/predictions?study=true", as: .administrator, type: "image/png", body: SmallModels.png(1))
    let result = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body).predictions[0].id
    let feedback = try await server.send(
      "POST", "/api/v1/predictions/\(result)/feedback", as: .administrator, type: "application/json",
      body: Bodies.json(["verdict": "disagree", "label": "Normal", "note": "n"]))
    try #require(feedback.status == 201)
    let store = try RunStore(at: server.server.room.options.store)
    let recorder = try store.begin(.train, name: "first", parameters: ["EPOCHS": "5"], tags: ["seed": "1"])
    try recorder.log([
      MetricPoint(key: "loss", step: 1, time: Date(), value: 0.5), MetricPoint(key: "loss", step: 2, time: Date(), value: .nan),
    ])
    try recorder.finish()
    let second = try store.begin(.train, name: "second", parameters: ["EPOCHS": "6"], tags: [:])
    try second.finish()
    let file = packageRoot.appending(path: "Models/kidney-two-class.safetensors")
    let scores = server.server.room.options.store.appending(path: "scores.json")
    try Data("{\"metrics\": {}}".utf8).write(to: scores)
    _ = try ModelRegistry(store: store).register(
      [.model: file, .scores: scores], as: "kidney", identity: ModelFile(file).digest)
    let job = try await server.send("POST", "/train", as: .operator)
    let training = try #require(try job.json()["id"] as? String)
    let version = ["name": "kidney", "number": "1"]
    return [
      "getPrediction": ["id": result], "explainPrediction": ["id": result], "giveFeedback": ["id": result],
      "getFeedback": ["id": result], "getRun": ["id": recorder.id.description], "getCurves": ["id": recorder.id.description],
      "compareRuns": ["runs": "\(recorder.id.description),\(second.id.description)"], "getScores": version,
      "getModelHistory": ["name": "kidney"], "promoteModel": version, "getJob": ["id": training],
      "cancelJob": ["id": training], "watchJob": ["id": training],
    ]
  }

  /// What no schema can say of a request, and so may be refused with 400 and the like though it fits the schema.
  private static let finer: [String: [Int]] = [
    // A text that is a string for the document is no picture yet.
    "predict": [400, 413, 415, 422], "legacyPredict": [400, 413, 415, 422],
    // The classes are the model's; a filter has a grammar; names and values of parameters are checked.
    "explainPrediction": [400, 410], "giveFeedback": [400], "listRuns": [400], "startTraining": [400],
  ]

  private static func settings(seeds: [String: [String: String]]) -> String {
    Set(finer.keys).union(seeds.keys).sorted().map { operation in
      var lines = ["[[operations]]", "include-operation-id = \"\(operation)\""]
      if let codes = finer[operation] {
        let all = ["2xx", "401", "403", "404", "409", "503"] + codes.map(String.init)
        lines.append("checks.positive_data_acceptance.expected-statuses = [\(all.map { "\"\($0)\"" }.joined(separator: ", "))]")
      }
      if let values = seeds[operation] {
        let pairs = values.sorted { $0.key < $1.key }.map { "\"\($0.key)\" = \"\($0.value)\"" }
        lines.append("parameters = { \(pairs.joined(separator: ", ")) }")
      }
      return lines.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }
}
