import Foundation
import LoopbackServers
import TestSupport
import Testing
import Tracking

/// `nefro runs sync` as a person runs it, with what can go wrong.
@Suite(.timeLimit(.minutes(3)))
struct RunsSyncProgramTests {
  private static let secret = "MARKEDSECRET"

  private struct Outcome {
    var code: Int32
    var output: String
    var error: String
  }

  private static func run(_ arguments: [String], _ environment: [String: String], in folder: URL) async throws
    -> Outcome
  {
    let process = Process()
    process.executableURL = KilledProgram.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MLFLOW") }
    own["HOME"] = folder.path
    process.environment = own.merging(environment) { $1 }
    let files = ["out", "err"].map { folder.appending(path: $0) }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    let code = try await process.runToEnd()
    return Outcome(
      code: code, output: try String(contentsOf: files[0], encoding: .utf8),
      error: try String(contentsOf: files[1], encoding: .utf8))
  }

  private static func variables(_ uri: String) -> [String: String] {
    ["MLFLOW_TRACKING_URI": uri, "MLFLOW_TRACKING_USERNAME": "ana", "MLFLOW_TRACKING_PASSWORD": secret]
  }

  /// A project with one run.
  private static func withProject(_ body: (URL, RunID) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let store = try RunStore(at: RunStore.folder(ofProject: folder))
      let recorder = try store.begin(.train, name: "first", parameters: ["EPOCHS": "2"])
      try recorder.log([MetricPoint(key: "loss", step: 1, time: Date(), value: 0.5)])
      try recorder.finish()
      try await body(folder, recorder.id)
    }
  }

  @Test func `a run is sent once, and the second time there is nothing to do`() async throws {
    let fake = FakeTracking(password: Self.secret)
    try await LoopbackServer.with({ request, _ in fake.answer(request) }) { loopback in
      try await Self.withProject { folder, id in
        let variables = Self.variables(loopback.url("/ana/kidney.mlflow").absoluteString)
        let none = try await Self.run(["runs", "sync"], variables, in: folder)
        #expect(none.code == 0 && none.error.contains("1 recorded without it") && fake.runs.isEmpty)
        let dry = try await Self.run(["runs", "sync", "--all", "--dry-run"], variables, in: folder)
        #expect(dry.code == 0 && dry.output == "\(id.short)  first\n" && fake.runs.isEmpty)
        let first = try await Self.run(["runs", "sync", "--all"], variables, in: folder)
        #expect(first.code == 0 && first.output.hasPrefix("\(id.short)  sent 1 parameter, 1 point, "), "\(first)")
        let second = try await Self.run(["runs", "sync", id.short], variables, in: folder)
        #expect(second.code == 0 && second.output == "\(id.short)  there already\n")
        #expect(fake.runs.count == 1 && fake.runs[0].status == "FINISHED")
        for text in [none, dry, first, second].flatMap({ [$0.output, $0.error] }) {
          #expect(!text.contains(Self.secret))
        }
      }
    }
  }

  @Test func `credentials are looked for in the home folder that the environment names, as MLflow's client does`() async throws {
    try await Self.withProject { folder, _ in
      let home = folder.appending(path: "home")
      let file = home.appending(path: ".mlflow/credentials")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("[mlflow]\nmlflow_tracking_username = ana\nmlflow_tracking_password = pw\n".utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
      let variables = ["HOME": home.path, "MLFLOW_TRACKING_URI": "http://127.0.0.1:1"]
      let outcome = try await Self.run(["runs", "sync", "--all"], variables, in: folder)
      #expect(outcome.code == 1 && outcome.error.contains("chmod 600 '\(file.path)'"), "\(outcome.error)")
    }
  }

  @Test func `without a server named, the error names the variable`() async throws {
    try await Self.withProject { folder, _ in
      let outcome = try await Self.run(["runs", "sync"], [:], in: folder)
      #expect(outcome.code == 1 && outcome.error.contains("MLFLOW_TRACKING_URI"))
    }
  }

  @Test(arguments: ["away", "401", "page", "certificate", "scheme"])
  func `each obstacle is one clear error, the run waits, and the password is nowhere`(_ obstacle: String) async throws {
    let answers: @Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Answer = { _, _ in
      obstacle == "page" ? .page("<html><title>\(Self.secret)</title>") : .json("{}", .unauthorized)
    }
    try await LoopbackServer.with(encrypted: obstacle == "certificate", answers) { loopback in
      try await Self.withProject { folder, id in
        let uri =
          switch obstacle {
          case "away": "http://127.0.0.1:1"
          case "scheme": "s3://\(Self.secret)"
          default: loopback.url("").absoluteString
          }
        let words = [
          "away": "Cannot reach", "401": "MLFLOW_TRACKING_PASSWORD", "page": "web page", "certificate": "not trusted",
          "scheme": "begins with 's3:'",
        ]
        let outcome = try await Self.run(["runs", "sync", "--all"], Self.variables(uri), in: folder)
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("error: ") && outcome.error.contains(words[obstacle]!), "\(outcome.error)")
        #expect(!outcome.error.contains(Self.secret))
        #expect(try RunStore(at: RunStore.folder(ofProject: folder)).details(of: id).run.status == .finished)
      }
    }
  }
}
