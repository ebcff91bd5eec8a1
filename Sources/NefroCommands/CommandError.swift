/// What can be wrong with what a command was given.
enum CommandError: Error, Equatable, CustomStringConvertible {
  case noPictures(folder: String)
  case unknownClass(name: String, known: [String])
  case noTrackingServer
  case noContributions(model: String)
  /// `parts` are parts of that run with points of their own, such as a sweep's trials.
  case noCurve(run: String, metric: String, known: [String], parts: [String])
  case notConfirmed(runs: Int)
  case noRuns(folder: String)
  /// Found before the work starts.
  case cannotRecord(reason: String)

  var description: String {
    switch self {
    case .noPictures(let folder):
      "There is no picture (.jpg, .jpeg, .png) in '\(folder)' or below it. Name another folder, or files."
    case .unknownClass(let name, let known):
      "The model knows no class '\(name)'. Its classes are \(known.joined(separator: ", "))."
    case .noCurve(let run, let metric, let known, let parts):
      "Run \(run) has no values of '\(metric)'. "
        + (!known.isEmpty
          ? "It has \(known.joined(separator: ", "))."
          : parts.isEmpty
            ? "It recorded none by epoch; 'nefro runs list --filter 'kind = train'' lists trainings."
            : "Its parts have values: \(parts.prefix(4).joined(separator: ", "))\(parts.count > 4 ? " and \(parts.count - 4) more" : ""). Name one of them.")
    case .notConfirmed(let runs): "Nothing was deleted. Add --yes to delete \(runs == 1 ? "this run" : "these \(runs) runs")."
    case .noRuns(let folder):
      "There is no run store in '\(folder)'. `nefro train`, `nefro evaluate`, `nefro pipeline` and `nefro sweep` make one; --project or --store names another place."
    case .cannotRecord(let reason):
      "The run cannot be recorded, so nothing was started: \(reason) --no-record does the work without a record, --store keeps it elsewhere."
    case .noContributions(let model):
      "The head of '\(model)' is not linear in statistics of layers, so that places have no contributions of their own. "
        + "Take --method gradcam or occlusion."
    case .noTrackingServer:
      "No tracking server is named. Set MLFLOW_TRACKING_URI, such as to http://localhost:5000 or "
        + "https://dagshub.com/OWNER/REPOSITORY.mlflow, and run the command again."
    }
  }
}
