import Digests
import Foundation
import Inference
import KidneyData
import LocalFiles
import NeuralNetworks
import Reports
import TensorKernels

/// What `train` made.
public struct TrainedModel: Sendable {
  /// The model's file.
  public var model: URL
  /// Of the model's file.
  public var digest: ContentDigest
  /// Learning rate, loss and accuracy, epoch by epoch.
  public var history: TrainingHistory
  /// Which pictures it was trained and validated on, and which are for the test.
  public var division: Division
}

/// Whether a training goes on from its last checkpoint.
public enum ResumeMode: Sendable {
  /// It starts anew.
  case never
  /// It goes on; a checkpoint that is missing, damaged or of another training is an error.
  case always
  /// It goes on if there is a checkpoint of this very training, else it starts anew.
  case ifPossible
}

extension Project {
  /// Trains on the ingested data from the prepared model, and writes model, history and curves.
  ///
  /// - Parameter resume: whether to go on from the last checkpoint, with the same bits as if nothing had happened.
  /// - Throws: `TrainingError`, `LedgerError`, and what reading pictures or writing files throws.
  public func train(resume: ResumeMode, report: @escaping Report) throws -> TrainedModel {
    try requireVouchedSplit()
    // A ledger that cannot be trusted is told before the work, not after it.
    _ = try openLedger()
    cache?.trim()
    let data = try openData()
    let (network, baseDigest) = try startingNetwork()
    let division = try divide(data)
    try division.save(to: divisionFile)
    report(.note(division.summary(data: data)))
    let trainer = try Trainer(
      network: network, parameters: parameters, data: data, baseDigest: baseDigest, cache: cache,
      decoded: DecodedPictures())
    let checkpoints = Trainer.Checkpoints(
      folder: configuration.checkpointFolder,
      fingerprint: try trainingFingerprint(data: data, division: division, baseDigest: baseDigest))
    if case .always = resume { try checkpoints.check(epochs: parameters.epochs) }
    let goesOn =
      switch resume {
      case .never: false
      case .always: true
      case .ifPossible: checkpoints.fit(epochs: parameters.epochs)
      }
    report(
      .starting(
        TrainingFacts(division: division, data: data, base: baseDigest, parameters: parameters, goesOn: goesOn)))
    if goesOn { report(.note("Going on from the last checkpoint.")) }
    let mark = Leakage.mark(of: division.split.method)
    if let mark { report(.note("\(mark): accepted with --accept-leakage; no figure of this training says anything of new patients.")) }
    var history = try trainer.train(
      training: division.split.training, validation: division.split.validation, checkpoints: checkpoints,
      resume: goesOn, report: { report($0.marked(mark)) })
    history.mark = mark

    let kept = parameters.earlyStopping == nil ? history.epochs.last : history.best
    let decision = try decisionFit(of: trainer, division: division, data: data, report: report)
    let gate = try gate(of: trainer, division: division, epochs: history.epochs.count, report: report)
    let description = ModelDescription(
      classes: data.classes, preprocessing: parameters.preprocessingSpecification,
      base: .init(network: parameters.network.name, digest: baseDigest, trainableFrom: parameters.trainableFrom),
      head: .init(kind: parameters.head, dropout: parameters.effectiveDropout),
      training: .init(
        parameters: Dictionary(uniqueKeysWithValues: parameters.record), seed: parameters.seed,
        dataDigest: data.manifest.digest, splitDigest: division.split.digest, epochs: kept?.epoch ?? 0,
        version: version, leakage: mark.map { "\($0) '\(division.split.method.rawValue)', accepted with --accept-leakage" }),
      calibration: decision.calibration, decision: decision.rule, gate: gate?.record)
    try AtomicFile.write(history.csv, to: configuration.history)
    try AtomicFile.write(try history.curves.svg(), to: configuration.curves)
    let digest = try ModelFile.write(network, description: description, gate: gate, to: configuration.trainedModel)
    try copy(configuration.trainedModel, to: [configuration.trainedModelCopy])
    try recordModel(digest)
    return TrainedModel(model: configuration.trainedModel, digest: digest, history: history, division: division)
  }

  /// Finds out whether a training can go on from the last checkpoint, before anything is begun for it.
  ///
  /// - Throws: `TrainingError`: `nothingToResume`, `checkpointDamaged`, `checkpointDiffers`, and what is wrong with the data
  ///   or the prepared model.
  public func checkResumable() throws {
    try requireVouchedSplit()
    let data = try openData()
    let checkpoints = Trainer.Checkpoints(
      folder: configuration.checkpointFolder,
      fingerprint: try trainingFingerprint(
        data: data, division: divide(data), baseDigest: startingNetwork().baseDigest))
    try checkpoints.check(epochs: parameters.epochs)
  }

  /// Everything the course of a training depends on.
  func trainingFingerprint(
    data: DataSet, division: Division, baseDigest: ContentDigest
  ) throws -> [String: String] {
    var fingerprint = Dictionary(uniqueKeysWithValues: parameters.record)
    // Another program, or other kernels, would go on with other bits.
    fingerprint["the program"] = try Self.programDigest()
    fingerprint["the kernels"] = KernelPath.current.rawValue
    // More folds or epochs do not change the epochs already done, but a cosine's course depends on their number.
    for key in ParameterKey.ofScoresAlways.union(ParameterKey.afterTraining) { fingerprint[key] = nil }
    if parameters.schedule != .cosine { fingerprint["EPOCHS"] = nil }
    fingerprint["the data set"] = data.manifest.digest.hex
    fingerprint["the split"] = division.split.digest.hex
    fingerprint["the base"] = baseDigest.hex
    return fingerprint
  }
}

extension Division {
  /// One line for the person: how many pictures of how many series are for what.
  func summary(data: DataSet) -> String {
    func count(_ pictures: [Int]) -> String {
      "\(pictures.count) pictures of \(Set(pictures.map { series.seriesOf[$0] }).count) series"
    }
    var text = "Split '\(split.method.rawValue)': training \(count(split.training)), validation \(count(split.validation))"
    switch protocolKind {
    case .heldOut: text += ", scored \(count(scored))."
    case .groupedFolds(let folds):
      let classes = zip(data.classes, series.seriesPerClass(labels: data.labels, classes: data.classes.count)).map { "\($0) \($1)" }
      text += ". Series a class: \(classes.joined(separator: ", ")); too few to set a test part aside, so scores come from \(folds) grouped folds."
    }
    return text
  }
}

extension TrainingHistory {
  /// Loss and accuracy by epoch as one SVG.
  var curves: TrainingCurves {
    TrainingCurves(
      epochs: epochs.map(\.epoch), trainingLoss: epochs.map(\.loss), validationLoss: epochs.map(\.validationLoss),
      trainingAccuracy: epochs.map(\.accuracy), validationAccuracy: epochs.map(\.validationAccuracy),
      mark: mark)
  }
}
