import Foundation
import Serving
import TestSupport
import Testing

/// The program with a project of its own: runs, a registered model, promotions, trainings.
extension ServeProgramTests {
  @Test func `runs, scores and promotions of a project are seen and done over HTTP`() async throws {
    try await withTemporaryFolder { folder in
      let project = try TrainedProject(in: folder)
      let scored = try Data(contentsOf: folder.appending(path: "scores.json"))
      try project.run("models", "register", "--name", "kidney")
      for epochs in 2...3 { try project.run("train", "--set", "EPOCHS=\(epochs)") }
      let server = try await ServeProgram.start(in: folder)
      let token = try #require(server.token)
      func ask(_ method: String, _ path: String, status: Int) async throws -> [String: Any] {
        let answer = try await Wire.send(method, path, port: server.port, token: token)
        #expect(answer.status == status, "\(path): \(answer.text)")
        return try answer.json()
      }
      // Runs, one of them whole, their curves, and where they differ.
      let listed = try await ask("GET", "/api/v1/runs", status: 200)
      let runs = try #require(listed["runs"] as? [[String: Any]])
      #expect(listed["total"] as? Int == runs.count && runs.count == 3)
      let ids = runs.compactMap { $0["id"] as? String ?? ($0["run"] as? [String: Any])?["id"] as? String }
      try #require(ids.count == runs.count)
      #expect(try await ask("GET", "/api/v1/runs/\(ids[0])", status: 200)["run"] != nil)
      var lengths: Set<Int> = []
      for id in ids {
        let curves = try #require(
          try await ask("GET", "/api/v1/runs/\(id)/curves", status: 200)["curves"] as? [[String: Any]])
        for curve in curves {
          let (steps, values) = (curve["steps"] as? [Int] ?? [], curve["values"] as? [Double] ?? [])
          #expect(steps.count == values.count && steps == steps.sorted())
          if curve["metric"] as? String == "val_loss" { lengths.insert(steps.count) }
        }
        let one = try await ask("GET", "/api/v1/runs/\(id)/curves?metric=val_loss", status: 200)
        #expect((one["curves"] as? [[String: Any]])?.allSatisfy { $0["metric"] as? String == "val_loss" } == true)
      }
      #expect(lengths.isSuperset(of: [2, 3]), "two epochs and three: \(lengths)")
      let pair = try await ask("GET", "/api/v1/comparisons?runs=\(ids[0]),\(ids[1])", status: 200)
      #expect(String(decoding: try JSONSerialization.data(withJSONObject: pair), as: UTF8.self).contains("EPOCHS"))
      #expect(try await ask("GET", "/api/v1/comparisons?runs=\(ids[0])", status: 400)["code"] as? String == "bad_request")
      #expect(try await ask("GET", "/api/v1/comparisons?runs=\(ids[0]),zz", status: 404)["code"] as? String == "not_found")
      // The version's scores are the file's.
      let scores = try await Wire.send(
        "GET", "/api/v1/models/kidney/versions/1/scores", port: server.port, token: token)
      #expect(scores.status == 200 && scores.body == scored)
      _ = try await ask("GET", "/api/v1/models/kidney/versions/2/scores", status: 404)
      _ = try await ask("GET", "/api/v1/models/lung/history", status: 404)
      // Refused by the gate, then not judged at all, then promoted.
      let path = "/api/v1/models/kidney/versions/1/promote"
      try project.declareGate("metrics: {auc: {value_at_least: 1.5}}")
      let refused = try await ask("POST", path, status: 409)
      #expect(refused["code"] as? String == "gate_refused")
      #expect((refused["detail"] as? String)?.contains("at least 1.5") == true)
      try project.declareGate("metrics: [")
      #expect(try await ask("POST", path, status: 409)["code"] as? String == "not_judged")
      try project.declareGate("metrics: {auc: {value_at_least: 0}}")
      let promoted = try await ask("POST", path, status: 200)
      #expect(promoted["promoted"] as? Bool == true)
      #expect((promoted["findings"] as? [String])?.first?.contains("kidney:1 is 'champion'") == true)
      _ = try await ask("POST", "/api/v1/models/kidney/versions/7/promote", status: 404)
      let events = try #require(
        try await ask("GET", "/api/v1/models/kidney/history", status: 200)["events"] as? [[String: Any]])
      #expect(events.compactMap { $0["kind"] as? String } == ["registered", "refused", "promoted"])
      let trail = try project.run("audit-log", "export")
      let actions = trail.matches(of: /"action":"(model\.[a-z]+)"/).map { String($0.1) }
      #expect(
        actions == [
          "model.promotion", "model.refused", "model.promotion", "model.failed", "model.promotion", "model.promoted",
        ])
      let whole = try project.run("audit-log", "verify")
      let seal = try #require(whole.firstMatch(of: /last seal is ([0-9a-f]{64})/)).1
      #expect(try project.run("audit-log", "verify", "--seal", String(seal)).contains(seal))
      #expect(throws: Program.Failure.self) {
        try project.run("audit-log", "verify", "--seal", String(repeating: "a", count: 64))
      }
      #expect(try await server.end(SIGTERM) == 0)
    }
  }

  @Test func `a training ends with its server, also one that is killed`() async throws {
    try await withTemporaryFolder { folder in
      let project = try TrainedProject(in: folder)
      let server = try await ServeProgram.start(in: folder)
      let token = try #require(server.token)
      let wish = try Bodies.json(["parameters": ["EPOCHS": "10000"]])
      let job = try await Wire.send(
        "POST", "/api/v1/jobs", port: server.port, token: token, type: "application/json", body: wish)
      #expect(job.status == 202)
      let id = try #require(try job.json()["id"] as? String)
      try await BusyNetwork.until("it trains") {
        let job = try await Wire.send("GET", "/api/v1/jobs/\(id)", port: server.port, token: token).json()
        try #require(job["state"] as? String == "running", "\(job)")
        return (job["lines"] as? [String])?.contains { $0.contains("Epoch") } == true
      }
      #expect(project.trainings().count == 1)
      _ = try await server.end(SIGKILL)
      try await BusyNetwork.until("the training has ended too") { project.trainings().isEmpty }
      // What is said of it at the next start is true, and another one may begin.
      let second = try await ServeProgram.start(in: folder)
      let after = try await Wire.send("GET", "/api/v1/jobs/\(id)", port: second.port, token: token).json()
      #expect(after["state"] as? String == "interrupted")
      let resumed = try await Wire.send(
        "POST", "/api/v1/jobs", port: second.port, token: token, type: "application/json",
        body: Bodies.json(["parameters": ["EPOCHS": "10000"], "resume": true]))
      #expect(resumed.status == 202)
      try await BusyNetwork.until("it trains again") { project.trainings().count == 1 }
      #expect(try await second.end(SIGTERM) == 0)
      try await BusyNetwork.until("and ends with the server") { project.trainings().isEmpty }
    }
  }
}
