import Digests
import Foundation
import LocalFiles
import TestSupport
import Testing
import Training

/// Whole sweeps over drawn pictures: a base with drawn weights makes them quick and needs no file of weights.
@Suite struct SweepTests {
  /// - Parameter more: lines of parameters.
  static func project(in folder: URL, patients: Int = 6, _ more: String = "") throws -> Project {
    _ = try DrawnData.make(in: folder.appending(path: "artifacts/data_ingestion/kidney-ct-scan-image"), patients: patients)
    let configuration = try ProjectConfiguration(
      file: packageRoot.appending(path: "config/config.yaml"), root: folder)
    return Project(
      configuration: configuration,
      parameters: try DrawnData.parameters((more.contains("EPOCHS") ? "" : "EPOCHS: 2\n") + "FOLDS: 3\n" + more),
      cache: FeatureCache(folder: folder.appending(path: "cache")), version: "test")
  }

  static let specification = "method: grid\nparameters:\n  LEARNING_RATE: [0.001, 0.1]\n  DROPOUT: [0, 0.5]"

  @Test func `a sweep scores every trial, chooses one and writes what is ready to train with`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let out = folder.appending(path: "sweep")
      var (progress, totals): ([Int], Set<Int>) = ([], [])
      let result = try project.sweep(try SweepSpecification(yaml: Self.specification), in: out).run { event in
        if case .progress(let done, let total) = event {
          progress.append(done)
          totals.insert(total)
        }
      }
      // 36 pictures: in each of 3 folds 24 are trained on in a pass for standardisation and 2 epochs, and 12 answered.
      #expect(totals == [252])
      #expect(progress.count { $0 == 252 } == 4)
      #expect(zip(progress, progress.dropFirst()).allSatisfy { $0 == 252 || $0 < $1 }, "\(progress)")
      #expect(result.trials.count == 4)
      #expect(result.failed.isEmpty)
      #expect(result.looks == 4)
      #expect(result.folds == 3)
      for trial in result.trials {
        let score = try #require(result.score(of: trial))
        #expect((0...1).contains(score.value))
        #expect(score.hasInterval || score.method.hasPrefix("no interval"))
        #expect(trial.folds.map(\.count) == [3])
      }
      #expect(try String(contentsOf: out.appending(path: "sweep.json"), encoding: .utf8) == result.json())
      #expect(try JSONDecoder().decode(SweepResult.self, from: Data(result.json().utf8)) == result)
      // The winner's file is the project's parameters with the winner's settings.
      let best = try TrainingParameters(file: out.appending(path: "params.best.yaml"))
      var expected = project.parameters
      let settings = result.trial(result.choice.winner).settings
      expected.learningRate = try #require(Double(settings[0].value))
      expected.dropout = try #require(Double(settings[1].value))
      #expect(best == expected)
      let svg = try String(contentsOf: out.appending(path: "sweep.svg"), encoding: .utf8)
      #expect(svg.contains("AUC by LEARNING_RATE"))
      #expect(svg.contains("AUC by DROPOUT"))
      #expect(result.summary.contains("Looks at the validation data: 4"))
      #expect(result.summary.contains("the best of 4 scores"))
    }
  }

  @Test func `fewer folds than were asked for are said, in the plan and in the result`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder, "EPOCHS: 1")
      func sweep(_ folds: String) throws -> Sweep {
        let specification = try SweepSpecification(yaml: "method: grid\n\(folds)\nparameters: {LEARNING_RATE: [0.01]}")
        return try project.sweep(specification, in: folder.appending(path: "sweep"), fresh: true)
      }
      #expect(try sweep("folds: 3").plan.foldsNote == nil)
      let many = try sweep("folds: 40")
      let note = try #require(many.plan.foldsNote)
      #expect(note.contains("folds is 40") && note.contains("has \(many.plan.folds) series"), "\(note)")
      #expect(many.plan.summary.contains(note))
      #expect(try many.run().notes.contains(note))
    }
  }

  @Test func `a test part is neither looked at nor counted as opened`() throws {
    try withTemporaryFolder { folder in
      // 10 series a class: enough for a test part of half of them.
      let project = try Self.project(in: folder, patients: 10, "EPOCHS: 1\nTEST_FRACTION: 0.5")
      let data = try project.openData()
      let division = try project.divide(data)
      #expect(division.protocolKind == .heldOut)
      // Without its files no test picture can be read.
      for picture in division.split.test { try FileManager.default.removeItem(at: data.url(of: picture)) }
      let specification = try SweepSpecification(yaml: "method: grid\nparameters: {LEARNING_RATE: [0.01]}")
      let result = try project.sweep(specification, in: folder.appending(path: "sweep")).run()
      #expect(result.pictures == data.count - division.split.test.count)
      #expect(result.setAside == division.split.test.count)
      #expect(result.score(of: result.trials[0])?.hasInterval == true)
      let ledger = FileManager.default.fileExists(atPath: folder.appending(path: TestSetLedger.fileName).path)
      #expect(!ledger)
      #expect(result.summary.contains("test part were not looked at"))
    }
  }

  @Test func `trials that fail are recorded with their reason and the sweep goes on`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let specification = try SweepSpecification(
        yaml: """
          method: grid
          base: {TRAINABLE_FROM: block4_conv1, WEIGHT_DECAY: 0, EPOCHS: 20}
          parameters:
            HEAD: [pooled, flatten]
            DROPOUT: [0.5]
            LEARNING_RATE: [0.00000001, 10]
          """)
      let result = try project.sweep(specification, in: folder.appending(path: "sweep")).run()
      let reasons = Dictionary(uniqueKeysWithValues: result.failed.map { ($0.number, $0.failure ?? "") })
      #expect(reasons[1] == nil)
      // At this rate the loss stops being a number.
      #expect(reasons[2]?.contains("lower LEARNING_RATE") == true)
      // The report's head has no dropout.
      #expect(reasons[3]?.contains("HEAD: flatten and DROPOUT do not go together") == true)
      #expect(reasons[4]?.contains("HEAD: flatten and DROPOUT do not go together") == true)
      #expect(result.trials.map(\.number) == Array(1...4))
      #expect(result.looks == 1)
      for number in reasons.keys { #expect(result.summary.contains("trial \(number) (")) }
    }
  }

  @Test func `a sweep in which all trials fail says so`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let specification = try SweepSpecification(
        yaml: "method: grid\nbase: {HEAD: flatten}\nparameters: {DROPOUT: [0.1, 0.2]}")
      let error = #expect(throws: SweepError.self) {
        _ = try project.sweep(specification, in: folder.appending(path: "sweep")).run()
      }
      #expect(error?.description.contains("All 2 trials failed") == true)
    }
  }

  @Test(arguments: [0, 1, 3]) func `a sweep that was cut off after some trials goes on to the same bytes`(done: Int) throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder, "AUGMENTATION: true")
      let specification = try SweepSpecification(yaml: Self.specification)
      let (whole, cut) = (folder.appending(path: "whole"), folder.appending(path: "cut"))
      let result = try project.sweep(specification, in: whole).run()
      // What a kill leaves: the plan, and each trial that was done.
      let kept = ["plan.json"] + result.trials.prefix(done).map { "trials/\($0.digest).json" }
      for name in kept {
        try AtomicFile.write(try Data(contentsOf: whole.appending(path: name)), to: cut.appending(path: name))
      }
      var (found, tried): ([Int], [Int]) = ([], [])
      let sweep = try project.sweep(specification, in: cut)
      #expect(!sweep.isDone)
      _ = try sweep.run { event in
        switch event {
        case .found(let result): found.append(result.number)
        case .ended(let result): tried.append(result.number)
        default: break
        }
      }
      #expect(found == Array(1..<(done + 1)))
      #expect(tried == Array((done + 1)...4))
      for name in ["sweep.json", "sweep.svg", "params.best.yaml", "plan.json"] {
        #expect(try Data(contentsOf: cut.appending(path: name)) == Data(contentsOf: whole.appending(path: name)))
      }
      // A third run tries nothing.
      let again = try project.sweep(specification, in: cut)
      #expect(again.isDone)
      _ = try again.run { if case .ended(let result) = $0 { Issue.record("trial \(result.number) was tried again") } }
    }
  }

  @Test func `a trial's file that was damaged is tried anew`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let specification = try SweepSpecification(yaml: Self.specification)
      let out = folder.appending(path: "sweep")
      let first = try project.sweep(specification, in: out).run()
      let file = out.appending(path: "trials/\(first.trials[1].digest).json")
      try Data("{".utf8).write(to: file)
      var tried: [Int] = []
      let second = try project.sweep(specification, in: out).run { event in
        if case .ended(let result) = event { tried.append(result.number) }
      }
      #expect(tried == [2])
      #expect(second == first)
    }
  }

  @Test func `another sweep in the same folder is refused until it is asked for`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let out = folder.appending(path: "sweep")
      let specification = try SweepSpecification(yaml: "method: grid\nparameters: {DROPOUT: [0, 0.5]}")
      _ = try project.sweep(specification, in: out).run()
      let before = try Data(contentsOf: out.appending(path: "sweep.json"))
      func refusal(_ yaml: String, _ project: Project) -> SweepError? {
        #expect(throws: SweepError.self) { _ = try project.sweep(try SweepSpecification(yaml: yaml), in: out) }
      }
      #expect(
        refusal("method: grid\nparameters: {DROPOUT: [0, 0.4]}", project)
          == .otherSweep(folder: out.path, what: ["the trials"]))
      #expect(
        refusal("method: grid\nmetric: loss\nfolds: 2\nparameters: {DROPOUT: [0, 0.5]}", project)
          == .otherSweep(folder: out.path, what: ["folds", "the metric"]))
      let other = try Self.project(in: folder, "EPOCHS: 1")
      #expect(
        refusal("method: grid\nparameters: {DROPOUT: [0, 0.5]}", other)
          == .otherSweep(folder: out.path, what: ["EPOCHS"]))
      #expect(try Data(contentsOf: out.appending(path: "sweep.json")) == before)
      let fresh = try other.sweep(
        try SweepSpecification(yaml: "method: grid\nmetric: loss\nparameters: {DROPOUT: [0.4]}"), in: out, fresh: true
      ).run()
      #expect(fresh.trials.count == 1)
      #expect(fresh.isLowerBetter)
      let left = try FileManager.default.contentsOfDirectory(atPath: out.appending(path: "trials").path)
      #expect(left.count == 1)
    }
  }

  @Test func `a plan that cannot be read is not taken for this sweep's`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let out = folder.appending(path: "sweep")
      try AtomicFile.write("no plan", to: out.appending(path: "plan.json"))
      #expect(throws: SweepError.damagedPlan(path: out.appending(path: "plan.json").path)) {
        _ = try project.sweep(try SweepSpecification(yaml: Self.specification), in: out).run()
      }
    }
  }

  @Test func `a split that does not keep series is refused`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder, "SPLIT: random")
      #expect(throws: SweepError.leakySplit(method: "random")) {
        _ = try project.sweep(try SweepSpecification(yaml: Self.specification), in: folder.appending(path: "sweep")).run()
      }
    }
  }

  @Test func `repeats and folds of the specification win, and folds are no more than series`() throws {
    try withTemporaryFolder { folder in
      let project = try Self.project(in: folder, patients: 3)
      let specification = try SweepSpecification(
        yaml: "method: grid\nfolds: 10\nrepeats: 2\nparameters: {LEARNING_RATE: [0.01]}")
      let result = try project.sweep(specification, in: folder.appending(path: "sweep")).run()
      #expect(result.trials[0].folds.map(\.count) == [3, 3])
    }
  }
}
