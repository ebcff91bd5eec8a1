/// What can be wrong with runs and what is asked of them.
public enum TrackingError: Error, Equatable, CustomStringConvertible {
  /// `reference` names no run of the store.
  case noSuchRun(reference: String, store: String)
  /// `reference` is the beginning of several runs' identities.
  case ambiguousRun(reference: String, candidates: [String])
  /// A parameter of a run is written once.
  case parameterChanged(run: String, key: String, before: String, after: String)
  case notRunning(run: String, status: String)
  case stillRunning(run: String)
  /// Deleting a run would take others with it.
  case hasParts(run: String, count: Int)
  /// Registered models come from a run that is to be deleted.
  case madeModels(run: String, models: [String])
  case badArtifactPath(String)
  case damagedObject(path: String, expected: String, actual: String)
  case missingObject(digest: String, folder: String)

  public var description: String {
    switch self {
    case .noSuchRun(let reference, let store):
      "There is no run '\(reference)' in '\(store)'. 'nefro runs list' shows those that there are."
    case .ambiguousRun(let reference, let candidates):
      "'\(reference)' is the beginning of several runs: \(candidates.joined(separator: ", ")). Give more digits."
    case .parameterChanged(let run, let key, let before, let after):
      "Run \(run) has the parameter \(key) = '\(before)'; it cannot become '\(after)'. Start another run for it."
    case .notRunning(let run, let status):
      "Run \(run) is \(status): nothing more can be recorded in it."
    case .stillRunning(let run):
      "Run \(run) still goes on. Stop it first, or wait until it ends."
    case .hasParts(let run, let count):
      "\(count) other run(s) are parts of run \(run). Add --parts to delete them with it."
    case .madeModels(let run, let models):
      "\(models.joined(separator: ", ")) \(models.count == 1 ? "comes" : "come") from run \(run), which tells what a model was made of. Add --force to delete it all the same; the model stays."
    case .badArtifactPath(let path):
      "'\(path)' is no path of an artifact. Use names with '/' between them, without '..' and without a '/' at either end."
    case .damagedObject(let path, let expected, let actual):
      "'\(path)' is damaged: its digest is \(actual), not \(expected). Bring back a copy of this file."
    case .missingObject(let digest, let folder):
      "The artifact with digest \(digest) is missing in '\(folder)'. Bring back a copy of that folder."
    }
  }
}
