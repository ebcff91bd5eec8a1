import Foundation
import NeuralNetworks
import Serving
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct HealthRouteTests {
  @Test func `a server that answers is alive and ready`() async throws {
    try await TestServer.with { server in
      let alive = try await server.send("GET", "/healthz", as: nil).text
      let ready = try await server.send("GET", "/readyz", as: nil).text
      #expect(alive == "{\"status\":\"alive\"}" && ready == "{\"status\":\"ready\"}")
    }
  }

  @Test func `a server whose model answers otherwise than at its start is alive, but not ready`() async throws {
    let classifier = try SmallModels.classifier()
    try await TestServer.with(model: .provided { try ServedModel(classifier, name: "small") }) { server in
      // As memory would that has gone bad.
      let kernel = try #require(classifier.network.base.parameters.first)
      kernel.value = Tensor(shape: kernel.shape, values: kernel.value.values.map { -$0 })
      let ready = try await server.send("GET", "/readyz", as: nil)
      #expect(ready.status == 503 && ready.headers["retry-after"] != nil)
      #expect(try ready.json()["code"] as? String == "not_ready")
      #expect(try await server.send("GET", "/healthz", as: nil).status == 200)
    }
  }

  @Test func `HEAD gives the headers of GET and no body, behind the same policy`() async throws {
    try await TestServer.with { server in
      for (path, role) in [("/healthz", nil), ("/api/v1/models", Role.reader), ("/api/v1/openapi.json", nil)] {
        let get = try await server.send("GET", path, as: role)
        // A body would come before the end of the connection.
        let text = try await Wire.talk { () -> String in
          let wire = try Wire(port: server.port)
          try wire.send(
            Wire.head(
              "HEAD", path, port: server.port, token: role.map { server.token($0) }, headers: ["Connection": "close"]))
          return try wire.rest()
        }
        #expect(text.hasPrefix("HTTP/1.1 200 ") && text.hasSuffix("\r\n\r\n"), "\(path): \(text.suffix(40))")
        #expect(text.lowercased().contains("content-length: \(get.body.count)\r\n"), "\(path)")
      }
      let refused = try await Wire.talk { () -> String in
        let wire = try Wire(port: server.port)
        try wire.send(Wire.head("HEAD", "/metrics", port: server.port, headers: ["Connection": "close"]))
        return try wire.rest()
      }
      #expect(refused.hasPrefix("HTTP/1.1 401 "))
    }
  }

  @Test func `what happened is in the measurements`() async throws {
    try await TestServer.with { server in
      for number in 0..<3 {
        _ = try await server.send("POST", "/api/v1/predictions", type: "image/png", body: SmallModels.png(number))
      }
      _ = try await server.send("GET", "/nowhere/of/any/kind?name=Mustermann")
      let answer = try await server.send("GET", "/metrics", as: .operator)
      #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      let lines = answer.text.split(separator: "\n").map(String.init)
      #expect(lines.contains("nefro_requests_total{route=\"/api/v1/predictions\",method=\"POST\",status=\"201\"} 3"))
      #expect(lines.contains("nefro_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 1"))
      #expect(lines.contains("nefro_request_seconds_count{route=\"/api/v1/predictions\"} 3"))
      #expect(lines.contains("nefro_request_seconds_bucket{route=\"/api/v1/predictions\",le=\"+Inf\"} 3"))
      #expect(lines.contains("nefro_batch_pictures_count 3"))
      #expect(lines.contains { $0.hasPrefix("nefro_model_info{name=\"small\",version=\"\",digest=\"") && $0.hasSuffix(" 1") })
      #expect(lines.contains("nefro_queue_capacity_pictures 1024"))
      let decisions = lines.filter { $0.hasPrefix("nefro_decisions_total{") }.compactMap { Int($0.split(separator: " ").last!) }
      #expect(decisions.reduce(0, +) == 3)
      #expect(!answer.text.contains("Mustermann"))
    }
  }

  @Test(.enabled(if: PythonTools.named("serving") != nil, "SKIPPED: no Python environment 'serving'"))
  func `Prometheus' own parser reads the measurements`() async throws {
    let tools = try #require(PythonTools.named("serving"))
    try await TestServer.with { server in
      _ = try await server.send("POST", "/api/v1/predictions", type: "image/png", body: SmallModels.png(1))
      let text = try await server.send("GET", "/metrics", as: .operator).text
      let program = """
        import sys
        from prometheus_client.parser import text_string_to_metric_families
        for family in text_string_to_metric_families(sys.stdin.read()):
            for sample in family.samples:
                print(family.type, sample.name, float(sample.value))
        """
      let output = try await Wire.talk {
        try Program.run(tools.program("python"), ["-c", program], input: Data(text.utf8))
      }
      #expect(output.contains("counter nefro_requests_total 1.0"))
      #expect(output.contains("histogram nefro_request_seconds_count 1.0"))
      #expect(output.contains("gauge nefro_model_info 1.0"))
    }
  }
}
