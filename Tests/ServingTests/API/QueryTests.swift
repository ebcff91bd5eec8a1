import Foundation
import Serving
import Testing

@Suite(.timeLimit(.minutes(2)))
struct QueryTests {
  @Test(arguments: [
    ("limit=1&filter=auc+%3E+0.9", 200), ("filter=auc%20%3E%200.9", 200), ("filter=auc+%3E", 400), ("limit=0", 400),
    ("limit=501", 400), ("limit=x", 400), ("limit=", 400), ("", 200), ("filter=%FF", 200), ("filter=", 200), ("limit", 400), ("&&=&limit=2", 200),
  ])
  func `a query is read as browsers write it`(_ query: String, _ status: Int) async throws {
    try await TestServer.with { server in
      let answer = try await server.send("GET", "/api/v1/runs?" + query)
      #expect(answer.status == status)
    }
  }

  @Test(arguments: [("true", 201), ("false", 201), ("", 400), ("1", 400), ("True", 400), ("null", 400)])
  func `whether pictures are one study is said with true or false, in a form and behind the path`(
    _ text: String, _ status: Int
  ) async throws {
    try await TestServer.with { server in
      let file = try SmallModels.png(1)
      let form = Bodies.form([file], fields: [("study", text)])
      let inForm = try await server.send("POST", "/api/v1/predictions", type: Bodies.formType, body: form)
      let inQuery = try await server.send("POST", "/api/v1/predictions?study=\(text)", type: "image/png", body: file)
      for answer in [inForm, inQuery] {
        #expect(answer.status == status)
        if status == 201 { #expect((try answer.json()["study"] != nil) == (text == "true")) }
      }
    }
  }
}
