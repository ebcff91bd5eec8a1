/// What can be wrong with what a command was given.
enum CommandError: Error, Equatable, CustomStringConvertible {
  case noPictures(folder: String)
  case unknownClass(name: String, known: [String])
  case noTrackingServer

  var description: String {
    switch self {
    case .noPictures(let folder):
      "There is no picture (.jpg, .jpeg, .png) in '\(folder)' or below it. Name another folder, or files."
    case .unknownClass(let name, let known):
      "The model knows no class '\(name)'. Its classes are \(known.joined(separator: ", "))."
    case .noTrackingServer:
      "No tracking server is named. Set MLFLOW_TRACKING_URI, such as to http://localhost:5000 or "
        + "https://dagshub.com/OWNER/REPOSITORY.mlflow, and run the command again."
    }
  }
}
