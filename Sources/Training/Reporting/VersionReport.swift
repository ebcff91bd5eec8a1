import Evaluation
import Foundation
import Inference
import KidneyData
import Reports

/// What can be said of a model by the three files that a registry keeps of it, wherever its project and data are.
public enum VersionReport {
  /// - Parameters:
  ///   - name: what the model is called, such as "kidney:3".
  ///   - model: the model's file.
  ///   - scores: its `scores.json`.
  ///   - predictions: its `predictions.json`.
  /// - Returns: a report for `RunReport.versionCard(in:)`: without mistakes, subgroups, audit and the ledger's lines, for
  ///   which the data set itself is needed.
  /// - Throws: `ReportingError` where the files are damaged or not of one model; `PredictionRecordError`;
  ///   `InferenceError`.
  public static func read(name: String, model: URL, scores: URL, predictions: URL) throws -> RunReport {
    let file = try ModelFile(model)
    let found = try ScoresFile.load(from: scores, shown: "scores.json")
    let record = try PredictionRecord.load(from: predictions)
    for (digest, other) in [(found.modelDigest, "scores.json"), (record.modelDigest, PredictionRecord.fileName)]
    where digest != file.digest.hex {
      throw ReportingError.doNotBelongTogether(what: "the model", first: other, second: name)
    }
    return RunReport(
      name: name, version: found.version, report: found.report, predictions: try record.predictions,
      model: ModelFacts(file),
      data: DataFacts(
        digest: found.dataDigest,
        classes: found.counts.map { .init(name: $0.className, pictures: $0.images, series: $0.series) },
        pictures: found.split.images, series: found.split.series, setAside: 0, sizes: 0),
      split: SplitFacts(found.split, of: record), testSet: found.split.testSet.map(TestSetFacts.init),
      rules: RuleFacts(of: file, scores: found.decision))
  }
}

extension SplitFacts {
  /// As far as scores and answers tell: how large the parts for training and validation were, they do not.
  fileprivate init(_ split: Scores.SplitRecord, of record: PredictionRecord) {
    let folds = Set(record.pictures.compactMap(\.fold)).count
    let method = Method(rawValue: split.method) ?? .random
    // The number stands in a sentence of the record.
    let chosenOn = split.warnings.first { $0.contains("are the validation part") }
    self.init(
      method: method, basis: Basis(rawValue: split.seriesBasis) ?? .look,
      scoring: method == .keras ? .kerasHead : folds > 0 ? .groupedFolds(folds) : .heldOut, seed: split.seed,
      digest: split.digest, training: .init(pictures: 0, series: 0), validation: .init(pictures: 0, series: 0),
      scored: .init(pictures: split.images, series: split.series), repeats: record.repeats,
      chosenOn: chosenOn.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0,
      leak: split.leakage.map { .init(trainedOn: $0.trainedOn, ofTrainedSeries: $0.ofTrainedSeries) })
  }
}

extension TestSetFacts {
  /// Without the ledger, which alone knows what happened since.
  fileprivate init(_ opening: TestSetOpening) {
    self.init(
      pictures: opening.pictures, openings: opening.openings, crossValidations: opening.crossValidations,
      openedBefore: opening.picturesOpenedBefore, firstOpened: opening.firstOpened,
      modelPredatesFirstOpening: opening.modelPredatesFirstOpening, accepted: opening.acceptedBy != nil,
      openedSince: nil, entries: [])
  }
}
