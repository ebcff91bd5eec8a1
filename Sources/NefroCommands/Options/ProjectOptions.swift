import ArgumentParser
import BuildInformation
import Foundation
import Training

/// Which project folder, configuration and parameters a command works with.
struct ProjectOptions: ParsableArguments {
  @Option(
    name: .long, help: "The project's folder; relative paths of the configuration start there.",
    completion: .directory)
  var project = "."

  @Option(name: .long, help: "The configuration, relative to the project's folder.", completion: .file())
  var config = "config/config.yaml"

  @Option(name: .long, help: "The parameters, relative to the project's folder.", completion: .file())
  var params = "params.yaml"

  @Option(
    name: .long,
    help: ArgumentHelp("Set a parameter for this command alone, over the file's value.", valueName: "KEY=VALUE"))
  var set: [String] = []

  func validate() throws {
    for setting in set where !setting.contains("=") {
      throw ValidationError("--set \(setting): write it as KEY=VALUE, such as --set EPOCHS=3")
    }
  }

  /// - Parameters:
  ///   - progress: is told once which model paths are written with another ending.
  ///   - acceptingLeakage: whether a split that does not keep series together may be trained on.
  ///   - acceptingOpenedTestSet: whether a model may be scored on a test set that was opened before it was made.
  func open(
    progress: ProgressLine, acceptingLeakage: Bool = false, acceptingOpenedTestSet: Bool = false
  ) throws -> Project {
    let root = URL(filePath: project, directoryHint: .isDirectory)
    let configuration = try ProjectConfiguration(
      file: URL(filePath: config, relativeTo: root.absoluteURL), root: root)
    let parameters = try TrainingParameters(
      file: URL(filePath: params, relativeTo: root.absoluteURL), overrides: settings)
    if !configuration.renamed.isEmpty {
      progress.note(
        "Model paths that end in .h5 are written as .safetensors: \(configuration.renamed.joined(separator: ", "))")
    }
    return Project(
      configuration: configuration, parameters: parameters, version: BuildInformation.current.identity,
      acceptsLeakage: acceptingLeakage, acceptsOpenedTestSet: acceptingOpenedTestSet)
  }

  /// What `--set` gives, in order.
  var settings: [(key: String, value: String)] { self.set.map(Self.pair) }

  private static func pair(_ setting: String) -> (key: String, value: String) {
    let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (parts[0].trimmingCharacters(in: .whitespaces), String(parts[1]))
  }
}
