import Foundation
import RandomStreams
import TestSupport
import Testing

@Suite(.serialized) struct ResumeTests {
  @Test func `a training that is killed again and again ends with the bytes of one that ran through`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      // The caches of base features are apart, so that the killed training has work to be killed in.
      let whole = NefroProgram(folder: project.folder)
      try whole.run("ingest", "--source", "hospital", expecting: 0)
      try whole.run("prepare", expecting: 0)
      let settings = ["--set", "EPOCHS=12", "--set", "IMAGE_SIZE=[64, 64, 3]"]
      let start = DispatchTime.now()
      _ = try whole.run(["train"] + settings, expecting: 0)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
      let model = try project.bytes("artifacts/training/model.safetensors")
      let history = try project.bytes("artifacts/training/history.csv")

      let seed = UInt64(20)
      var stream = RandomStream(seed: seed)
      for round in 0..<(TestRun.isFull ? 20 : 3) {
        try FileManager.default.removeItem(at: project.url("artifacts/training"))
        var resume: [String] = []
        for _ in 0..<3 {
          let running = try whole.start(["train"] + resume + settings)
          let delay = stream.uniform(in: 0.05..<max(0.1, seconds))
          Thread.sleep(forTimeInterval: delay)
          if running.process.isRunning { kill(running.process.processIdentifier, SIGKILL) }
          running.process.waitUntilExit()
          let last = project.url("artifacts/training/checkpoints/last.safetensors")
          resume = FileManager.default.fileExists(atPath: last.path) ? ["--resume"] : []
        }
        let finished = try whole.run(["train"] + resume + settings, expecting: 0)
        #expect(finished.code == 0)
        #expect(try project.bytes("artifacts/training/model.safetensors") == model, "seed \(seed), round \(round)")
        #expect(try project.bytes("artifacts/training/history.csv") == history, "seed \(seed), round \(round)")
      }
    }
  }

  @Test func `a resume after a changed parameter names it and leaves the model as it was`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("pipeline", "--source", "hospital", expecting: 0)
      let model = try project.bytes("artifacts/training/model.safetensors")
      let runs = try project.program.run("runs", "list", "--parts", expecting: 0).output
      let outcome = try project.program.run("train", "--resume", "--set", "BATCH_SIZE=8")
      #expect(outcome.code == 1)
      #expect(!outcome.error.contains("Going on"))
      #expect(try project.program.run("runs", "list", "--parts", expecting: 0).output == runs, "it was no run")
      #expect(outcome.error.contains("belongs to another training: BATCH_SIZE changed since"))
      #expect(try project.bytes("artifacts/training/model.safetensors") == model)
    }
  }

  @Test func `an ingestion that is killed leaves no half data set`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize("--patients", "40", "--slices", "8-14")
      var stream = RandomStream(seed: 21)
      for _ in 0..<(TestRun.isFull ? 30 : 4) {
        let running = try project.program.start(["ingest", "--source", "hospital"])
        Thread.sleep(forTimeInterval: stream.uniform(in: 0.01..<0.4))
        kill(running.process.processIdentifier, SIGKILL)
        running.process.waitUntilExit()
        let data = project.url("artifacts/data_ingestion/kidney-ct-scan-image")
        guard FileManager.default.fileExists(atPath: data.path) else { continue }
        // If it is there, it is whole: a prediction-free command opens and verifies it.
        try project.program.run("sheet", "data", data.path, "--out", "sheet.png", expecting: 0)
        try FileManager.default.removeItem(at: data)
      }
      try project.program.run("ingest", "--source", "hospital", expecting: 0)
      let left = try FileManager.default.contentsOfDirectory(atPath: project.url("artifacts/data_ingestion").path)
      #expect(Set(left).subtracting(["kidney-ct-scan-image", "contact-sheet.png"]).isEmpty, "left behind: \(left)")
    }
  }
}
