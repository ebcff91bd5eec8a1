import Foundation
import LoopbackServers
import TestSupport
import Testing
import Tracking
import Transfers

/// What a server can say wrongly, each from a scripted one.
@Suite(.timeLimit(.minutes(2)))
struct MLflowClientTests {
  private static let settings = APIClient.Settings(
    idleTimeout: .seconds(5), retries: RetryPolicy(attempts: 2, firstDelay: .milliseconds(1)))

  private static func asking<Result>(
    _ answer: LoopbackServer.Answer, path: String = "", _ body: (MLflowClient) async throws -> Result
  ) async throws -> Result {
    try await LoopbackServer.with({ _, _ in answer }) { loopback in
      let server = try MLflowServer(uri: loopback.url(path).absoluteString, user: "ana", password: "MARKED")
      return try await MLflowClient.with(server, settings: settings, body)
    }
  }

  private static func error(_ answer: LoopbackServer.Answer) async -> (any Error)? {
    do {
      _ = try await asking(answer) { try await $0.run("1") }
      return nil
    } catch {
      return error
    }
  }

  private static let refusal = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"No run MARKED\"}"

  @Test func `each refusal is told apart, in words that say what to do and hide what is secret`() async throws {
    let cases: [(LoopbackServer.Answer, String)] = [
      (.json("{}", .unauthorized), "MLFLOW_TRACKING_PASSWORD"),
      (
        .json("{\"message\":\"repo not associated with run MARKED\"}", .forbidden),
        "(403: repo not associated with run ***)"
      ),
      (.page("<html><title>Sign in MARKED</title>"), "('Sign in ***')"),
      (.page("<html><title>Not here</title>", .notFound), "web page ('Not here')"),
      (.redirect(to: "https://elsewhere.org/MARKED"), "Redirects are not followed"),
      (.json("[1]"), "another form"), (.json("{\"run\":"), "another form"), (.json("{}"), "another form"),
      (.json(Self.refusal, .notFound), "(404 RESOURCE_DOES_NOT_EXIST): No run ***"),
      (.json("{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"down\"}", .internalServerError), "answered 500 (down)"),
      (.init(status: .serviceUnavailable), "nefro runs sync"),
    ]
    for (answer, words) in cases {
      let found = try #require(await Self.error(answer))
      #expect(found is MLflowError)
      #expect("\(found)".contains(words), "\(found)")
      #expect(!"\(found)".contains("MARKED") && !String(reflecting: found).contains("MARKED"))
    }
  }

  @Test func `numbers may come as texts, and non-finite values as MLflow writes them`() async throws {
    let run = """
      {"run":{"info":{"run_id":"r","experiment_id":"0","start_time":"1700000000123","end_time":5,"status":"RUNNING"},
      "data":{"metrics":[{"key":"a","value":"NaN","timestamp":"1","step":"2"},
      {"key":"b","value":"-Infinity","timestamp":1},{"key":"c","value":0.1,"timestamp":1,"step":-3}],
      "params":[{"key":"p"}],"tags":[{"key":"t","value":"v"}]}}}
      """
    let found = try await Self.asking(.json(run)) { try await $0.run("r") }
    #expect(found.info.start_time?.value == 1_700_000_000_123 && found.info.end_time?.value == 5)
    let points = try #require(found.data?.metrics)
    #expect(points[0].value.isNaN && points[0].step.value == 2)
    #expect(points[1].value == -.infinity && points[1].step.value == 0)
    #expect(points[2].value == 0.1 && points[2].step.value == -3)
    #expect(found.parameters == ["p": ""] && found.tags == ["t": "v"])
  }

  @Test func `a batch is written as MLflow reads it`() async throws {
    try await LoopbackServer.with({ _, _ in .json("{}") }) { loopback in
      let server = try MLflowServer(uri: loopback.url("/prefix").absoluteString)
      try await MLflowClient.with(server) { client in
        try await client.logBatch(
          .init(
            run_id: "r",
            metrics: [
              MLflowPoint(key: "a/b", value: .nan, timestamp: 1, step: 2),
              MLflowPoint(key: "c", value: .infinity, timestamp: 1, step: 2),
            ], params: [.init(key: "p", value: "ñ/\"")]))
      }
      let request = try #require(loopback.requests.first)
      #expect(request.uri == "/prefix/api/2.0/mlflow/runs/log-batch" && request.method == "POST")
      #expect(
        String(decoding: request.body, as: UTF8.self)
          == #"{"metrics":[{"key":"a/b","step":2,"timestamp":1,"value":"NaN"},"#
          + #"{"key":"c","step":2,"timestamp":1,"value":"Infinity"}],"#
          + #""params":[{"key":"p","value":"ñ/\""}],"run_id":"r","tags":[]}"#)
    }
  }

  @Test(arguments: [
    (
      "mlflow-artifacts:/1/r/artifacts",
      "HOST/prefix/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/m%C3%B3del%20a/%25.bin"
    ),
    (
      "mlflow-artifacts://other.org:81/1",
      "http://other.org:81/prefix/api/2.0/mlflow-artifacts/artifacts/1/m%C3%B3del%20a/%25.bin"
    ),
    ("https://store.org/a/", "https://store.org/a/m%C3%B3del%20a/%25.bin"),
  ])
  func `an artifact's address is below the server, each name encoded`(_ uri: String, _ expected: String) async throws {
    let server = try MLflowServer(uri: "http://127.0.0.1:1/prefix")
    let found = try await MLflowClient.with(server) { try $0.artifactAddress("módel a/%.bin", in: uri).absoluteString }
    #expect(found == expected.replacingOccurrences(of: "HOST", with: "http://127.0.0.1:1"))
  }

  @Test(arguments: [
    ("s3://bucket/1", "s3"), ("gs://b", "gs"), ("file:///x", "file"), ("/mlruns/0", "file"), ("wasbs://x", "wasbs"),
  ])
  func `a place that is not the server's own is named, not guessed`(_ uri: String, _ scheme: String) async throws {
    let server = try MLflowServer(uri: "http://127.0.0.1:1")
    await #expect(throws: MLflowError.artifactStoreUnsupported(server: server.name, scheme: scheme)) {
      try await MLflowClient.with(server) { try $0.artifactAddress("a", in: uri) }
    }
  }

  @Test(arguments: [("2.7.1", 2, 7), ("3.17.2\n", 3, 17)])
  func `a server's version is read`(_ text: String, _ major: Int, _ minor: Int) async throws {
    let found = try await Self.asking(.init(body: Array(text.utf8))) { try await $0.version() }
    #expect(found == MLflowVersion(major: major, minor: minor))
  }

  @Test func `a service that does not tell its version has none`() async throws {
    for answer in [LoopbackServer.Answer.page("<html>"), .init(status: .notFound), .init(status: .unauthorized)] {
      #expect(try await Self.asking(answer) { try await $0.version() } == nil)
    }
  }
}
