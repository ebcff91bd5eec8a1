import Evaluation
import Foundation
import Inference
import TestSupport
import Testing
import Training

/// Calibration, threshold, gate and ledger from a training to its scores.
@Suite struct ProjectDecisionTests {
  private static let parameters =
    "EPOCHS: 3\nGATE: true\nVALIDATION_FRACTION: 0.3\nTEST_FRACTION: 0.3\nOPERATING_POINT: youden"

  private func day(_ number: Int) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + 86_400 * Double(number)) }

  private func project(
    _ more: String = "", in folder: URL, day number: Int = 0, acceptsOpenedTestSet: Bool = false
  ) throws -> Project {
    let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
    let added = more.split(separator: "\n")
    let kept = Self.parameters.split(separator: "\n").filter { line in
      !added.contains { $0.prefix { $0 != ":" } == line.prefix { $0 != ":" } }
    }
    let date = day(number)
    let project = Project(
      configuration: try ProjectConfiguration(
        yaml: text, root: URL(filePath: folder.path, directoryHint: .isDirectory)),
      parameters: try DrawnData.parameters((kept + added).joined(separator: "\n")), cache: nil, version: "test",
      acceptsOpenedTestSet: acceptsOpenedTestSet, clock: { date })
    try FileManager.default.createDirectory(at: project.configuration.dataFolder, withIntermediateDirectories: true)
    return project
  }

  /// 20 series of each class: 6 for validation, 6 for the test part. Brightness runs over, so no head is sure.
  private func fill(_ project: Project) throws {
    _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 20, slices: 4)
    _ = try project.prepare()
  }

  @Test func `calibration and rule are fitted to the validation series alone`() throws {
    try withTemporaryFolder { folder in
      let project = try project(in: folder)
      try fill(project)
      let trained = try project.train(resume: .never) { _ in }
      let (split, series) = (trained.division.split, trained.division.series.seriesOf)
      let validation = Set(split.validation.map { series[$0] })
      #expect(validation.count >= 10)
      #expect(validation.isDisjoint(with: (split.training + trained.division.scored).map { series[$0] }))
      #expect(split.validation.count != split.training.count)
      let description = try ModelFile(trained.model).description
      let calibration = try #require(description.calibration)
      #expect(calibration.map != .none)
      #expect(calibration.images == split.validation.count && calibration.series == validation.count)
      let abstention = try #require(description.decision?.abstention)
      #expect(abstention.images == split.validation.count && abstention.series == validation.count)
      #expect(abstention.coverage >= 0.8 && abstention.rule == "the surest 0.8 of the pictures")
      let note = try #require(description.decision?.notes.first { $0.contains("wrong among those answers") })
      #expect(note.contains("share answered") && note.contains("\(validation.count) series"))
      // As the report's page says: a rule's shares on the pictures it was chosen on would only flatter.
      #expect(note.ranges(of: "no interval: the rule was chosen on these pictures").count == 2 && !note.contains(" to "))
      let gate = try #require(description.gate)
      #expect(gate.fit.images == split.training.count)
      #expect(calibration.note.contains(" to ") && calibration.note.contains(" before, "), "\(calibration.note)")
      #expect(description.decision?.notes.contains { $0.contains("chose the epoch") } == false)
    }
  }

  @Test func `who reads the rule is told that its series also chose the epoch`() throws {
    try withTemporaryFolder { folder in
      let project = try project("EARLY_STOPPING: 2", in: folder)
      try fill(project)
      let trained = try project.train(resume: .never) { _ in }
      let notes = try #require(try ModelFile(trained.model).description.decision).notes
      #expect(notes.contains { $0.contains("also chose the epoch that training stopped at") }, "\(notes)")
    }
  }

  @Test func `the prevalence that a threshold was chosen by cannot be changed afterwards, others can`() throws {
    try withTemporaryFolder { folder in
      let benefit = "OPERATING_POINT: net_benefit\nPREVALENCE: 0.3"
      let chosen = try project(benefit, in: folder)
      try fill(chosen)
      _ = try chosen.train(resume: .never) { _ in }
      _ = try chosen.evaluate { _ in }
      let other = try project("OPERATING_POINT: net_benefit\nPREVALENCE: 0.05", in: folder)
      let error = #expect(throws: TrainingError.self) { try other.evaluate { _ in } }
      #expect(error?.description.contains("PREVALENCE") == true)
    }
    try withTemporaryFolder { folder in
      let plain = try project("PREVALENCE: 0.3", in: folder)
      try fill(plain)
      _ = try plain.train(resume: .never) { _ in }
      let scores = try project("PREVALENCE: 0.05", in: folder).evaluate { _ in }.scores
      #expect(scores.decision?.operatingPoint?.prevalence == 0.05)
    }
  }

  @Test(arguments: ["", "AUGMENTATION: true"])
  func `a resumed training gives the same bits in head, calibration, rule and gate`(more: String) throws {
    try withTemporaryFolder { folder in
      let whole = try project(more, in: folder.appending(path: "whole"))
      try fill(whole)
      let wanted = try whole.train(resume: .never) { _ in }
      #expect(try ModelFile(wanted.model).gate != nil)
      // What a kill leaves behind is the checkpoint of the last whole epoch.
      let cut = try project(more + "\nEPOCHS: 1", in: folder.appending(path: "cut"))
      try fill(cut)
      let short = try cut.train(resume: .never) { _ in }
      #expect(short.digest != wanted.digest)
      let resumed = try project(more, in: folder.appending(path: "cut")).train(resume: .always) { _ in }
      #expect(resumed.digest == wanted.digest)
      #expect(try Data(contentsOf: resumed.model) == Data(contentsOf: wanted.model))
    }
  }

  @Test func `openings of the test part are counted, and thresholds made after the first need to be accepted`() throws {
    try withTemporaryFolder { folder in
      let first = try project(in: folder)
      try fill(first)
      let older = try first.train(resume: .never) { _ in }
      for (number, openings) in [(1, 1), (2, 2)] {
        let opening = try #require(try project(in: folder, day: number).evaluate { _ in }.scores.split.testSet)
        #expect(opening.openings == openings && opening.modelPredatesFirstOpening && opening.warning == nil)
        #expect(opening.pictures == older.division.scored.count)
        #expect(opening.firstOpened == "2023-11-15T22:13:20Z")
      }
      // The same weights with another calibration: chosen when the answers could be known.
      let later = try project("CALIBRATION: platt", in: folder, day: 3)
      let newer = try later.train(resume: .ifPossible) { _ in }
      #expect(newer.digest != older.digest)
      // Refused before anything is opened or written.
      let files = [first.configuration.scores, first.configuration.predictions].map { try? Data(contentsOf: $0) }
      let lines = try first.openLedger().entries.count
      let error = #expect(throws: TrainingError.self) {
        try project("CALIBRATION: platt", in: folder, day: 4).evaluate { _ in }
      }
      guard case .testSetWasOpened(_, _, _, _, let firstOpened, let openings, _) = try #require(error) else {
        Issue.record("refused for another reason: \(String(describing: error))")
        return
      }
      #expect(firstOpened == "2023-11-15T22:13:20Z" && openings == 2)
      #expect(try first.openLedger().entries.count == lines)
      #expect([first.configuration.scores, first.configuration.predictions].map { try? Data(contentsOf: $0) } == files)
      // Accepted, it stands on every figure.
      let scores = try project("CALIBRATION: platt", in: folder, day: 4, acceptsOpenedTestSet: true)
        .evaluate { _ in }.scores
      let opening = try #require(scores.split.testSet)
      #expect(opening.acceptedBy == "--accept-opened-test-set")
      for (name, metric) in scores.report.metrics.named { #expect(metric.method.hasSuffix("OPENED test set"), "\(name)") }
      for row in scores.report.perClass {
        #expect(row.sensitivity.method.hasSuffix("OPENED test set") && row.f1.method.hasSuffix("OPENED test set"))
      }
      #expect(scores.decision?.coverage.method.hasSuffix("OPENED test set") == true)
      #expect(scores.report.notes.contains { $0.hasPrefix("OPENED test set: ") })
      #expect(try scores.json().contains("\"accepted_by\" : \"--accept-opened-test-set\""))
      #expect(opening.openings == 3 && !opening.modelPredatesFirstOpening)
      #expect(opening.warning?.contains("thresholds or calibration") == true)
      #expect(scores.summary.contains("thresholds or calibration"))
    }
  }
}
