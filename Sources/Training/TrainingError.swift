/// What can go wrong between the data, the parameters and a training.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  case classCount(parameters: Int, data: Int, names: [String])
  case noIngestedData(folder: String)
  case notPrepared(path: String)
  /// The prepared model was made from other parameters or classes.
  case preparedDiffers(path: String, what: String, prepared: String, wanted: String)
  /// The trained model was made from other parameters or data.
  case trainedDiffers(path: String, what: String, trained: String, wanted: String)
  case nothingToResume(path: String)
  /// The checkpoint belongs to another training.
  case checkpointDiffers(path: String, what: [String])
  case checkpointDamaged(path: String, reason: String)
  /// The loss is not a number any more.
  case diverged(epoch: Int, learningRate: Double)
  case tooFewSeries(className: String, count: Int, needed: Int, purpose: String)
  case notTrained(path: String)
  case unknownClass(name: String, model: [String])
  case emptySide(side: String, advice: String)
  /// The split puts slices of one series on both sides, and nobody said that this is wanted.
  case leakageNotAccepted(method: String)
  /// The model, with its thresholds and calibration, is younger than the first scoring of test pictures, and nobody said
  /// that this is wanted.
  case testSetWasOpened(
    model: String, ledger: String, seen: Int, pictures: Int, firstOpened: String, openings: Int, crossValidations: Int)
  /// The link that was ingested had a password or token in it, and nothing keeps those.
  case sourceNotKept(source: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .classCount(let parameters, let data, let names):
      "params.yaml says CLASSES: \(parameters), but the data set has \(data): \(names.joined(separator: ", ")). Set CLASSES: \(data), or ingest only the classes you want with --classes."
    case .noIngestedData(let folder):
      "There is no data set in '\(folder)'. Run `nefro ingest` first, or `nefro pipeline`, which does all steps."
    case .notPrepared(let path):
      "There is no prepared model '\(path)'. Run `nefro prepare` first, or `nefro pipeline`, which does all steps."
    case .preparedDiffers(let path, let what, let prepared, let wanted):
      "'\(path)' was prepared with \(what) \(prepared), but now it is \(wanted). Run `nefro prepare` again."
    case .trainedDiffers(let path, let what, let trained, let wanted):
      "'\(path)' was trained with \(what) \(trained), but now it is \(wanted). Undo the change, or run `nefro train` again."
    case .nothingToResume(let path):
      "There is no checkpoint in '\(path)' to resume from. Run `nefro train` without --resume."
    case .checkpointDiffers(let path, let what):
      "The checkpoint in '\(path)' belongs to another training: \(what.joined(separator: ", ")) changed since. Undo the change to resume it, or run `nefro train` without --resume to start anew."
    case .checkpointDamaged(let path, let reason):
      "The checkpoint '\(path)' cannot be used: \(reason). Run `nefro train` without --resume to start anew."
    case .diverged(let epoch, let learningRate):
      "In epoch \(epoch) the loss stopped being a number: the training diverged at learning rate \(learningRate). Set a lower LEARNING_RATE."
    case .tooFewSeries(let className, let count, let needed, let purpose):
      "Class '\(className)' has \(count) series, but \(purpose) needs at least \(needed). Add pictures of other patients, or set SPLIT: random with --accept-leakage, and mind that its scores are too good."
    case .notTrained(let path):
      "There is no trained model '\(path)'. Run `nefro train` first, or `nefro pipeline`, which does all steps."
    case .unknownClass(let name, let model):
      "The data has a class '\(name)' that the model does not know; it knows \(model.joined(separator: ", ")). Evaluate on these classes only, or train on the new ones."
    case .emptySide(let side, let advice):
      "The split leaves no picture for \(side). \(advice)"
    case .sourceNotKept(let source):
      "The data come from '\(source)', a link whose password or token is not kept. Name it again with --source to fetch it anew."
    case .leakageNotAccepted(let method):
      "SPLIT: \(method) puts slices of one series on both sides, so its scores say nothing of new patients. Add --accept-leakage to the command to train all the same, to repeat a published figure for example: every number that comes of it is then marked as leaky. Or set SPLIT: series."
    case .testSetWasOpened(let model, let ledger, let seen, let pictures, let firstOpened, let openings, let others):
      "The test set was not opened: \(seen) of its \(pictures) pictures were scored before, first on \(firstOpened) (\(Self.times(openings, others)), says '\(ledger)'), and model \(model), with its thresholds and calibration, was made after that, so it may have been chosen by them. Score it on pictures that nothing has scored yet; compare models by cross-validation, as `nefro sweep` does, before a test set is opened. Or add \(TestSetOpening.acceptance) to score it all the same: every figure of its scores and reports is then marked."
    }
  }
  /// How often pictures were opened and scored by cross-validation, in words.
  private static func times(_ openings: Int, _ crossValidations: Int) -> String {
    [(openings, "opened"), (crossValidations, "cross-validated")].filter { $0.0 > 0 }
      .map { count, what in "\(what) \(count == 1 ? "once" : "\(count) times")" }.joined(separator: ", ")
  }
}
