import Foundation
import RandomStreams
import TestSupport
import Testing

/// A training that is killed, seen from the run store.
@Suite(.serialized) struct KilledRunsTests {
  @Test func `a training that is killed again and again has each epoch in its record once`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("ingest", "--source", "hospital", expecting: 0)
      try project.program.run("prepare", expecting: 0)
      let settings = ["--set", "EPOCHS=12"]
      let start = DispatchTime.now()
      try project.program.run(["train", "--no-record"] + settings, expecting: 0)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9

      let seed: UInt64 = 41
      var draw = RandomStream(seed: seed)
      for round in 0..<(TestRun.isFull ? 25 : 3) {
        for trace in ["artifacts/training", ".nefro"] { try? FileManager.default.removeItem(at: project.url(trace)) }
        var resume: [String] = []
        for life in 1...4 {
          let running = try project.program.start(["train"] + resume + settings)
          Thread.sleep(forTimeInterval: draw.uniform(in: 0.02..<max(0.1, seconds * 1.1)))
          if running.process.isRunning { kill(running.process.processIdentifier, SIGKILL) }
          running.process.waitUntilExit()
          let last = project.url("artifacts/training/checkpoints/last.safetensors")
          resume = FileManager.default.fileExists(atPath: last.path) ? ["--resume"] : []
          guard FileManager.default.fileExists(atPath: project.url(".nefro/runs.sqlite").path) else { continue }
          for run in try RunListing.trainings(project) {
            #expect(["interrupted", "finished"].contains(run.run.status), "seed \(seed), round \(round)")
            // An epoch is recorded once its checkpoint is written: none is there twice, and a kill between the two
            // leaves one out until the training has ended.
            let steps = run.steps("loss")
            #expect(Set(steps).count == steps.count && (steps.max() ?? 0) - steps.count <= life, "seed \(seed), round \(round)")
          }
        }
        let last = try project.program.run(["train"] + resume + settings, expecting: 0)
        #expect(last.code == 0, "seed \(seed), round \(round): \(last.error)")
        let runs = try RunListing.trainings(project)
        let whole = try #require(runs.last)
        #expect(whole.run.status == "finished" && whole.run.failure == nil)
        #expect(!runs.contains { $0.run.status == "running" })
        try expectWhole(whole, project, "seed \(seed), round \(round)")
      }
    }
  }

  /// The record of a training that ended says what its files say.
  private func expectWhole(_ run: RunListing.Entry, _ project: SmallProject, _ comment: Comment) throws {
    let rows = try String(contentsOf: project.url("artifacts/training/history.csv"), encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 12)
    for (key, column) in [("loss", 2), ("accuracy", 3), ("val_loss", 4), ("val_accuracy", 5)] {
      let values = Dictionary(grouping: run.history.filter { $0.key == key }, by: \.step)
      #expect(values.count == 12, comment)
      for row in rows {
        let step = try #require(Int(row[0]))
        let written = try #require(Double(row[column]))
        #expect(values[step]?.map(\.value) == [written], "\(key) of epoch \(step), \(comment)")
      }
    }
    #expect(run.tags["epochs"] == "12")
    #expect(run.artifacts.map(\.path) == ["curves.svg", "history.csv", "model/model.safetensors"])
  }
}
