import Foundation
import TestSupport

/// A real MLflow server on the loopback device, with a folder of its own.
public final class MLflowProcess {
  public enum Release: String, Sendable, CaseIterable {
    case current = "mlflow"
    case old = "mlflow-2.7"
    /// Its runs in files instead of a database: such a server takes a point twice if it is told twice.
    case oldWithFiles = "mlflow-2.7 with files"

    public var isOld: Bool { self != .current }
    var tools: String { isOld ? "mlflow-2.7" : "mlflow" }
  }

  public let release: Release
  public let tools: PythonTools
  public let port: Int
  private let folder: URL
  private var process: Process?

  public var uri: String { "http://127.0.0.1:\(port)" }

  private init(_ release: Release, _ tools: PythonTools, port: Int, folder: URL) {
    self.release = release
    self.tools = tools
    self.port = port
    self.folder = folder
  }

  /// Runs `body` with a server; nothing is run where its Python environment is missing, which is printed.
  public static func with(_ release: Release, _ body: (MLflowProcess) async throws -> Void) async throws {
    guard let tools = PythonTools.named(release.tools) else { return }
    try await withTemporaryFolder { folder in
      let server = MLflowProcess(release, tools, port: try await freePort(), folder: folder)
      defer { server.stop() }
      try await server.start()
      try await body(server)
    }
  }

  private static func freePort() async throws -> Int {
    try await LoopbackServer.with({ _, _ in .init() }) { $0.port }
  }

  /// - Throws: if it does not answer within three minutes; the reason is in its output, which is shown.
  public func start() async throws {
    let process = Process()
    process.executableURL = tools.program("mlflow")
    process.arguments = [
      "server", "--host", "127.0.0.1", "--port", "\(port)", "--workers", "1",
      "--backend-store-uri",
      release == .oldWithFiles ? folder.appending(path: "mlruns").path : "sqlite:///\(folder.path)/mlflow.db",
      "--artifacts-destination", folder.appending(path: "artifacts").path,
      "--default-artifact-root", "mlflow-artifacts:/",
    ]
    process.currentDirectoryURL = folder
    process.environment = environment
    let output = folder.appending(path: "server.log")
    if !FileManager.default.fileExists(atPath: output.path) {
      _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    }
    let log = try FileHandle(forWritingTo: output)
    try log.seekToEnd()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.run()
    self.process = process
    for _ in 0..<900 {
      if await answers() { return }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(200))
    }
    throw Silent(output: String((try? String(contentsOf: output, encoding: .utf8))?.suffix(2000) ?? ""))
  }

  struct Silent: Error { let output: String }

  private func answers() async -> Bool {
    (try? await Exchange.perform(.init(uri: "/health"), port: port))?.status.code == 200
  }

  /// Ends the server and what it started at once, as a power cut would.
  public func stop() {
    guard let process else { return }
    // It leads a group of its own, with its workers in it.
    kill(-process.processIdentifier, SIGKILL)
    process.terminate()
    process.waitUntilExit()
    self.process = nil
  }

  /// For programs of its Python environment.
  public var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    // 2.7 starts its own program by name.
    environment["PATH"] = "\(tools.folder.appending(path: "bin").path):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    environment["MLFLOW_DISABLE_TELEMETRY"] = "true"
    environment["DO_NOT_TRACK"] = "true"
    for name in environment.keys where name.hasPrefix("MLFLOW_TRACKING") { environment[name] = nil }
    environment["GIT_PYTHON_REFRESH"] = "quiet"
    return environment
  }

  /// Runs a program in the server's Python environment.
  ///
  /// - Returns: what it wrote on its standard output.
  public func python(_ text: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = tools.program("python")
    process.arguments = ["-c", text] + arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    let name = UUID().uuidString
    let files = ["out", "err"].map { folder.appending(path: "\(name).\($0)") }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Silent(output: String((try? String(contentsOf: files[1], encoding: .utf8))?.suffix(2000) ?? ""))
    }
    return try Data(contentsOf: files[0])
  }
}
