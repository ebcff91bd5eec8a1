import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct PipelineTests {
  @Test func `a hospital goes from pictures to scores, and what is not stale is not run again`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      func run(_ more: String...) throws -> (stages: [String], output: String) {
        let outcome = try project.program.run(["pipeline", "--source", "hospital"] + more, expecting: 0)
        #expect(outcome.code == 0)
        return (outcome.error.split(separator: "\n").filter { $0.hasPrefix("Stage") }.map(String.init), outcome.output)
      }
      let first = try run()
      #expect(first.stages.count == 4)
      #expect(first.stages.allSatisfy { $0.hasSuffix("runs: it has not run here yet.") })
      #expect(first.output.contains("accuracy"))
      #expect(first.output.contains("Research use only."))

      for file in [
        "scores.json", "predictions.json", "artifacts/training/model.safetensors", "model/model.safetensors",
        "artifacts/training/history.csv", "artifacts/training/curves.svg",
        "artifacts/training/checkpoints/best.safetensors", "artifacts/training/checkpoints/last.safetensors",
        "artifacts/prepare_base_model/base_model.safetensors",
        "artifacts/prepare_base_model/base_model_updated.safetensors", "model/base_model.safetensors",
        "artifacts/data_ingestion/kidney-ct-scan-image/nefro-manifest.json",
        "artifacts/data_ingestion/contact-sheet.png",
      ] {
        #expect(FileManager.default.fileExists(atPath: project.url(file).path), "\(file)")
      }

      let second = try run()
      #expect(second.stages.allSatisfy { $0.hasSuffix("is up to date.") })
      #expect(second.output == first.output)

      let model = try project.bytes("artifacts/training/model.safetensors")
      let changed = try run("--set", "LEARNING_RATE=0.02")
      #expect(changed.stages[0] == "Stage data_ingestion is up to date.")
      #expect(changed.stages[1] == "Stage prepare_base_model is up to date.")
      #expect(changed.stages[2] == "Stage training runs: LEARNING_RATE changed from 0.01 to 0.02.")
      #expect(changed.stages[3].contains("LEARNING_RATE changed from 0.01 to 0.02; artifacts/training/model.safetensors changed"))
      #expect(try project.bytes("artifacts/training/model.safetensors") != model)

      try FileManager.default.removeItem(at: project.url("scores.json"))
      let lost = try run("--set", "LEARNING_RATE=0.02")
      #expect(lost.stages[2] == "Stage training is up to date.")
      #expect(lost.stages[3] == "Stage evaluation runs: scores.json is missing.")
      let answers = try project.bytes("predictions.json")
      try FileManager.default.removeItem(at: project.url("predictions.json"))
      let unanswered = try run("--set", "LEARNING_RATE=0.02")
      #expect(unanswered.stages[3] == "Stage evaluation runs: predictions.json is missing.")
      #expect(try project.bytes("predictions.json") == answers)

      // The same parameters as at first give the same bytes.
      _ = try run()
      #expect(try project.bytes("artifacts/training/model.safetensors") == model)
    }
  }

  @Test func `scores.json begins with the report's two numbers and gives every metric its interval`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("pipeline", "--source", "hospital", expecting: 0)
      let text = try String(contentsOf: project.url("scores.json"), encoding: .utf8)
      let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(lines[1].hasPrefix("\"loss\" : "))
      #expect(lines[2].hasPrefix("\"accuracy\" : "))
      let scores = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let metrics = try #require(scores["metrics"] as? [String: [String: Any]])
      for name in ["loss", "accuracy", "sensitivity", "specificity", "auc"] {
        let metric = try #require(metrics[name], "\(name)")
        let value = try #require(metric["value"] as? Double)
        let low = try #require(metric["low"] as? Double, "\(name): \(metric)")
        let high = try #require(metric["high"] as? Double)
        #expect(low <= value && value <= high)
        #expect(metric["method"] is String)
        #expect(try #require(metric["images"] as? Int) > 0)
        #expect(try #require(metric["series"] as? Int) > 0)
      }
      #expect(scores["accuracy"] as? Double == metrics["accuracy"]?["value"] as? Double)
      let split = try #require(scores["split"] as? [String: Any])
      #expect(split["method"] as? String == "series")
      #expect((split["scored_by"] as? String)?.contains("out-of-fold") == true)
      #expect(scores["confusion_matrix"] is [[Int]])
    }
  }

  @Test func `Keras's split is warned of where pictures were trained on`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      let outcome = try project.program.run(
        "pipeline", "--accept-leakage", "--source", "hospital", "--set", "SPLIT=keras", "--set", "TEST_FRACTION=0.3", "--set", "HEAD=flatten",
        "--set", "OPTIMIZER=sgd", "--set", "LEARNING_RATE=0.0001", expecting: 0)
      #expect(outcome.output.contains("scored pictures were trained on."))
    }
  }

  @Test func `a test set that was opened is opened for no younger model, unless that is accepted`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize("--patients", "24")
      // Half of twelve series a class: a part that is set aside holds five.
      let settings = ["--source", "hospital", "--set", "TEST_FRACTION=0.5", "--set", "GATE=False"]
      let first = try project.program.run(["pipeline"] + settings, expecting: 0)
      #expect(first.output.contains("opened for the first time") && !first.output.contains("OPENED"))
      let ledger = project.url("test-set-ledger.jsonl")
      func openings() throws -> Int {
        try String(contentsOf: ledger, encoding: .utf8).components(separatedBy: #""kind":"opening""#).count - 1
      }
      #expect(try openings() == 1)
      let scores = try project.bytes("scores.json")
      let refused = try project.program.run(["pipeline"] + settings + ["--set", "EPOCHS=2"])
      #expect(refused.code == 1 && refused.error.contains("The test set was not opened"), "\(refused.error)")
      #expect(refused.error.contains("--accept-opened-test-set") && refused.error.contains("test-set-ledger.jsonl"))
      #expect(try openings() == 1 && project.bytes("scores.json") == scores)
      // What was trained is kept: the evaluation alone goes on.
      let accepted = try project.program.run(
        [
          "evaluate", "--accept-opened-test-set", "--set", "TEST_FRACTION=0.5", "--set", "GATE=False", "--set", "EPOCHS=2",
        ], expecting: 0)
      #expect(accepted.output.contains("OPENED test set") && accepted.output.contains("opened 2 times"))
      #expect(try openings() == 2)
      let shown = try project.program.run("runs", "list", expecting: 0).output
      #expect(shown.contains("OPENED"), "\(shown)")
    }
  }

  @Test func `four classes go through as two do`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize("--classes", "Normal,Cyst,Stone,Tumor")
      let refused = try project.program.run("pipeline", "--source", "hospital")
      #expect(refused.code == 1)
      #expect(refused.error.contains("params.yaml says CLASSES: 2, but the data set has 4: Cyst, Normal, Stone, Tumor. Set CLASSES: 4"))
      let outcome = try project.program.run("pipeline", "--source", "hospital", "--set", "CLASSES=4", expecting: 0)
      #expect(outcome.output.contains("macro F1"))
      #expect(outcome.output.contains("no interval: 3 series"))
    }
  }
}
