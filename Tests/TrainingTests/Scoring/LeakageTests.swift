import Foundation
import Inference
import TestSupport
import Testing
import Training

@Suite struct LeakageTests {
  private func project(_ yaml: String, in folder: URL, acceptsLeakage: Bool = false) throws -> Project {
    let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
    let project = Project(
      configuration: try ProjectConfiguration(yaml: text, root: URL(filePath: folder.path, directoryHint: .isDirectory)),
      parameters: try DrawnData.parameters(yaml),
      cache: nil, version: "test", acceptsLeakage: acceptsLeakage)
    try FileManager.default.createDirectory(
      at: project.configuration.dataFolder, withIntermediateDirectories: true)
    return project
  }

  @Test(arguments: ["random", "keras"]) func `a split that cannot be vouched for is refused, and the error says what to add`(
    method: String
  ) throws {
    try withTemporaryFolder { folder in
      let project = try project("SPLIT: \(method)", in: folder)
      let error = #expect(throws: TrainingError.leakageNotAccepted(method: method)) {
        try project.train(resume: .never) { _ in }
      }
      #expect(error?.description.contains("--accept-leakage") == true)
    }
  }

  @Test func `accepted leakage stands on every number of the scores`() throws {
    try withTemporaryFolder { folder in
      let project = try project("SPLIT: random", in: folder, acceptsLeakage: true)
      _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 6, slices: 3)
      _ = try project.prepare()
      var told: [String?] = []
      let trained = try project.train(resume: .never) { event in
        if case .epochEnded(_, _, let mark) = event { told.append(mark) }
      }
      #expect(!told.isEmpty && told.allSatisfy { $0 == "LEAKY split" })
      let history = try String(contentsOf: project.configuration.history, encoding: .utf8).split(separator: "\n")
      #expect(history[0].hasSuffix(",mark"))
      #expect(history.dropFirst().count == told.count && history.dropFirst().allSatisfy { $0.hasSuffix(",LEAKY split") })
      let curves = try String(contentsOf: project.configuration.curves, encoding: .utf8)
      #expect(curves.contains("Loss by epoch (LEAKY split)") && curves.contains("Accuracy by epoch (LEAKY split)"))
      let model = try ModelFile(trained.model).description.training
      #expect(model.leakage == "LEAKY split 'random', accepted with --accept-leakage")
      let scores = try project.evaluate { _ in }.scores
      let leakage = try #require(scores.split.leakage)
      #expect(leakage.scoredPictures == scores.split.images && leakage.ofTrainedSeries > scores.split.images / 2)
      for (name, metric) in scores.report.metrics.named { #expect(metric.method.hasSuffix("LEAKY split"), "\(name)") }
      for row in scores.report.perClass {
        #expect(row.sensitivity.method.hasSuffix("LEAKY split") && row.f1.method.hasSuffix("LEAKY split"))
        #expect(row.precision.map { $0.method.hasSuffix("LEAKY split") } ?? true)
      }
      let opening = try #require(scores.split.testSet)
      #expect(opening.openings == 1)
      #expect(opening.modelPredatesFirstOpening)
      let again = try project.evaluate { _ in }.scores
      #expect(again.split.testSet?.openings == 2)
      #expect(again.summary.contains("opened 2 times"))
      #expect(try again.json().contains("\"accepted_by\" : \"--accept-leakage\""))
      // A leaky split locks nothing, so a younger model needs no other acceptance; that it is younger is told.
      let later = try self.project("SPLIT: random\nEPOCHS: 1", in: folder, acceptsLeakage: true)
      _ = try later.train(resume: .never) { _ in }
      let younger = try later.evaluate { _ in }.scores
      #expect(younger.split.testSet?.acceptedBy == "--accept-leakage")
      #expect(younger.report.accuracy.method.hasSuffix("LEAKY split, OPENED test set"))
    }
  }

  @Test func `with a damaged ledger nothing is scored, and the error says what to do`() throws {
    try withTemporaryFolder { folder in
      let project = try project("SPLIT: random\nEPOCHS: 1", in: folder, acceptsLeakage: true)
      _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 4, slices: 3)
      _ = try project.prepare()
      _ = try project.train(resume: .never) { _ in }
      let ledger = project.configuration.root.appending(path: TestSetLedger.fileName)
      let text = try String(contentsOf: ledger, encoding: .utf8)
      try text.replacing("\"number\":1", with: "\"number\":2").write(to: ledger, atomically: true, encoding: .utf8)
      let edited = #expect(throws: LedgerError.self) { try project.evaluate { _ in } }
      #expect(edited?.description.contains("line 1") == true)
      try FileManager.default.removeItem(at: ledger)
      let gone = #expect(throws: LedgerError.self) { try project.evaluate { _ in } }
      #expect(gone?.description.contains("count the old test pictures as seen") == true)
      #expect(!FileManager.default.fileExists(atPath: project.configuration.scores.path))
      // Told before a training, not after it.
      var told = 0
      #expect(throws: LedgerError.self) { try project.train(resume: .never) { _ in told += 1 } }
      #expect(told == 0)
      try text.write(to: ledger, atomically: true, encoding: .utf8)
      #expect(throws: Never.self) { try project.evaluate { _ in } }
    }
  }

  @Test func `an honest split carries no mark, and folds open no test set`() throws {
    try withTemporaryFolder { folder in
      let project = try project("", in: folder)
      _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 3, slices: 2)
      _ = try project.prepare()
      let trained = try project.train(resume: .never) { event in
        if case .epochEnded(_, _, let mark) = event { #expect(mark == nil) }
      }
      #expect(try ModelFile(trained.model).description.training.leakage == nil)
      for file in [project.configuration.history, project.configuration.curves] {
        #expect(!(try String(contentsOf: file, encoding: .utf8).contains("LEAKY")))
      }
      let scores = try project.evaluate { _ in }.scores
      #expect(scores.split.leakage == nil && scores.split.testSet == nil)
      #expect(!(try scores.json().contains("LEAKY")))
      // Nothing was locked, but what the scores show is known from now on.
      let entries = try project.openLedger().entries
      #expect(entries.map(\.kind) == [.model, .crossValidation] && entries[1].pictures?.count == scores.split.images)
    }
  }
}
