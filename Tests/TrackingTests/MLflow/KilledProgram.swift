import Foundation
import LoopbackServers
import RandomStreams
import Testing
import Tracking

/// The program itself, mirroring and killed again and again.
struct KilledProgram {
  let server: MLflowProcess
  /// The project's folder.
  let folder: URL
  let seed: UInt64

  /// Beside the test bundle, since one build makes both.
  static let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "nefro")

  /// Kills `nefro runs sync` at any moment, lets it end at last, and compares.
  func expectWhole(limits: MLflowLimits) async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let store = try RunStore(at: RunStore.folder(ofProject: folder))
    let runs = RandomRuns(store: store, folder: folder, seed: seed + 1000)
    let ids = try (0..<4).map { try runs.record($0) }
    let experiment = "killed \(seed)"
    // Each call takes some time, so that most kills fall into one.
    try await FaultProxy.with(port: server.port, delay: .milliseconds(60), lateness: .zero, { _, _ in .delay }) {
      loopback, _ in
      var draw = RandomStream(seed: seed, 3)
      var kills = 0
      for _ in 0..<25 {
        let running = process(["runs", "sync", "--all"], loopback.url("").absoluteString, experiment)
        try running.run()
        try await Task.sleep(for: .milliseconds(Int.random(in: 10...300, using: &draw)))
        if running.isRunning { kills += 1 }
        kill(running.processIdentifier, SIGKILL)
        running.waitUntilExit()
      }
      #expect(kills > 5, "it ended before it could be killed")
      let last = process(["runs", "sync", "--all"], loopback.url("").absoluteString, experiment)
      #expect(try await last.runToEnd() == 0)
    }
    let read = try ReadBack(experiment, from: server)
    // What is registered here is no model that the program could pack.
    try MirrorComparison(store: store, limits: limits).expectEqual(read, ids)
    #expect(read.versions.map { $0.tags["nefro.registered_as"] ?? "" }.sorted() == (try references(runs.model, store)))
  }

  private func references(_ model: String, _ store: RunStore) throws -> [String] {
    let registry = ModelRegistry(store: store)
    return try registry.names().contains(model) ? registry.versions(of: model).map(\.reference).sorted() : []
  }

  private func process(_ arguments: [String], _ uri: String, _ experiment: String) -> Process {
    let running = Process()
    running.executableURL = Self.program
    running.arguments = arguments
    running.currentDirectoryURL = folder
    running.environment = ProcessInfo.processInfo.environment.merging([
      "MLFLOW_TRACKING_URI": uri, "MLFLOW_EXPERIMENT_NAME": experiment, "HOME": folder.path,
    ]) { $1 }
    running.standardInput = FileHandle.nullDevice
    running.standardOutput = FileHandle.nullDevice
    running.standardError = FileHandle.nullDevice
    return running
  }
}

extension Process {
  /// Starts it and waits for its end without holding one of the few threads that answer it.
  func runToEnd() async throws -> Int32 {
    try await withCheckedThrowingContinuation { continuation in
      terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do {
        try run()
      } catch {
        terminationHandler = nil
        continuation.resume(throwing: error)
      }
    }
  }
}
