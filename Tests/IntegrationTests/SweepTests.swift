import Foundation
import RandomStreams
import TestSupport
import Testing
import Tracking

/// Sweeps by the built program, on a synthetic hospital.
@Suite(.serialized) struct SweepTests {
  static let specification = """
    method: grid
    parameters:
      LEARNING_RATE: [0.001, 0.01]
      DROPOUT: [0, 0.5]

    """
  static let results = ["sweep.json", "sweep.svg", "params.best.yaml"]

  private func project(in folder: URL, _ specification: String = specification) throws -> SmallProject {
    let project = try SmallProject(in: folder)
    try project.synthesize()
    try project.program.run("ingest", "--source", "hospital", expecting: 0)
    try specification.write(to: project.url("sweep.yaml"), atomically: true, encoding: .utf8)
    return project
  }

  private func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `a sweep that is killed again and again ends with the bytes of one that ran through`() throws {
    try withTemporaryFolder { folder in
      let project = try project(in: folder)
      let start = DispatchTime.now()
      let whole = try project.program.run("sweep", "sweep.yaml", "--out", "whole", expecting: 0)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
      #expect(whole.code == 0)
      #expect(whole.output.contains("Winner: trial"))
      #expect(whole.error.contains("3 left, at most about"))
      #expect(whole.output.contains("Looks at the validation data: 4"))
      try expectRecorded("whole", in: project)
      var stream = RandomStream(seed: 22)
      for round in 0..<(TestRun.isFull ? 20 : 2) {
        try? FileManager.default.removeItem(at: project.url("cut"))
        for number in 0..<3 {
          let running = try project.program.start(["sweep", "sweep.yaml", "--out", "cut"])
          while running.process.isRunning, try trialFiles(project).count < number { Thread.sleep(forTimeInterval: 0.005) }
          Thread.sleep(forTimeInterval: stream.uniform(in: 0..<max(0.1, seconds / 4)))
          // Ctrl-C once, then without a warning.
          if running.process.isRunning { kill(running.process.processIdentifier, number == 0 ? SIGINT : SIGKILL) }
          running.process.waitUntilExit()
        }
        let before = try trialFiles(project)
        #expect(before.count >= 2)
        let last = try project.program.run("sweep", "sweep.yaml", "--out", "cut", expecting: 0)
        #expect(last.code == 0)
        #expect(last.output == whole.output)
        for name in Self.results {
          #expect(try project.bytes("cut/\(name)") == project.bytes("whole/\(name)"), "round \(round), \(name)")
        }
        // No trial that was done is done again: its file is still the same one.
        let after = try trialFiles(project)
        #expect(after.filter { before.keys.contains($0.key) } == before)
        for number in 1...before.count { #expect(last.error.contains("Trial \(number) was done before.")) }
        try expectRecorded("cut", in: project)
      }
    }
  }

  /// The results that the folder `cut` has so far: names with the files' numbers in the file system.
  private func trialFiles(_ project: SmallProject) throws -> [String: UInt64] {
    let folder = project.url("cut/trials")
    guard FileManager.default.fileExists(atPath: folder.path) else { return [:] }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    return try names.reduce(into: [:]) { files, name in
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
      files[name] = try #require(attributes[.systemFileNumber] as? UInt64)
    }
  }

  /// The folder's sweep is one finished run with the winner's figures, the files of the folder, and one part a trial.
  private func expectRecorded(_ folder: String, in project: SmallProject) throws {
    let store = try RunStore(at: RunStore.folder(ofProject: project.folder))
    let run = try #require(try store.last(.sweep, tagged: "sweep.folder", folder))
    let details = try store.details(of: run.id)
    let parts = try store.parts(of: run.id).map { try store.details(of: $0.id) }
    #expect(parts.compactMap { $0.tags["trial"] }.sorted() == ["1", "2", "3", "4"])
    for part in parts {
      #expect(part.run.kind == .trial)
      #expect(part.run.status == .finished)
      #expect(part.figures["auc"] != nil)
      for tag in ["data.digest", "split.digest", "preprocessing"] { #expect(part.tags[tag] == details.tags[tag], "\(tag)") }
      // One score a fold, however often the trial was begun.
      #expect(part.history.map(\.step) == Array(1...part.history.count))
    }
    #expect(details.run.kind == .sweep)
    #expect(details.run.status == .finished)
    #expect(details.tags["sweep.looks"] == "4")
    #expect(details.figures["auc"] != nil)
    #expect(Set(details.artifacts.map(\.path)) == Set(Self.results))
    for artifact in details.artifacts {
      #expect(try Data(contentsOf: store.objects.checked(artifact.digest)) == project.bytes("\(folder)/\(artifact.path)"))
    }
  }

  @Test func `a trial with the project's own settings scores what evaluate says, and the winner trains`() throws {
    try withTemporaryFolder { folder in
      let project = try project(in: folder, "method: grid\nparameters: {EPOCHS: [4, 1]}\n")
      let outcome = try project.program.run("sweep", "sweep.yaml", "--json", expecting: 0)
      let sweep = try object(Data(outcome.output.utf8))
      let trials = try #require(sweep["trials"] as? [[String: Any]])
      let metrics = try #require(trials[0]["metrics"] as? NSDictionary)
      try project.program.run("prepare", expecting: 0)
      try project.program.run("train", expecting: 0)
      try project.program.run("evaluate", expecting: 0)
      let scores = try object(try project.bytes("scores.json"))
      // 12 patients are too few for a test part, so evaluate scores by grouped folds, too.
      #expect(try #require(scores["metrics"] as? NSDictionary) == metrics)
      let best = try project.program.run("pipeline", "--params", "sweep/params.best.yaml", "--source", "hospital", expecting: 0)
      #expect(best.code == 0)
    }
  }

  @Test func `two sweeps in one folder, an unknown key and another specification are refused`() throws {
    try withTemporaryFolder { folder in
      let project = try project(in: folder, Self.specification + "repeats: 100\n")
      let running = try project.program.start(["sweep", "sweep.yaml"])
      let plan = project.url("sweep/plan.json")
      for _ in 0..<600 where !FileManager.default.fileExists(atPath: plan.path) { Thread.sleep(forTimeInterval: 0.05) }
      let second = try project.program.run("sweep", "sweep.yaml")
      #expect(running.process.isRunning, "the first must still be at work for this to say something")
      #expect(second.code == 1)
      #expect(second.error.contains("process \(running.process.processIdentifier)"))
      kill(running.process.processIdentifier, SIGKILL)
      running.process.waitUntilExit()

      try (Self.specification + "repeats: 1\n").write(to: project.url("sweep.yaml"), atomically: true, encoding: .utf8)
      let other = try project.program.run("sweep", "sweep.yaml")
      #expect(other.code == 1)
      #expect(other.error.contains("holds another sweep: repeats changed since"))

      try "method: grid\nparameters: {LERNING_RATE: [1]}".write(
        to: project.url("wrong.yaml"), atomically: true, encoding: .utf8)
      let unknown = try project.program.run("sweep", "wrong.yaml", "--out", "wrong")
      #expect(unknown.code == 1)
      #expect(unknown.error.contains("Did you mean 'parameters.LEARNING_RATE'?"))
      #expect(!FileManager.default.fileExists(atPath: project.url("wrong/plan.json").path))
      let unused = try project.program.run("sweep", "sweep.yaml", "--out", "wrong", "--set", "DROPOUT=0.3")
      #expect(unused.code == 1)
      #expect(unused.error.contains("--set DROPOUT: the sweep's specification varies this"))
      let missing = try project.program.run("sweep", "none.yaml")
      #expect(missing.code == 1)
      #expect(missing.error.contains("none.yaml"))
    }
  }
}
