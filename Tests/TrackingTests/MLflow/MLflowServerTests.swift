import Foundation
import LoopbackServers
import TestSupport
import Testing
import Tracking
import Transfers

@Suite(.timeLimit(.minutes(2)))
struct MLflowServerTests {
  private static func write(_ text: String, mode: Int = 0o600, in home: URL) throws {
    let folder = home.appending(path: ".mlflow")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "credentials")
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  /// The `Authorization` that a configured server gets.
  private static func authorization(_ environment: [String: String], home: URL) async throws -> String? {
    try await LoopbackServer.with({ _, _ in .json("{\"runs\":[]}") }) { loopback in
      var environment = environment
      environment["MLFLOW_TRACKING_URI"] =
        environment["MLFLOW_TRACKING_URI"]?.replacingOccurrences(of: "HOST", with: "127.0.0.1:\(loopback.port)")
        ?? loopback.url("/").absoluteString
      let server = try #require(try MLflowServer.configured(environment: environment, home: home))
      _ = try await MLflowClient.with(server) { try await $0.runs(in: "1", tag: "a", is: "b") }
      return loopback.requests.first?.header("authorization")
    }
  }

  private static func basic(_ text: String) -> String { "Basic \(Data(text.utf8).base64EncodedString())" }

  @Test func `no server is configured where none is named`() throws {
    try withTemporaryFolder { (home: URL) throws -> Void in
      #expect(try MLflowServer.configured(environment: [:], home: home) == nil)
      #expect(try MLflowServer.configured(environment: ["MLFLOW_TRACKING_URI": " "], home: home) == nil)
    }
  }

  @Test func `credentials come from variables, the file, the address, or a token`() async throws {
    try await withTemporaryFolder { (home: URL) async throws -> Void in
      let both = ["MLFLOW_TRACKING_USERNAME": "ana", "MLFLOW_TRACKING_PASSWORD": "pw", "MLFLOW_TRACKING_TOKEN": "T"]
      #expect(try await Self.authorization(both, home: home) == Self.basic("ana:pw"))
      #expect(try await Self.authorization(["MLFLOW_TRACKING_TOKEN": "T"], home: home) == "Bearer T")
      #expect(
        try await Self.authorization(["MLFLOW_TRACKING_URI": "http://eva:p%40w@HOST/"], home: home)
          == Self.basic("eva:p@w"))
      #expect(try await Self.authorization([:], home: home) == nil)
      try Self.write(
        "[other]\nmlflow_tracking_password = no\n[mlflow]\n# a note\nmlflow_tracking_username = eva\n"
          + "MLFLOW_TRACKING_PASSWORD= s=cret\n", in: home)
      #expect(try await Self.authorization([:], home: home) == Self.basic("eva:s=cret"))
      #expect(
        try await Self.authorization(["MLFLOW_TRACKING_USERNAME": "ana"], home: home) == Self.basic("ana:s=cret"))
    }
  }

  @Test func `a credentials file that others can read is refused`() throws {
    try withTemporaryFolder { home in
      try Self.write("[mlflow]\nmlflow_tracking_username = a\nmlflow_tracking_password = b\n", mode: 0o644, in: home)
      let path = home.appending(path: ".mlflow/credentials").path
      #expect(throws: MLflowError.credentialsExposed(path: path, mode: "644")) {
        try MLflowServer.configured(environment: ["MLFLOW_TRACKING_URI": "http://h"], home: home)
      }
      // Where variables say all there is to know, the file does not matter.
      let environment = [
        "MLFLOW_TRACKING_URI": "http://h", "MLFLOW_TRACKING_USERNAME": "a", "MLFLOW_TRACKING_PASSWORD": "b",
      ]
      #expect(try MLflowServer.configured(environment: environment, home: home) != nil)
    }
  }

  @Test(arguments: ["file:./mlruns", "databricks", "sqlite:///x.db", "./mlruns", "ftp://h/x"])
  func `an address that is no server's is refused`(_ uri: String) throws {
    let error = #expect(throws: MLflowError.self) { try MLflowServer(uri: uri) }
    guard case .invalidAddress? = error else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test func `the name that is shown and kept has no secrets, and the path stays`() throws {
    let server = try MLflowServer(uri: "https://ana:hidden@dagshub.com/ana/kidney.mlflow/?token=hidden#hidden")
    #expect(server.name == "https://dagshub.com/ana/kidney.mlflow")
    var dumped = ""
    dump(server, to: &dumped)
    #expect(
      !dumped.contains("hidden") && !"\(server)".contains("hidden") && !String(reflecting: server).contains("hidden"))
  }
}
