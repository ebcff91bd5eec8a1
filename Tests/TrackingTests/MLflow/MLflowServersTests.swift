import Foundation
import Logging
import LoopbackServers
import RandomStreams
import Synchronization
import TestSupport
import Testing
import Tracking
import Transfers

/// Against the servers themselves, read back through MLflow's own client. Skipped, and said, where they are not
/// installed.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct MLflowServersTests {
  private static let runCount = TestRun.isFull ? 200 : 12
  private static let secret = "MARKEDSECRET"

  private static func limits(_ release: MLflowProcess.Release) -> MLflowLimits {
    MLflowLimits(version: release.isOld ? MLflowVersion(major: 2, minor: 7) : MLflowVersion(major: 3, minor: 17))
  }

  private static func settings(_ logger: Logger? = nil) -> APIClient.Settings {
    APIClient.Settings(
      idleTimeout: .seconds(3),
      retries: RetryPolicy(attempts: 3, firstDelay: .milliseconds(30), maximumDelay: .milliseconds(300)), logger: logger
    )
  }

  @Test(arguments: MLflowProcess.Release.allCases)
  func `runs arrive whole and once over a bad line, and a second time changes nothing`(
    _ release: MLflowProcess.Release
  ) async throws {
    try await MLflowProcess.with(release) { process in
      try await withTemporaryFolder { folder in
        let seed = ProcessInfo.processInfo.environment["NEFRO_TEST_SEED"].flatMap(UInt64.init) ?? 5
        let store = try RunStore(at: folder.appending(path: "store"))
        let runs = RandomRuns(store: store, folder: folder, seed: seed)
        var ids: [RunID] = []
        for index in 0..<Self.runCount {
          ids.append(try runs.record(index, parent: index % 5 == 4 ? ids[index - 1] : nil))
        }
        let lines = Lines()
        let start = ContinuousClock.now
        let faults = try await Self.overBadLine(store, ids, runs.model, process, seed, lines)
        let read = try ReadBack("kidney \(seed)", from: process)
        try MirrorComparison(store: store, limits: Self.limits(release), packager: RandomRuns.packager)
          .expectEqual(read, ids)
        try RegistryComparison(store: store, model: runs.model, hasStages: release.isOld).expectEqual(read)
        let counts = faults.counts.sorted { $0.key.rawValue < $1.key.rawValue }
        print(
          "\(release.rawValue): \(ids.count) runs, \(read.versions.count) versions, \(faults.calls) calls, faults "
            + counts.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
            + ", \(ContinuousClock.now - start)")
        try await Self.expectSettled(store, ids, runs.model, process, seed)
        try Self.expectNoSecret(in: folder, lines, read)
        try await KilledProgram(server: process, folder: folder.appending(path: "killed"), seed: seed)
          .expectWhole(limits: Self.limits(release))
      }
    }
  }

  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
    func append(_ text: String) { all.withLock { $0.append(text) } }
  }

  private struct Capturing: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.append("\(event.message) \(event.metadata ?? [:])") }
  }

  private static func server(_ uri: String, _ seed: UInt64) throws -> MLflowServer {
    try MLflowServer(uri: uri, user: "ana", password: secret, experiment: "kidney \(seed)")
  }

  /// Synchronizes through a proxy that spoils a quarter of the calls; now and then the caller is stopped at any moment.
  private static func overBadLine(
    _ store: RunStore, _ ids: [RunID], _ model: String, _ process: MLflowProcess, _ seed: UInt64, _ lines: Lines
  ) async throws -> (calls: Int, counts: [FaultProxy.Fault: Int]) {
    let logger = Logger(label: "test") { _ in Capturing(lines: lines) }
    return try await FaultProxy.with(
      port: process.port, delay: .milliseconds(100), lateness: .seconds(4),
      { _, number in
        var draw = RandomStream(seed: seed, 1, UInt64(number))
        guard Double.random(in: 0..<1, using: &draw) < 0.25 else { return nil }
        let fault = FaultProxy.Fault.allCases.randomElement(using: &draw)!
        // Patience is what a test has least of.
        return fault == .late && Double.random(in: 0..<1, using: &draw) < 0.9 ? .loseAnswer : fault
      }
    ) { loopback, proxy in
      let server = try Self.server(loopback.url("").absoluteString, seed)
      for id in ids { try store.enroll(id, on: server) }
      try store.enroll(model: model, on: server)
      let registry = ModelRegistry(store: store)
      let versions = try registry.versions(of: model)
      var draw = RandomStream(seed: seed, 2)
      for round in 0..<(ids.count * 4 + 100) {
        if TestRun.isFull, round == ids.count / 2 {
          process.stop()
          try await process.start()
        }
        // Meanwhile aliases go from version to version.
        if round < ids.count, Double.random(in: 0..<1, using: &draw) < 0.1 {
          let alias = Bool.random(using: &draw) ? ModelAlias.champion : ModelAlias.challenger
          try registry.promote(versions.randomElement(using: &draw)!, to: alias, passed: true, reasons: [])
        }
        let waiting =
          try store.runsWaiting(for: server).map(MirrorSubject.run)
          + store.modelsWaiting(for: server).map(MirrorSubject.model)
        guard let subject = waiting.randomElement(using: &draw) else { break }
        let work = Task {
          try await RunMirror.with(store, server, settings: settings(logger), packager: RandomRuns.packager, passes: 3) {
            _ = try await $0.synchronize(subject)
          }
        }
        if Double.random(in: 0..<1, using: &draw) < 0.3 {
          try await Task.sleep(for: .milliseconds(Int.random(in: 0...400, using: &draw)))
          work.cancel()
        }
        do {
          try await work.value
        } catch let error where RunMirror.isTransient(error) || error is CancellationError {
          lines.append("\(error)")
        }
      }
      #expect(try store.runsWaiting(for: server).isEmpty)
      #expect(try store.modelsWaiting(for: server).isEmpty)
      return (proxy.calls, proxy.counts)
    }
  }

  /// Over a good line, from the same journal and from none: nothing is written.
  private static func expectSettled(
    _ store: RunStore, _ ids: [RunID], _ model: String, _ process: MLflowProcess, _ seed: UInt64
  ) async throws {
    try await FaultProxy.with(port: process.port, delay: .zero, lateness: .zero, { _, _ in nil }) { loopback, _ in
      let server = try Self.server(loopback.url("").absoluteString, seed)
      #expect(try store.runsWaiting(for: server, all: true).count == ids.count, "another address is another server")
      #expect(try store.modelsWaiting(for: server, all: true) == [model])
      for subject in ids.prefix(12).map(MirrorSubject.run) + [.model(model)] {
        // The journal knows nothing of this address: what is there is found by its tags.
        let first = try await synchronize(subject, store, server)
        #expect(first.points == 0 && first.parameters == 0 && first.tags == 0, "\(first)")
        #expect(first.versions == 0 && first.aliases == 0, "\(first)")
        let before = loopback.requests.count
        let again = try await synchronize(subject, store, server)
        #expect(again.sentNothing && again.remote == first.remote)
        let writing = loopback.requests.dropFirst(before).filter {
          $0.method != "GET" && !$0.path.hasSuffix("/search") && !$0.path.hasSuffix("registered-models/create")
        }
        #expect(writing.isEmpty, "\(writing.map(\.uri))")
      }
    }
  }

  private static func synchronize(
    _ subject: MirrorSubject, _ store: RunStore, _ server: MLflowServer
  ) async throws -> MirrorReport {
    try await RunMirror.with(store, server, settings: settings(), packager: RandomRuns.packager) {
      try await $0.synchronize(subject)
    }
  }

  private static func expectNoSecret(in folder: URL, _ lines: Lines, _ read: ReadBack) throws {
    let encoded = Data("ana:\(secret)".utf8).base64EncodedString()
    let texts = lines.all.withLock { $0 }
    #expect(!texts.isEmpty, "nothing was logged, so nothing was searched")
    for text in texts { #expect(!text.contains(secret) && !text.contains(encoded), "\(text)") }
    for run in read.runs {
      for (key, value) in run.tags.merging(run.parameters, uniquingKeysWith: { $0 + $1 }) {
        #expect(!value.contains(secret) && !value.contains(encoded), "\(key)")
      }
    }
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var searched = 0
    while let file = files?.nextObject() as? URL {
      guard let data = try? Data(contentsOf: file) else { continue }
      searched += 1
      #expect(data.range(of: Data(secret.utf8)) == nil && data.range(of: Data(encoded.utf8)) == nil, "\(file.path)")
    }
    #expect(searched > 3)
  }
}
