import Foundation
import RandomStreams
import Storage
import TestSupport
import Testing
import Tracking

/// Two processes write into one store, and are killed at any moment.
@Suite(.timeLimit(.minutes(15)))
struct KilledWriterTests {
  private static let program = KilledProgram.program.deletingLastPathComponent().appending(path: "run-writer")

  /// Runs a writer and kills it after a while.
  ///
  /// - Returns: what it said.
  private static func write(_ arguments: [String], seconds: Double, in folder: URL) async throws -> String {
    let output = folder.appending(path: "output-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: output) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    let ending = Task { try await process.runToEnd() }
    while !process.isRunning { try await Task.sleep(for: .milliseconds(1)) }
    try await Task.sleep(for: .seconds(seconds))
    kill(process.processIdentifier, SIGKILL)
    let code = try await ending.value
    #expect(code == SIGKILL && process.terminationReason == .uncaughtSignal, "a writer ended by itself: \(code)")
    return try String(contentsOf: output, encoding: .utf8)
  }

  /// What SQLite finds wrong with a database; "ok" for nothing.
  private static func problems(_ file: URL) throws -> [String] {
    try DatabaseQueue(path: file.path).read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check")
        + String.fetchAll(database, sql: "SELECT \"table\" FROM pragma_foreign_key_check")
    }
  }

  @Test func `whatever a store has acknowledged is there after kills at random moments, and runs go on`() async throws {
    try await withTemporaryFolder { folder in
      let place = folder.appending(path: "store")
      let seed: UInt64 = 31
      var draw = RandomStream(seed: seed)
      var acknowledged = AcknowledgedRuns()
      var resumed = 0
      for round in 0..<(TestRun.isFull ? 200 : 8) {
        // One goes on with an interrupted run where there is one, the other begins anew.
        let old = acknowledged.unfinished.randomElement(using: &draw)
        if old != nil { resumed += 1 }
        let (first, second) = (draw.uniform(in: 0.01..<0.5), draw.uniform(in: 0.01..<0.5))
        async let one = Self.write(
          [place.path, "\(seed + 1000 * UInt64(round))"] + (old.map { [$0.text] } ?? []), seconds: first, in: folder)
        async let other = Self.write([place.path, "\(seed + 1000 * UInt64(round) + 1)"], seconds: second, in: folder)
        let outputs = try await [one, other]
        for output in outputs { acknowledged.read(output) }
        let store = try RunStore(at: place)
        try acknowledged.expectKept(in: store, now: Date())
        let problems = try Self.problems(place.appending(path: "runs.sqlite"))
        #expect(problems == ["ok"], "seed \(seed), round \(round)")
      }
      #expect(resumed > 2 && acknowledged.pointCount > 100, "\(resumed) resumed, \(acknowledged.pointCount) points")
    }
  }
}
