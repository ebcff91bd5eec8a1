import Foundation
import Storage
import TestSupport
import Testing
import Tracking

/// A run store that cannot be used, or no longer: what the commands say, and that nothing is lost.
@Suite(.serialized) struct StoreTroubleTests {
  /// A project with a store of some runs, and nothing else.
  private func withStore(_ body: (SmallProject, URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try Self.fill(project.url(".nefro"))
      try body(project, project.url(".nefro/runs.sqlite"))
    }
  }

  /// Whoever opened the store here has closed it when this returns.
  private static func fill(_ folder: URL) throws {
    let store = try RunStore(at: folder)
    for number in 0..<40 {
      let run = try store.begin(.train, name: "run \(number)", parameters: ["EPOCHS": "5"])
      try run.log((1...20).map { MetricPoint(key: "loss", step: $0, time: Date(), value: 1 / Double($0)) })
      try run.finish()
    }
  }

  /// Looking and training both end with 1 and say why, training before it starts.
  private func expectRefused(_ project: SmallProject, _ words: String..., runner: [String] = []) throws {
    var program = project.program
    program.runner = runner
    for arguments in [["runs", "list"], ["train"]] {
      let outcome = try program.run(arguments)
      #expect(outcome.code == 1 && outcome.output.isEmpty, "\(arguments)")
      for word in words { #expect(outcome.error.contains(word), "\(arguments): \(outcome.error)") }
      #expect(outcome.error.split(separator: "\n").last?.hasPrefix("error: ") == true, "\(outcome.error)")
      if arguments == ["train"] { #expect(outcome.error.contains("nothing was started") && outcome.error.contains("--no-record")) }
    }
    #expect(!FileManager.default.fileExists(atPath: project.url("artifacts/training").path))
  }

  enum Damage: CaseIterable { case text, cut, rubbish }

  @Test(arguments: Damage.allCases) func `a damaged store is named, and left as it is`(damage: Damage) throws {
    try withStore { project, file in
      let whole = try Data(contentsOf: file)
      let content =
        switch damage {
        case .text: Data(String(repeating: "not a database ", count: 300).utf8)
        case .cut: whole.prefix(whole.count / 2)
        case .rubbish: whole.prefix(4096) + Data(repeating: 0xA5, count: whole.count - 4096)
        }
      try content.write(to: file)
      try expectRefused(project, file.path, "not a whole SQLite database", "bring back a copy")
      #expect(try Data(contentsOf: file) == content)
    }
  }

  @Test func `a store of a newer version is named, and left as it is`() throws {
    try withStore { project, file in
      try DatabaseQueue(path: file.path).write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: later')") }
      let content = try Data(contentsOf: file)
      try expectRefused(project, file.path, "newer version of nefro", "name another store")
      #expect(try Data(contentsOf: file) == content)
    }
  }

  @Test func `a store that another process holds is waited for, then named`() throws {
    try withStore { project, file in
      let start = Date()
      try Holder.holding(file, exclusively: true) {
        try expectRefused(project, file.path, "in use by another process", "Run the command again")
      }
      let seconds = Date().timeIntervalSince(start)
      #expect(seconds > 10 && seconds < 60, "\(seconds)")
      let listed = try project.program.run("runs", "list", "--limit", "0", expecting: 0)
      #expect(listed.output.split(separator: "\n").count > 40)
    }
  }

  @Test func `a folder that may not be written is named`() throws {
    try withStore { project, file in
      let folder = file.deletingLastPathComponent()
      func set(_ rights: Int, _ url: URL) throws {
        try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: url.path)
      }
      try set(0o444, file)
      try set(0o555, folder)
      defer { try? set(0o755, folder) }
      // Root may write everywhere, unless it gives that right away.
      let runner = geteuid() == 0 ? Self.withoutRootsRights : []
      let probe = try? Self.status(runner + ["touch", folder.appending(path: "probe").path])
      guard probe == 1 else {
        print("SKIPPED, a folder that may not be written cannot be made here: root's rights cannot be given away")
        return
      }
      try expectRefused(project, file.path, "you may read and write it and its folder", runner: runner)
    }
  }

  private static let withoutRootsRights = [
    "/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search",
  ]

  private static func status(_ command: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func `a training goes on while its store is held, keeps its model, and --resume completes the record`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("ingest", "--source", "hospital", expecting: 0)
      try project.program.run("prepare", expecting: 0)
      let settings = ["--set", "EPOCHS=60"]
      let training = try project.program.start(["train"] + settings)
      let checkpoint = project.url("artifacts/training/checkpoints/last.safetensors").path
      for _ in 0..<1200 where training.process.isRunning && !FileManager.default.fileExists(atPath: checkpoint) {
        Thread.sleep(forTimeInterval: 0.02)
      }
      try #require(training.process.isRunning, "the training ended before its store could be held")
      try Holder.holding(project.url(".nefro/runs.sqlite")) { training.process.waitUntilExit() }
      let said = try String(contentsOf: training.error, encoding: .utf8)
      #expect(training.process.terminationStatus == 3, "\(said)")
      #expect(said.contains("in use by another process") && said.contains("The work goes on"), "\(said)")
      #expect(said.contains("record is not whole"), "\(said)")
      let model = try project.bytes("artifacts/training/model.safetensors")

      let before = try #require(try RunListing.trainings(project).first)
      #expect(before.run.status == "interrupted" && before.steps("loss").count < 60)
      let completed = try project.program.run(["train", "--resume"] + settings, expecting: 0)
      #expect(completed.code == 0)
      #expect(try project.bytes("artifacts/training/model.safetensors") == model)
      let runs = try RunListing.trainings(project)
      #expect(runs.count == 1 && runs[0].run.id == before.run.id && runs[0].run.status == "finished")
      #expect(runs[0].steps("loss").sorted() == Array(1...60))
      #expect(runs[0].artifacts.contains { $0.path == "model/model.safetensors" })
    }
  }

  @Test func `a full disk under the store is named; a training keeps its model, and --resume completes the record`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("ingest", "--source", "hospital", expecting: 0)
      try project.program.run("prepare", expecting: 0)
      // A small file system for the store alone; it is filled while the training goes on.
      let script = """
        set -e
        mkdir -p small
        mount -t tmpfs -o size=48k none small
        set +e; "$nefro" train --store small/store 2> tiny.txt; echo "tiny $?"; set -e
        ls artifacts/training 2> /dev/null | wc -l
        mount -t tmpfs -o size=64m none small
        "$nefro" train --set EPOCHS=400 --store small/store 2> full.txt &
        while kill -0 $! && ! [ -e artifacts/training/checkpoints/last.safetensors ]; do sleep 0.01; done
        # It stands still meanwhile: filling can take longer than all of its epochs.
        kill -STOP $!
        dd if=/dev/zero of=small/filler bs=1k 2> /dev/null || true
        kill -CONT $!
        set +e; wait $!; echo "full $?"
        set -e
        rm small/filler
        "$nefro" train --resume --set EPOCHS=400 --store small/store 2> after.txt
        cp -r small/store .nefro
        """
      let outcome = try Self.inOwnMounts(script, in: project.folder)
      guard let outcome else {
        print("SKIPPED, a full disk cannot be made here: mounting needs privileges, or namespaces of users")
        return
      }
      func said(_ name: String) throws -> String { try String(contentsOf: project.url(name), encoding: .utf8) }
      #expect(outcome.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) } == ["tiny 1", "0", "full 3"])
      let (tiny, full) = (try said("tiny.txt"), try said("full.txt"))
      #expect(tiny.contains("No space left on the disk") && tiny.contains("nothing was started"), "\(tiny)")
      #expect(full.contains("No space left on the disk") && full.contains("record is not whole"), "\(full)")
      let runs = try RunListing.trainings(project)
      // The first run, or another that tells where it comes from if the first one's end could be written.
      let whole = try #require(runs.last)
      #expect(whole.run.status == "finished" && whole.steps("loss").sorted() == Array(1...400))
      #expect(whole.artifacts.contains { $0.path == "model/model.safetensors" })
    }
  }

  /// Runs a script that may mount.
  ///
  /// - Returns: what it printed; nil where nothing may be mounted.
  private static func inOwnMounts(_ script: String, in folder: URL) throws -> String? {
    let unshare = ["unshare", geteuid() == 0 ? "-m" : "-Urm"]
    let probe = folder.appending(path: "probe").path
    guard try status(unshare + ["sh", "-c", "mkdir -p '\(probe)' && mount -t tmpfs none '\(probe)'"]) == 0 else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = unshare + ["bash", "-c", script]
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["nefro": NefroProgram.url.path]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    return text
  }
}

/// A connection of this process that keeps all others from writing, or from anything.
private enum Holder {
  static func holding(_ file: URL, exclusively: Bool = false, _ body: () throws -> Void) throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: file.path, configuration: configuration)
    try queue.writeWithoutTransaction { database in
      if exclusively { try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
      try database.execute(sql: "BEGIN IMMEDIATE; CREATE TABLE held (a)")
    }
    let outcome = Result { try body() }
    try queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    try queue.close()
    try outcome.get()
  }
}
