import Foundation
import TestSupport
import Testing

/// Commands as runs of the project's store.
@Suite(.serialized) struct RunsTests {
  private func runs(_ project: SmallProject, _ more: String...) throws -> [[String: Any]] {
    let text = try project.program.run(["runs", "list", "--json"] + more, expecting: 0).output
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  @Test func `a pipeline is a run with its stages as parts, with figures, curves and files`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      #expect(try project.program.run("pipeline", "--source", "hospital", expecting: 0).code == 0)
      let all = try runs(project, "--parts")
      let kinds = all.compactMap { ($0["run"] as? [String: Any])?["kind"] as? String }
      #expect(Set(kinds) == ["pipeline", "ingest", "prepare", "train", "evaluate"])
      let whole = try #require(try runs(project).first)
      let figures = try #require(whole["figures"] as? [String: [String: Any]])
      let scores = try #require(
        try JSONSerialization.jsonObject(with: project.bytes("scores.json")) as? [String: Any])
      let accuracy = try #require((scores["metrics"] as? [String: [String: Any]])?["accuracy"])
      #expect(figures["accuracy"]?["value"] as? Double == accuracy["value"] as? Double)
      #expect(figures["accuracy"]?["method"] as? String == accuracy["method"] as? String)
      let tags = try #require(whole["tags"] as? [String: String])
      for tag in ["git.commit", "program.digest", "machine.kernels", "seed", "data.digest", "split.digest", "memory.peak_bytes"] {
        #expect(tags[tag]?.isEmpty == false, "\(tag)")
      }

      // The training's curve is what history.csv says.
      let training = try #require(try runs(project, "--parts", "--filter", "kind = train").first)
      let id = try #require((training["run"] as? [String: Any])?["id"] as? String)
      let last = try #require(training["metrics"] as? [String: Double])
      let history = try String(contentsOf: project.url("artifacts/training/history.csv"), encoding: .utf8)
      let row = try #require(history.split(separator: "\n").last).split(separator: ",", omittingEmptySubsequences: false)
      for (key, column) in [("loss", 2), ("accuracy", 3), ("val_loss", 4), ("val_accuracy", 5)] {
        // JSONSerialization does not read every number to its last bit.
        let (recorded, written) = (try #require(last[key]), try #require(Double(row[column])))
        #expect(abs(recorded - written) < 1e-14 * max(1, abs(written)), "\(key)")
      }
      #expect(try project.program.run("runs", "curves", id, "--out", "curve.svg", expecting: 0).code == 0)
      #expect(try String(contentsOf: project.url("curve.svg"), encoding: .utf8).contains("<svg"))

      let shown = try project.program.run("runs", "show", String(id.prefix(8)), expecting: 0).output
      #expect(shown.contains("model/model.safetensors") && shown.contains("LEARNING_RATE"))
      let pipeline = try #require((whole["run"] as? [String: Any])?["id"] as? String)
      let drawn = try project.program.run("runs", "curves", pipeline, "--out", "whole.svg", expecting: 0)
      #expect(drawn.error.contains("its training is run \(id.prefix(8))"), "\(drawn.error)")
      #expect(try project.bytes("whole.svg") == project.bytes("curve.svg"))
      for width in [60, 80] {
        var program = project.program
        program.environment["COLUMNS"] = "\(width)"
        for command in [["list", "--parts"], ["show", pipeline], ["show", id], ["compare", id, pipeline]] {
          let lines = try program.run(["runs"] + command, expecting: 0).output.split(separator: "\n")
          let long = lines.filter { $0.count > width && !$0.hasPrefix("WARNING") && !$0.hasPrefix("Overlapping") }
          #expect(long.isEmpty, "\(command): \(long)")
        }
      }
      let misspelt = try project.program.run("runs", "list", "--filter", "acuracy > 0.1", "--sort", "auc", expecting: 0)
      #expect(misspelt.output.isEmpty && misspelt.error.contains("no run here has 'acuracy'. Did you mean 'accuracy'?"))
      let known = try project.program.run("runs", "list", "--filter", "accuracy >= 0 and epochs >= 1", expecting: 0)
      #expect(!known.error.contains("no run here has"))

      #expect(try project.program.run("runs", "export", "--out", "kept", id, expecting: 0).code == 0)
      let kept = project.url("kept/\(id.prefix(8))")
      #expect(FileManager.default.fileExists(atPath: kept.appending(path: "run.json").path))
      #expect(
        try Data(contentsOf: kept.appending(path: "artifacts/model/model.safetensors"))
          == project.bytes("artifacts/training/model.safetensors"))
    }
  }

  @Test func `a failed command is a failed run with its reason; --no-record leaves nothing`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      #expect(try project.program.run("train", "--no-record").code == 1)
      #expect(!FileManager.default.fileExists(atPath: project.url(".nefro").path))
      #expect(try project.program.run("train").code == 1)
      let run = try #require(try runs(project).first?["run"] as? [String: Any])
      #expect(run["status"] as? String == "failed")
      #expect((run["failure"] as? String)?.contains("nefro ingest") == true, "\(run)")
    }
  }

  @Test func `a killed training is an interrupted run, and --resume goes on in it`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      _ = try project.program.run("ingest", "--source", "hospital", expecting: 0)
      _ = try project.program.run("prepare", expecting: 0)
      let training = try project.program.start(["train", "--set", "EPOCHS=40"])
      let checkpoint = project.url("artifacts/training/checkpoints/last.safetensors").path
      for _ in 0..<1200 where training.process.isRunning && !FileManager.default.fileExists(atPath: checkpoint) {
        Thread.sleep(forTimeInterval: 0.05)
      }
      try #require(training.process.isRunning, "the training ended before it could be killed")
      kill(training.process.processIdentifier, SIGKILL)
      training.process.waitUntilExit()
      func states() throws -> [String] {
        try runs(project, "--filter", "kind = train").compactMap { ($0["run"] as? [String: Any])?["status"] as? String }
      }
      #expect(try states() == ["interrupted"])
      _ = try project.program.run("train", "--resume", "--set", "EPOCHS=40", expecting: 0)
      #expect(try states() == ["finished"])
      let last = try #require(try runs(project, "--filter", "kind = train").first?["tags"] as? [String: String])
      #expect(last["epochs"] == "40")
    }
  }

  @Test func `a store that is damaged is named before the work starts`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try FileManager.default.createDirectory(at: project.url(".nefro"), withIntermediateDirectories: true)
      let content = Data(String(repeating: "not a database ", count: 300).utf8)
      try content.write(to: project.url(".nefro/runs.sqlite"))
      let outcome = try project.program.run("train")
      #expect(outcome.code == 1 && outcome.error.contains("not a whole SQLite database"), "\(outcome.error)")
      #expect(try project.bytes(".nefro/runs.sqlite") == content)
    }
  }

  @Test(arguments: [
    (["runs", "list", "--filter", "auc >"], "character"), (["runs", "show", "abc"], "There is no run store"),
    (["runs", "list", "--limit", "-1"], "--limit"), (["runs", "compare", "a"], "two runs"),
  ])
  func `what cannot be answered is told`(arguments: [String], expected: String) throws {
    try withTemporaryFolder { folder in
      let outcome = try SmallProject(in: folder).program.run(arguments)
      #expect(outcome.code != 0 && outcome.error.contains(expected), "\(outcome.error)")
    }
  }
}
