import Backbones
import Evaluation
import Foundation
import Inference
import KidneyData
import MedicalImages
import NeuralNetworks
import TestSupport
import Testing
import Training

@Suite struct HeadStudyTests {
  /// A recipe for small pictures, on a base with drawn weights.
  private static let recipe = HeadRecipe(
    preprocessing: PreprocessingSpecification(
      height: 32, width: 32, scaling: .imagenet, colors: .grey,
      common: .init(height: 32, width: 32, resampling: .lanczos)),
    features: FeatureRecipe(blocks: [
      .init(layer: "block1_pool", statistic: .mean), .init(layer: "block2_pool", statistic: .cellDeviation(2)),
      .init(layer: "block3_pool", statistic: .mean),
    ]),
    copies: [.jpeg(quality: 75), .otherResampling], lambda: 1e-3, iterations: 40)

  private func study(_ folder: URL) throws -> HeadStudy {
    let store = WeightStore(folder: folder.appending(path: "weights"))
    let weights = folder.appending(path: "weights/vgg16.safetensors")
    if !FileManager.default.fileExists(atPath: weights.path) {
      _ = try StoredWeights.drawn(seed: 4, to: weights)
    }
    var study = HeadStudy(
      store: store, cache: FeatureCache(folder: folder.appending(path: "features")), version: "1.2.3")
    study.recipe = Self.recipe
    study.folds = 2
    study.repeats = 2
    study.runRepeats = 1
    return study
  }

  private func sets(_ folder: URL) throws -> (two: URL, four: URL) {
    let (two, four) = (folder.appending(path: "two"), folder.appending(path: "four"))
    _ = try DrawnData.make(in: two, patients: 3, slices: 2, side: 40)
    _ = try DrawnData.make(in: four, classes: ["Cyst", "Normal", "Stone", "Tumor"], patients: 3, slices: 2, side: 32)
    return (two, four)
  }

  @Test func `it writes models that answer, cards and figures, and the same bytes again`() throws {
    try withTemporaryFolder { folder in
      let (two, four) = try sets(folder)
      func made(_ name: String) throws -> (out: URL, outcome: HeadStudy.Outcome) {
        let out = folder.appending(path: name)
        return (out, try study(folder).run(twoClass: two, fourClass: four, out: out) { _ in })
      }
      let (first, outcome) = try made("first")
      let (second, _) = try made("second")
      let files = try FileManager.default.contentsOfDirectory(atPath: first.path).sorted()
      #expect(
        files == [
          "heads.json", "kidney-four-class.md", "kidney-four-class.safetensors", "kidney-two-class.md",
          "kidney-two-class.safetensors",
        ])
      for file in files {
        #expect(
          try Data(contentsOf: first.appending(path: file)) == Data(contentsOf: second.appending(path: file)), "\(file)")
      }
      let model = try ModelFile(outcome.models[1])
      #expect(model.description.classes == ["Cyst", "Normal", "Stone", "Tumor"])
      #expect(model.description.features == Self.recipe.features)
      #expect(model.description.preprocessing == Self.recipe.preprocessing)
      let (twoFile, fourFile) = (try SafetensorsFile(outcome.models[0]), try SafetensorsFile(outcome.models[1]))
      let (columns, all) = (try twoFile.tensor("head/kernel").values, try fourFile.tensor("head/kernel").values)
      for feature in 0..<columns.count / 2 {
        #expect(columns[2 * feature] == all[4 * feature + 1] && columns[2 * feature + 1] == all[4 * feature + 3])
      }
      let locator = BaseLocator(store: WeightStore(folder: folder.appending(path: "weights")))
      let classifier = try Classifier(model: outcome.models[1], locator: locator)
      let gate = try #require(classifier.gate)
      #expect(gate.record.layer == "block3_pool" && gate.record.features == 256 && gate.record.fit.images == 36)
      #expect(gate.record.fit.changedImages > 36 + 12)
      #expect(model.description.decision != nil)
      let picture = Picture(width: 50, height: 50, channels: 3, pixels: (0..<7500).map { UInt8($0 % 251) })
      #expect(try classifier.probabilities(of: [picture])[0].count == 4)
    }
  }

  @Test func `too few series for the folds are refused before any feature is computed`() throws {
    try withTemporaryFolder { folder in
      let (two, four) = try sets(folder)
      var study = try study(folder)
      study.folds = 5
      #expect(throws: KidneyDataError.self) {
        try study.run(twoClass: two, fourClass: four, out: folder.appending(path: "out")) { event in
          if case .features = event { Issue.record("features are computed") }
        }
      }
    }
  }

  @Test func `figures count who was trained on and held out`() throws {
    try withTemporaryFolder { folder in
      let (two, four) = try sets(folder)
      var study = try study(folder)
      study.keepsAnswers = true
      let outcome = try study.run(twoClass: two, fourClass: four, out: folder.appending(path: "out")) { _ in }
      let (twoClass, fourClass) = (outcome.report.heads[0], outcome.report.heads[1])
      // The held-out answers, as `compare` reads them, give the figures of the folds' first draw.
      for (head, stem) in [(twoClass, "kidney-two-class"), (fourClass, "kidney-four-class")] {
        for (heldOut, name) in [(head.series, "series"), (head.runs, "runs")] {
          let record = try PredictionRecord.load(from: folder.appending(path: "out/\(stem)-\(name).json"))
          let report = try evaluate(record.predictions, bootstrap: BootstrapSettings(resamples: 100, seed: 1))
          #expect(record.isLeaky == (name == "runs") && record.pictures.allSatisfy { $0.fold != nil })
          #expect(report.macroF1.value == heldOut.macroF1[0] && report.auc.value == heldOut.auc[0], "\(stem) \(name)")
        }
      }
      #expect(twoClass.counts.map(\.images) == [12, 12])
      #expect(fourClass.counts.map(\.images) == [6, 12, 6, 12])
      #expect(fourClass.series.report.images == 36)
      #expect(fourClass.series.copiesAcrossSides == 0 && fourClass.runs.copiesAcrossSides == 0)
      #expect(fourClass.series.macroF1.count == 2 && fourClass.runs.macroF1.count == 1)
      // A copy by JPEG of each, one by another resampling of the twelve that are not 32 x 32.
      #expect(fourClass.fit.pictures == 36 && fourClass.fit.rows == 36 + 36 + 12)
      #expect(twoClass.fit == fourClass.fit, "two columns of one head")
      #expect(twoClass.strangers.map(\.className) == ["Cyst", "Stone"] && fourClass.strangers.isEmpty)
      #expect(twoClass.strangers[0].answers.values.reduce(0, +) == 6)
      #expect(twoClass.trials.contains { $0.change == "mirrored" })
      let card = try String(contentsOf: folder.appending(path: "out/kidney-two-class.md"), encoding: .utf8)
      for words in ["Research use only", "whole series", "no score for new patients", "Cyst", "CC BY 4.0"] {
        #expect(card.contains(words), "\(words)")
      }
    }
  }

  @Test func `figures of runs that part a series carry the mark of a leak, in report, card and summary`() throws {
    try withTemporaryFolder { folder in
      let (two, four) = try sets(folder)
      var study = try study(folder)
      // Every slice by itself.
      study.runLength = 1
      let outcome = try study.run(twoClass: two, fourClass: four, out: folder.appending(path: "out")) { _ in }
      for head in outcome.report.heads {
        for (name, metric) in head.runs.report.metrics.named {
          #expect(metric.method.hasSuffix("LEAKY split"), "\(name)")
        }
        for (name, metric) in head.series.report.metrics.named { #expect(!metric.method.contains("LEAKY"), "\(name)") }
        for trial in head.trials {
          let isOfSeries = trial.heldOut == "whole series"
          for metric in [trial.right, trial.rightChanged, trial.same] {
            #expect(metric.method.hasSuffix("LEAKY split") != isOfSeries, "\(trial.heldOut)")
          }
        }
      }
      #expect(outcome.report.summary.components(separatedBy: "LEAKY split").count == 5)
      for name in ["two", "four"] {
        let card = try String(contentsOf: folder.appending(path: "out/kidney-\(name)-class.md"), encoding: .utf8)
        let beside = try #require(card.components(separatedBy: "## Beside it").last?.components(separatedBy: "\n## ").first)
        let rows = beside.split(separator: "\n").filter { $0.hasPrefix("| macro f1") || $0.hasPrefix("| auc") }
        #expect(rows.count == 2 && rows.allSatisfy { $0.contains("LEAKY split") }, "\(rows)")
        let honest = try #require(card.components(separatedBy: "## Beside it").first)
        #expect(!honest.contains("LEAKY split"))
      }
    }
  }
}
