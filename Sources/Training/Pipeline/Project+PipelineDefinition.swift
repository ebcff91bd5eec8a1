import Foundation
import LocalFiles
import Yams

extension Project {
  /// Every parameter in force, the base's weights and the program, by name: what DVC cannot see by itself.
  var settingsFile: URL { configuration.artifactsRoot.appending(path: "settings.yaml") }

  static let programKey = "PROGRAM"
  static let baseKey = "BASE_WEIGHTS"

  /// The project's `dvc.yaml`, or the built-in definition where there is none.
  ///
  /// - Throws: `ConfigurationError` or `PipelineError` for a file that cannot be gone by.
  public func pipelineDefinition() throws -> PipelineDefinition {
    let file = configuration.root.appending(path: PipelineDefinition.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else {
      return try PipelineDefinition(yaml: builtInPipeline, path: "the built-in pipeline")
    }
    let definition = try PipelineDefinition(
      yaml: String(contentsOf: file, encoding: .utf8), path: PipelineDefinition.fileName)
    for stage in PipelineStage.allCases {
      let listed = try definition.stage(stage).outputs
      for output in outputs(of: stage).map(shown)
      where !listed.contains(where: { output == $0 || output.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }) {
        throw PipelineError.outputNotListed(path: definition.path, stage: stage.rawValue, output: output)
      }
    }
    return definition
  }

  /// Writes the built-in definition as `dvc.yaml`.
  ///
  /// - Returns: the file.
  /// - Throws: `PipelineError.exists` for another one that is there.
  public func writePipelineDefinition() throws -> URL {
    let file = configuration.root.appending(path: PipelineDefinition.fileName)
    if let there = try? String(contentsOf: file, encoding: .utf8), there != builtInPipeline {
      throw PipelineError.exists(path: shown(file))
    }
    try AtomicFile.write(builtInPipeline, to: file)
    return file
  }

  /// Writes `settings.yaml` among the artifacts, which `dvc.yaml`'s stages depend on, and the links that it depends on
  /// itself.
  public func writeSettings() throws -> URL {
    try linkProgram()
    var lines = ["# Written by nefro pipeline --write-settings for the stages of dvc.yaml. Changes here are overwritten."]
    // In quotes: 64 digits could be read as a number.
    lines.append("\(Self.programKey): '\(try Self.programDigest())'")
    lines.append("\(Self.baseKey): '\(baseWeightsIdentity)'")
    lines += parameters.record.map { "\($0.key): \($0.value)" }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: settingsFile)
    return settingsFile
  }

  /// Files and folders that a stage makes.
  func outputs(of stage: PipelineStage) -> [URL] {
    switch stage {
    case .dataIngestion: [configuration.dataFolder, contactSheet]
    case .prepareBaseModel:
      [configuration.baseModel, configuration.updatedBaseModel, configuration.baseModelCopy, configuration.updatedBaseModelCopy]
    case .training:
      [configuration.trainedModel, configuration.trainedModelCopy, configuration.history, configuration.curves, divisionFile]
    case .evaluation: [configuration.scores, configuration.predictions, summaryFile, confusionFile]
    }
  }

  private var baseWeightsIdentity: String {
    guard parameters.weights == .imagenet else { return "random" }
    return (try? store.open(parameters.network.name).digest.hex) ?? "none"
  }

  /// What a parameter of the definition is now.
  ///
  /// - Returns: its name for a person, and its value; several for a whole file of parameters.
  func values(
    of parameter: StageDefinition.Parameter, stage: PipelineStage, path: String
  ) throws -> [(name: String, value: String)] {
    let settings = shown(settingsFile)
    if parameter.file == nil || parameter.file == settings {
      guard let key = parameter.key else { return parameters.record.map { (name: $0.key, value: $0.value) } }
      if parameter.file == settings {
        if key == Self.programKey { return [("the program", try Self.programDigest())] }
        if key == Self.baseKey { return [("the stored weights", baseWeightsIdentity)] }
      }
      guard let value = parameters.record.first(where: { $0.key == key })?.value else {
        throw PipelineError.unknownParameter(
          path: path, stage: stage.rawValue, file: parameter.file ?? "params.yaml", key: key)
      }
      return [(key, value)]
    }
    let name = parameter.file!
    let file = URL(filePath: name, relativeTo: configuration.root).absoluteURL
    guard var node = try? Yams.compose(yaml: String(contentsOf: file, encoding: .utf8)) else {
      throw PipelineError.dependencyMissing(path: path, stage: stage.rawValue, dependency: name)
    }
    for part in parameter.key?.split(separator: ".").map(String.init) ?? [] {
      guard let next = node.mapping?[part] else {
        throw PipelineError.unknownParameter(path: path, stage: stage.rawValue, file: name, key: parameter.key ?? "")
      }
      node = next
    }
    let value = try node.scalar?.string ?? Yams.serialize(node: node, sortKeys: true)
    return [(parameter.key.map { "\($0) of \(name)" } ?? name, value)]
  }
}
