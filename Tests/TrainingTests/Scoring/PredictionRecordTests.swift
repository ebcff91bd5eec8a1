import Evaluation
import Foundation
import KidneyData
import TestSupport
import Testing
import Training

@Suite struct PredictionRecordTests {
  private func evaluated(
    _ yaml: String, patients: Int, acceptsLeakage: Bool = false,
    _ body: (Project, DataSet, EvaluationOutcome, PredictionRecord) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
      let project = Project(
        configuration: try ProjectConfiguration(yaml: text, root: URL(filePath: folder.path, directoryHint: .isDirectory)),
        parameters: try DrawnData.parameters(yaml), cache: nil, version: "test", acceptsLeakage: acceptsLeakage)
      let data = try DrawnData.make(in: project.configuration.dataFolder, patients: patients, slices: 2)
      _ = try project.prepare()
      _ = try project.train(resume: .never) { _ in }
      let outcome = try project.evaluate { _ in }
      try body(project, data, outcome, try PredictionRecord.load(from: folder))
    }
  }

  @Test func `grouped folds leave every picture's answer, and the scores can be made of them again`() throws {
    try evaluated("", patients: 3) { project, data, outcome, record in
      #expect(outcome.predictionsFile.lastPathComponent == "predictions.json")
      #expect(record.pictures.map(\.path) == data.manifest.pictures.map(\.path))
      #expect(record.pictures.map(\.sha256) == data.manifest.pictures.map(\.sha256))
      #expect(record.pictures.map(\.label) == data.manifest.pictures.map(\.className))
      #expect(record.classes == ["Normal", "Tumor"] && record.positiveClass == "Tumor")
      #expect(record.modelDigest == outcome.scores.model && record.dataDigest == outcome.scores.data)
      #expect(record.split == outcome.scores.split && record.version == "test")
      #expect(!record.isLeaky && record.repeats == 1)
      let again = try Evaluation.evaluate(
        record.predictions, positiveClass: record.positiveClass, bootstrap: outcome.scores.report.bootstrap)
      #expect(again == outcome.scores.report)
      // A series lies in one fold, and every fold is there.
      for row in record.pictures {
        let folds = Set(record.pictures.filter { $0.series == row.series }.map(\.fold))
        #expect(folds.count == 1 && folds.first != .some(nil))
      }
      #expect(Set(record.pictures.compactMap(\.fold)) == [0, 1, 2])
    }
  }

  @Test func `a test part's answers have no fold, and carry the leakage that was accepted`() throws {
    try evaluated("SPLIT: random", patients: 6, acceptsLeakage: true) { _, data, outcome, record in
      #expect(record.pictures.count == outcome.scores.split.images && record.pictures.count < data.count)
      #expect(record.pictures.allSatisfy { $0.fold == nil })
      #expect(record.isLeaky && record.split.leakage == outcome.scores.split.leakage)
      #expect(record.split.testSet?.openings == 1)
    }
  }

  @Test func `a record that cannot be right is not written`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "predictions.json")
      var record = try PredictionFile(series: 5) { _, _ in true }.record()
      try record.save(to: url)
      let before = try Data(contentsOf: url)
      #expect(try PredictionRecord.load(from: url) == record)
      record.pictures[3].probabilities[0] = .nan
      #expect(throws: EvaluationError.self) { try record.save(to: url) }
      #expect(try Data(contentsOf: url) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["predictions.json"])
    }
  }

  private static let good = PredictionFile(series: 5) { _, _ in true }

  /// The error of a file with one thing changed.
  private func error(_ change: (inout PredictionFile) -> Void) -> PredictionRecordError? {
    var file = Self.good
    change(&file)
    return #expect(throws: PredictionRecordError.self) { _ = try file.record() }
  }

  @Test func `what cannot be predictions is refused, and the error says which picture and why`() throws {
    #expect(try Self.good.record().pictures.count == 20)
    // One probability too few, and one too many.
    #expect("\(error { $0.rows[2].probabilities.removeLast() }!)".contains("has 1 entries where 2 were expected"))
    #expect("\(error { $0.rows[2].probabilities.append("0") }!)".contains("has 3 entries where 2 were expected"))
    #expect(
      error { $0.rows[4].probabilities = ["\"NaN\"", "0.5"] }
        == .invalid(path: "p.json", .notFinite(picture: 4, column: "probability of class Normal")))
    #expect(
      error { $0.rows[4].probabilities = ["0.5", "\"Infinity\""] }
        == .invalid(path: "p.json", .notFinite(picture: 4, column: "probability of class Tumor")))
    #expect("\(error { $0.rows[4].probabilities = ["NaN", "0.5"] }!)".contains("a bare NaN"))
    #expect("\(error { $0.rows[4].probabilities = ["null", "0.5"] }!)".contains("pictures[4].probabilities[0] is null"))
    #expect(
      error { $0.rows[1].probabilities = ["1.5", "-0.5"] }
        == .invalid(path: "p.json", .probabilityOutOfRange(picture: 1, className: "Normal", actual: 1.5)))
    #expect(
      error { $0.rows[1].probabilities = ["0.5", "0.4"] }
        == .invalid(path: "p.json", .probabilitiesDoNotSumToOne(picture: 1, actual: 0.9)))
    #expect(
      error { $0.rows[3].label = "Stone" }
        == .unknownLabel(path: "p.json", picture: 3, label: "Stone", classes: ["Normal", "Tumor"]))
    #expect(error { $0.rows[3].path = $0.rows[0].path } == .repeatedPicture(path: "p.json", first: 0, second: 3))
    #expect(error { $0.rows = [] } == .invalid(path: "p.json", .noPictures))
    #expect(error { $0.format = "other-1" } == .otherFormat(path: "p.json", found: "other-1"))
    #expect(error { $0.classes = ["Normal", "Tumor", "Normal"] } == .invalid(path: "p.json", .repeatedClass("Normal")))
  }

  @Test func `a file cut at any place is refused, never read in part`() throws {
    let text = PredictionFile(rows: Array(Self.good.rows.prefix(2))).json
    let whole = Data(text.utf8)
    for count in 0..<whole.count {
      #expect(throws: PredictionRecordError.self, "\(count) bytes") {
        _ = try PredictionRecord(json: whole.prefix(count), path: "p.json")
      }
    }
    #expect(throws: PredictionRecordError.self) { _ = try PredictionRecord(json: Data("[]".utf8), path: "p.json") }
  }

  @Test func `a file that is not there is told from a project that was not evaluated`() throws {
    try withTemporaryFolder { folder in
      let none = folder.appending(path: "none.json")
      #expect(throws: PredictionRecordError.missing(path: none.path, isInFolder: false)) {
        _ = try PredictionRecord.load(from: none)
      }
      let error = #expect(throws: PredictionRecordError.self) { _ = try PredictionRecord.load(from: folder) }
      #expect(error?.description.contains("nefro evaluate") == true)
    }
  }

  @Test func `a class that is never predicted, and one that has no picture, are for the figures to tell`() throws {
    let never = try PredictionFile(series: 5) { label, _ in label == 0 }.record()
    let report = try Evaluation.evaluate(never.predictions, bootstrap: BootstrapSettings(seed: 1))
    #expect(report.perClass[1].precision == nil)
    #expect(report.notes.contains { $0.contains("Tumor was never predicted") })
    let single = try PredictionFile(rows: Array(Self.good.rows.prefix(10))).record()
    #expect(throws: EvaluationError.classWithoutPictures("Tumor", classes: ["Normal", "Tumor"])) {
      _ = try Evaluation.evaluate(single.predictions, bootstrap: BootstrapSettings(seed: 1))
    }
    let few = try PredictionFile(series: 4) { _, number in number > 0 }.record()
    let unsure = try Evaluation.evaluate(few.predictions, bootstrap: BootstrapSettings(seed: 1))
    #expect(unsure.accuracy.method == "no interval: 4 series" && !unsure.accuracy.hasInterval)
  }
}
