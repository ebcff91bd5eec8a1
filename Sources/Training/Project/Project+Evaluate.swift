import Digests
import Evaluation
import Foundation
import Inference
import KidneyData
import LocalFiles
import NeuralNetworks

/// What `evaluate` found.
public struct EvaluationOutcome: Sendable {
  /// Every metric, with its interval.
  public var scores: Scores
  /// `scores.json`.
  public var file: URL
  /// `predictions.json`: the answers behind the scores.
  public var predictionsFile: URL
}

extension Project {
  /// Scores the trained model by the division it was trained with, and writes `scores.json` and `predictions.json`.
  ///
  /// - Parameter fresh: answer every fold anew, whatever an interrupted evaluation left.
  /// - Throws: `TrainingError`, `.testSetWasOpened` among them, before anything is answered; `EvaluationError`, `LedgerError`, and what reading pictures or writing files throws.
  public func evaluate(fresh: Bool = false, report: @escaping Report) throws -> EvaluationOutcome {
    let data = try openData()
    guard FileManager.default.fileExists(atPath: configuration.trainedModel.path) else {
      throw TrainingError.notTrained(path: shown(configuration.trainedModel))
    }
    let file = try ModelFile(configuration.trainedModel)
    for name in data.classes where !file.description.classes.contains(name) {
      throw TrainingError.unknownClass(name: name, model: file.description.classes)
    }
    try requireTrainedLikeThis(file, data: data)
    let division = try divide(data)
    guard division.split.digest == file.description.training.splitDigest else {
      throw trainedDiffers("the split", file.description.training.splitDigest.short, division.split.digest.short)
    }
    report(
      .starting(
        TrainingFacts(
          division: division, data: data, base: file.description.base.digest, parameters: parameters, model: file.digest)))
    let pictures = division.scored
    guard !pictures.isEmpty else {
      throw TrainingError.emptySide(side: "the scores", advice: "Raise TEST_FRACTION.")
    }
    // Counted before anything is answered: an opening that is interrupted is one all the same.
    var ledger = try openLedger()
    let digests = pictures.map { data.manifest.pictures[$0].sha256 }
    var opening: TestSetOpening?
    switch division.protocolKind {
    case .heldOut:
      // A split that leaks locks nothing: its figures say nothing of new patients, however often they were seen.
      let acceptance: String? =
        if acceptsOpenedTestSet {
          TestSetOpening.acceptance
        } else {
          division.split.method.keepsSeries ? nil : Leakage.acceptance
        }
      opening = try ledger.open(
        pictures: digests, model: file.digest, at: clock(), version: version, acceptance: acceptance)
    case .groupedFolds:
      try ledger.recordCrossValidation(pictures: digests, model: file.digest, at: clock(), version: version)
    }
    // One for each repeat of the folds; a test part is answered once.
    let answers =
      switch division.protocolKind {
      case .heldOut: [try heldOutAnswers(of: pictures, file: file, data: data, report: report)]
      case .groupedFolds(let folds):
        try foldAnswers(folds: folds, division: division, data: data, fresh: fresh, report: report)
      }
    let scored = try answers.enumerated().map { number, raw in
      let softmax = try Predictions(
        classes: data.classes, labels: pictures.map { data.labels[$0] }, probabilities: raw.probabilities,
        series: pictures.map { division.series.seriesOf[$0] })
      let decided = try decided(softmax, file: file, division: division, data: data, repetition: number)
      let predictions = try Predictions(
        classes: data.classes, labels: softmax.labels, probabilities: decided.probabilities, series: softmax.series)
      return (predictions: predictions, decided: decided)
    }
    let bootstrap = BootstrapSettings(seed: parameters.seed)
    let scores = try Scores(
      report: Evaluation.evaluate(
        repeats: scored.map(\.predictions), positiveClass: data.positiveClass, bootstrap: bootstrap),
      decision: DecisionScores(
        scored[0].predictions, decided: scored[0].decided, rule: file.description.decision,
        positiveClass: data.positiveClass, settings: parameters.decision, refused: answers[0].refused,
        bootstrap: bootstrap),
      division: division, repeats: answers.count, pictures: pictures, opening: opening, model: file, data: data,
      version: version)
    try PredictionRecord(
      scores: scores, answers: scored.map(\.predictions.probabilities), pictures: pictures,
      foldOf: try folds(of: division, data: data), series: division.series, data: data
    ).save(to: configuration.predictions)
    try AtomicFile.write(scores.json(), to: configuration.scores)
    try AtomicFile.write(scores.summary, to: summaryFile)
    try AtomicFile.write(scored[0].predictions.confusionTable, to: confusionFile)
    try writeCurves(of: scored[0].predictions, positiveClass: data.positiveClass)
    return EvaluationOutcome(scores: scores, file: configuration.scores, predictionsFile: configuration.predictions)
  }

  /// With two classes the positive one's, since the other's is its mirror image; else each class's against the rest.
  private func writeCurves(of predictions: Predictions, positiveClass: String?) throws {
    let classes = predictions.classes
    try? FileManager.default.removeItem(at: rocFolder)
    for name in classes.count == 2 ? [positiveClass ?? classes[1]] : classes {
      try AtomicFile.write(predictions.rocTable(of: name), to: rocFolder.appending(path: "\(name).csv"))
    }
  }

  /// Scores are given only to the model that these parameters and this data make.
  private func requireTrainedLikeThis(_ file: ModelFile, data: DataSet) throws {
    let training = file.description.training
    let ofScores = ParameterKey.ofScores(parameters)
    for (key, value) in parameters.record where !ofScores.contains(key) {
      let trained = training.parameters[key] ?? "nothing"
      guard trained == value else { throw trainedDiffers(key, trained, value) }
    }
    guard data.manifest.digest == training.dataDigest else {
      throw trainedDiffers("the data set", training.dataDigest.short, data.manifest.digest.short)
    }
  }

  private func trainedDiffers(_ what: String, _ trained: String, _ wanted: String) -> TrainingError {
    .trainedDiffers(path: shown(configuration.trainedModel), what: what, trained: trained, wanted: wanted)
  }

  /// The fold that answers each picture first; nil where a test part is scored.
  private func folds(of division: Division, data: DataSet) throws -> [Int]? {
    guard case .groupedFolds(let folds) = division.protocolKind else { return nil }
    return try Splitter.groupedFolds(
      labels: data.labels, series: division.series.seriesOf, classes: data.classes, folds: folds, seed: parameters.seed)
  }

  private func heldOutAnswers(
    of pictures: [Int], file: ModelFile, data: DataSet, report: @escaping Report
  ) throws -> RawAnswers {
    let (network, baseDigest) = try startingNetwork()
    guard baseDigest == file.description.base.digest else {
      throw InferenceError.otherBase(
        path: shown(configuration.trainedModel), expected: file.description.base.digest, actual: baseDigest)
    }
    try file.load(into: network)
    let trainer = try Trainer(
      network: network, parameters: parameters, data: data, baseDigest: baseDigest, cache: cache,
      decoded: DecodedPictures())
    return RawAnswers(
      probabilities: try trainer.probabilities(of: pictures, report: report),
      refused: try file.gate.map { try trainer.refusals(of: pictures, by: $0) })
  }

  /// Trains once for each fold on all others and answers the fold's own pictures.
  ///
  /// A fold that was answered before with the same data, split, base and parameters is not trained again.
  ///
  /// - Returns: one for each repeat.
  private func foldAnswers(
    folds: Int, division: Division, data: DataSet, fresh: Bool, report: @escaping Report
  ) throws -> [RawAnswers] {
    let repeats = try Splitter.repeatedGroupedFolds(
      labels: data.labels, series: division.series.seriesOf, classes: data.classes, folds: folds,
      repeats: parameters.foldRepeats, seed: parameters.seed)
    let decoded = DecodedPictures()
    var frozenBase: Network?
    return try repeats.enumerated().map { number, foldOf in
      let round = FoldRound(folds: folds, foldOf: foldOf, number: number, repeats: repeats.count)
      return try answer(
        round, division: division, data: data, decoded: decoded, frozenBase: &frozenBase, fresh: fresh, report: report)
    }
  }

  /// One cross-validation of those that are asked for.
  private struct FoldRound {
    let folds: Int
    /// The fold of each picture.
    let foldOf: [Int]
    /// 0-based.
    let number: Int
    let repeats: Int

    func name(of fold: Int) -> String {
      "Fold \(fold + 1) of \(folds)" + (repeats > 1 ? ", repeat \(number + 1) of \(repeats)" : "")
    }
  }

  private func answer(
    _ round: FoldRound, division: Division, data: DataSet, decoded: DecodedPictures, frozenBase: inout Network?,
    fresh: Bool, report: @escaping Report
  ) throws -> RawAnswers {
    let (folds, foldOf) = (round.folds, round.foldOf)
    var rows = [[Double]](repeating: [], count: data.count)
    // By the gate of the fold's own model; nil where it has none.
    var refused = [Bool?](repeating: nil, count: data.count)
    for fold in 0..<folds {
      let pictures = FoldPictures(fold, of: foldOf, among: Array(data.labels.indices))
      let answered = pictures.answered
      let (network, baseDigest) = try startingNetwork(sharing: frozenBase)
      if parameters.trainableFrom == nil { frozenBase = network.base }
      var fingerprint = try trainingFingerprint(data: data, division: division, baseDigest: baseDigest)
      fingerprint["EPOCHS"] = String(parameters.epochs)
      fingerprint["GATE"] = String(parameters.gate)
      fingerprint["fold"] = "\(fold + 1) of \(folds), \(ContentDigest(of: "\(answered)").hex)"
      let stored = FoldAnswers.file(in: configuration.trainingFolder, fold: fold, round: round.number)
      if !fresh, let known = FoldAnswers.load(from: stored, fingerprint: fingerprint, count: answered.count) {
        for (picture, row) in zip(answered, known.probabilities) { rows[picture] = row }
        for (picture, isRefused) in zip(answered, known.refused ?? []) { refused[picture] = isRefused }
        report(.note("\(round.name(of: fold)) was answered before."))
        continue
      }
      report(.note("\(round.name(of: fold)): \(answered.count) pictures are answered, \(pictures.rest.count) trained on."))
      let (training, validation) = try pictures.sides(for: parameters, division: division, data: data)
      let trainer = try Trainer(
        network: network, parameters: parameters, data: data, baseDigest: baseDigest, cache: cache, decoded: decoded)
      let history = try trainer.train(training: training, validation: validation, report: report)
      let answers = FoldAnswers(
        fingerprint: fingerprint, probabilities: try trainer.probabilities(of: answered, report: report),
        refused: try gateRefusals(
          of: answered, trainer: trainer, training: training, division: division, epochs: history.epochs.count))
      try answers.save(to: stored)
      for (picture, row) in zip(answered, answers.probabilities) { rows[picture] = row }
      for (picture, isRefused) in zip(answered, answers.refused ?? []) { refused[picture] = isRefused }
    }
    return RawAnswers(probabilities: rows, refused: refused.contains(nil) ? nil : refused.map { $0! })
  }
}

/// Softmax of the scored pictures, and whether the gate of the model that gave it refuses each.
struct RawAnswers {
  /// Shape: [pictures, classes].
  var probabilities: [[Double]]
  /// Nil without a gate.
  var refused: [Bool]?
}

extension DataSet {
  /// The class whose presence is looked for: "Tumor" where there is one, else the second of two.
  var positiveClass: String? {
    if let tumor = classes.first(where: { $0.lowercased() == "tumor" }) { return tumor }
    return classes.count == 2 ? classes[1] : nil
  }
}

/// A fold's probabilities, kept so that an interrupted evaluation goes on where it was.
private struct FoldAnswers: Codable {
  var fingerprint: [String: String]
  var probabilities: [[Double]]
  /// Nil without a gate.
  var refused: [Bool]?

  static func file(in folder: URL, fold: Int, round: Int) -> URL {
    folder.appending(path: "folds/" + (round == 0 ? "" : "repeat-\(round + 1)-") + "fold-\(fold + 1).json")
  }

  static func load(from url: URL, fingerprint: [String: String], count: Int) -> FoldAnswers? {
    guard let data = try? Data(contentsOf: url), let answers = try? JSONDecoder().decode(FoldAnswers.self, from: data),
      answers.fingerprint == fingerprint, answers.probabilities.count == count,
      answers.refused.map({ $0.count == count }) ?? true
    else { return nil }
    return answers
  }

  func save(to url: URL) throws { try AtomicFile.write(JSONEncoder().encode(self), to: url) }
}
