/// What keeps a sweep from being done; what keeps one trial from it is recorded with the trial.
public enum SweepError: Error, Equatable, CustomStringConvertible {
  /// Values of these keys were given with `--set`, while the specification has its own.
  case settingUnused(keys: [String], isVaried: Bool)
  /// The folder holds a sweep that differs in these.
  case otherSweep(folder: String, what: [String])
  case damagedPlan(path: String)
  /// Pictures of one series would be trained on and answered, or the test part looked at.
  case leakySplit(method: String)
  /// Not one trial has a score.
  case nothingScored(failures: [String])

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .settingUnused(let keys, let isVaried):
      "--set \(keys.joined(separator: ", ")): the sweep's specification \(isVaried ? "varies this" : "sets this under 'base'"), so the value would not be used. Leave it out here, or change the specification."
    case .otherSweep(let folder, let what):
      "'\(folder)' holds another sweep: \(what.joined(separator: ", ")) changed since. Two sweeps are never mixed: undo the change to go on with that one, name another folder with --out, or start anew there with --fresh."
    case .damagedPlan(let path):
      "'\(path)' cannot be read, so it is not known which sweep the folder holds. Name another folder with --out, or start anew there with --fresh."
    case .leakySplit(let method):
      "A sweep is scored by folds that keep series together, and SPLIT: \(method) does not set whole series aside for the test. Set SPLIT: series."
    case .nothingScored(let failures):
      "All \(failures.count) trials failed, so there is nothing to choose from. The first one: \(failures.first ?? "")"
    }
  }
}
