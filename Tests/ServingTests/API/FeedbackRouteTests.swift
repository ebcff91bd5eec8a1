import Foundation
import Serving
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FeedbackRouteTests {
  @Test func `feedback is kept beside what the model had said`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", "/api/v1/predictions", type: "image/png", body: SmallModels.png(1))
      let id = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body).predictions[0].id
      let path = "/api/v1/predictions/\(id)/feedback"
      func give(_ value: [String: String]) async throws -> Wire.Answer {
        try await server.send("POST", path, type: "application/json", body: Bodies.json(value))
      }
      let first = try await give(["verdict": "agree"])
      #expect(first.status == 201)
      #expect(try first.json()["by"] as? String == "test reader")
      let second = try await give(["verdict": "disagree", "label": "Normal", "note": "  a shadow \n"])
      #expect(try second.json()["note"] as? String == "a shadow")
      #expect(try await give(["verdict": "disagree", "label": "other"]).status == 201)
      #expect(try await give(["verdict": "disagree", "label": "Cat"]).status == 400)
      #expect(try await give(["verdict": "agree", "label": "Normal"]).status == 400)
      #expect(try await give(["verdict": "perhaps"]).status == 400)
      #expect(try await give(["verdict": "agree", "note": String(repeating: "x", count: 501)]).status == 400)
      #expect(try await server.send("POST", path, type: "text/plain", body: Data("{}".utf8)).status == 415)
      let table = try await server.send("GET", "/api/v1/feedback", as: .operator)
      let rows = try #require(try table.json()["feedback"] as? [[String: Any]])
      #expect(rows.count == 3)
      let feedback = try #require(rows[1]["feedback"] as? [String: Any])
      #expect(feedback["label"] as? String == "Normal" && feedback["prediction"] as? String == id)
      #expect((rows[1]["model"] as? String)?.count == 64)
      #expect((rows[1]["probabilities"] as? [String: Double])?.count == 2)
      // Beside the result, alone and in lists.
      let shown = try await server.send("GET", path)
      #expect((try shown.json()["feedback"] as? [Any])?.count == 3)
      let listed = try await server.send("GET", "/api/v1/predictions")
      #expect((try listed.json()["feedback"] as? [[String: Any]])?.compactMap { $0["verdict"] as? String }.count == 3)
    }
  }

  @Test func `feedback is exported as a table that a spreadsheet only reads`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", "/api/v1/predictions", type: "image/png", body: SmallModels.png(1))
      let id = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body).predictions[0].id
      for note in ["=1+1", "a \"shadow\", or not", "two\nlines"] {
        let body = try Bodies.json(["verdict": "agree", "note": note])
        let given = try await server.send(
          "POST", "/api/v1/predictions/\(id)/feedback", type: "application/json", body: body)
        #expect(given.status == 201)
      }
      let table = try await server.send("GET", "/api/v1/feedback.csv", as: .operator)
      #expect(table.headers["content-type"] == "text/csv; charset=utf-8")
      let lines = table.text.components(separatedBy: "\r\n")
      #expect(lines.count == 5 && lines[4] == "")
      #expect(
        lines[0] == "id,time,prediction,model_digest,decision,predicted_label,probability_Normal,probability_Tumor,verdict,label,note,by")
      #expect(lines[1].hasSuffix(",agree,,'=1+1,test reader") && lines[1].contains(id))
      #expect(lines[2].hasSuffix(",agree,,\"a \"\"shadow\"\", or not\",test reader"))
      #expect(lines[3].hasSuffix(",agree,,\"two\nlines\",test reader"))
      #expect(try await server.send("GET", "/api/v1/feedback.csv", as: .reader).status == 403)
    }
  }

  @Test func `more feedback than a page holds is listed page by page, and exported whole`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", "/api/v1/predictions", type: "image/png", body: SmallModels.png(1))
      let id = try JSONDecoder().decode(PredictionRouteTests.Response.self, from: answer.body).predictions[0].id
      let principal = Principal(id: "a", name: "somebody", role: .reader)
      let store = server.server.room.feedback
      for number in 0..<1203 {
        _ = try store.add(.agree, label: nil, note: "note \(number)", on: id, by: principal, request: "r")
      }
      var (numbers, pages, after): ([Int], Int, Int?) = ([], 0, 0)
      while let place = after {
        let page = try await server.send("GET", "/api/v1/feedback?limit=500&after=\(place)", as: .operator).json()
        let rows = try #require(page["feedback"] as? [[String: Any]])
        numbers += rows.compactMap { ($0["feedback"] as? [String: Any])?["id"] as? Int }
        pages += 1
        after = page["next"] as? Int
      }
      #expect(pages == 3 && numbers == Array(1...1203))
      #expect(try await server.send("GET", "/api/v1/feedback?limit=501", as: .operator).status == 400)
      let table = try await server.send("GET", "/api/v1/feedback.csv", as: .operator)
      let lines = table.text.components(separatedBy: "\r\n")
      #expect(lines.count == 1205 && lines[1203].contains(",note 1202,") && lines[1204] == "")
    }
  }
}
