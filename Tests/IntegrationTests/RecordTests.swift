import Foundation
import TestSupport
import Testing

/// What a record says when things go wrong, and which run it is of.
@Suite(.serialized) struct RecordTests {
  private func runs(_ program: NefroProgram, _ more: String...) throws -> [[String: Any]] {
    let text = try program.run(["runs", "list", "--json", "--parts"] + more, expecting: 0).output
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  private func row(_ run: [String: Any]) -> [String: Any] { run["run"] as? [String: Any] ?? [:] }
  private func tags(_ run: [String: Any]) -> [String: String] { run["tags"] as? [String: String] ?? [:] }

  /// Kills a command after its training's first checkpoint.
  private func killInTraining(_ program: NefroProgram, _ arguments: [String]) throws {
    let checkpoints = program.folder.appending(path: "artifacts/training/checkpoints")
    try? FileManager.default.removeItem(at: checkpoints)
    let running = try program.start(arguments)
    let last = checkpoints.appending(path: "last.safetensors").path
    for _ in 0..<2400 where running.process.isRunning && !FileManager.default.fileExists(atPath: last) {
      Thread.sleep(forTimeInterval: 0.05)
    }
    try #require(running.process.isRunning, "it ended before it could be killed")
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
  }

  @Test func `a resumed training goes on in its own run, whoever else uses the store`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      _ = try project.program.run("ingest", "--source", "hospital", expecting: 0)
      _ = try project.program.run("prepare", expecting: 0)
      let copy = folder.appending(path: "other")
      try FileManager.default.copyItem(at: project.folder, to: copy)
      let store = ["NEFRO_STORE": folder.appending(path: "store").path]
      let (first, other) = (
        NefroProgram(folder: project.folder, environment: store), NefroProgram(folder: copy, environment: store)
      )
      let epochs = ["--set", "EPOCHS=40"]
      try killInTraining(first, ["train"] + epochs)
      try killInTraining(other, ["train"] + epochs)
      func states(_ name: String) throws -> [String] {
        let found = try runs(first, "--filter", "kind = train and name = '\(name) train'")
        return found.compactMap { row($0)["status"] as? String }
      }
      #expect(try states("project") == ["interrupted"])
      #expect(try states("other") == ["interrupted"])
      // Not the last one of the store, though its parameters are the same.
      _ = try first.run(["train", "--resume"] + epochs, expecting: 0)
      #expect(try states("project") == ["finished"])
      #expect(try states("other") == ["interrupted"])
      let finished = try #require(try runs(first, "--filter", "name = 'project train'").first)
      #expect(tags(finished)["epochs"] == "40" && tags(finished)["duration.training"] != nil)
      #expect(tags(finished)["resumed_from"] == nil)

      // A pipeline's training is resumed in the pipeline's part, not in the training that the project did before.
      try killInTraining(other, ["pipeline", "--source", "hospital"] + epochs)
      let killed = try #require(try runs(other, "--filter", "name = 'other train' and status = interrupted").first)
      #expect(tags(killed)["duration.training"] != nil, "durations are there for the epochs that are done")
      _ = try other.run(["train", "--resume"] + epochs, expecting: 0)
      let all = try runs(other, "--filter", "name = 'other train'")
      #expect(all.count == 2)
      for run in all {
        let isPart = row(run)["parent"] is String
        #expect(row(run)["status"] as? String == (isPart ? "finished" : "interrupted"))
      }
    }
  }

  @Test func `work whose record is not whole ends with exit code 3, and its run is finished`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      _ = try project.program.run("ingest", "--source", "hospital", expecting: 0)
      _ = try project.program.run("prepare", expecting: 0)
      // Files cannot be kept: a file stands where their folder should be.
      try FileManager.default.createDirectory(at: project.url(".nefro"), withIntermediateDirectories: true)
      try Data("in the way".utf8).write(to: project.url(".nefro/objects"))
      let outcome = try project.program.run(["train"], expecting: 3)
      #expect(outcome.code == 3 && outcome.error.contains("its record is not whole"), "\(outcome.error)")
      #expect(FileManager.default.fileExists(atPath: project.url("artifacts/training/model.safetensors").path))
      let run = try #require(try runs(project.program).first)
      #expect(row(run)["status"] as? String == "finished" && row(run)["ended"] is String)
      #expect((run["metrics"] as? [String: Double])?["loss"] != nil)
      #expect(tags(run)["memory.peak_bytes"] != nil)
    }
  }

  @Test func `a model registered before its scores gets them, knows its run, and passes another gate`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      let nefro = project.program
      try project.synthesize()
      for command in [["ingest", "--source", "hospital"], ["prepare"], ["train"]] {
        try nefro.run(command, expecting: 0)
      }
      func promote(_ gate: String..., expecting code: Int32) throws -> NefroProgram.Outcome {
        try nefro.run(["models", "promote", "kidney:1"] + gate, expecting: code)
      }
      let first = try nefro.run("models", "register", expecting: 0)
      #expect(first.error.contains("it has no scores"), "\(first.error)")
      #expect(try promote(expecting: 1).error.contains("then register the model again"))
      try nefro.run("evaluate", expecting: 0)
      let second = try nefro.run("models", "register", expecting: 0)
      #expect(second.output.hasPrefix("kidney:1 "))
      #expect(second.output.contains("added: scores, predictions"), "\(second.output)")

      for (name, bound) in [("never", "1.5"), ("always", "0")] {
        try Data("metrics: {auc: {value_at_least: \(bound)}}".utf8).write(to: project.url("\(name).yaml"))
      }
      let refused = try promote("--gate", "never.yaml", expecting: 1)
      #expect(refused.error.contains("at least 1.5") && refused.error.contains("by the gate never.yaml, SHA-256 "))
      #expect(try promote("--gate", "none.yaml", expecting: 1).error.contains("none.yaml"))
      let promoted = try promote("--gate", "always.yaml", expecting: 0)
      #expect(promoted.output.hasPrefix("kidney:1 is 'champion'"))
      let history = try nefro.run(["models", "history", "kidney"], expecting: 0).output
      #expect(history.contains("completed") && history.contains("by the gate always.yaml, SHA-256 "))

      // The training that recorded this model is its run, and is not deleted by mistake.
      let training = try #require(try runs(nefro, "--filter", "kind = train").first)
      let id = try #require(row(training)["id"] as? String)
      let listed = try nefro.run(["models", "list", "--json"], expecting: 0).output
      #expect(listed.contains(id))
      let kept = try nefro.run(["runs", "delete", id, "--yes"], expecting: 1)
      #expect(kept.error.contains("kidney:1 comes from run") && kept.error.contains("--force"))
      #expect(try nefro.run(["runs", "delete", id, "--yes", "--force"], expecting: 0).code == 0)
      #expect(try nefro.run(["models", "list"], expecting: 0).output.contains("kidney:1"))

      // Damaged scores of one version are said, and the list is there.
      let scores = try project.bytes("scores.json")
      let objects = try #require(FileManager.default.enumerator(atPath: project.url(".nefro/objects").path))
      for case let name as String in objects {
        let file = project.url(".nefro/objects/\(name)")
        if (try? Data(contentsOf: file)) == scores { try Data("damaged".utf8).write(to: file) }
      }
      let damaged = try nefro.run(["models", "list"], expecting: 0)
      #expect(damaged.output.contains("damaged") && damaged.error.contains("kidney:1"), "\(damaged)")
    }
  }
}
