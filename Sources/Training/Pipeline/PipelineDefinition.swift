/// What `dvc.yaml` says of the report's four stages.
///
/// One reader for a project's own file and for the built-in text, so that DVC and `nefro pipeline` go by the same words.
public struct PipelineDefinition: Equatable, Sendable {
  public static let fileName = "dvc.yaml"
  /// Stages that tell DVC what it cannot see by itself; they are no stages of the report. The first leaves links to the
  /// program and to the stored weights, the second what these and the parameters amount to.
  static let programStage = "program"
  static let settingsStage = "settings"

  /// What errors call the file.
  public var path: String
  public var stages: [PipelineStage: StageDefinition]
  /// The file's other stages, which only DVC runs.
  public var otherStages: [String]

  /// - Throws: `PipelineError.stageMissing`.
  func stage(_ stage: PipelineStage) throws -> StageDefinition {
    guard let definition = stages[stage] else { throw PipelineError.stageMissing(path: path, stage: stage.rawValue) }
    return definition
  }
}

/// One stage of the definition.
public struct StageDefinition: Equatable, Sendable {
  /// What a stage depends on besides files.
  public struct Parameter: Hashable, Sendable {
    /// nil for the parameters in force: `params.yaml`, with `--set` over it.
    public var file: String?
    /// nil for the whole file; dots lead into mappings.
    public var key: String?

    public init(file: String?, key: String?) {
      self.file = file
      self.key = key
    }
  }

  /// Files and folders, relative to the project.
  public var dependencies: [String] = []
  public var parameters: [Parameter] = []
  /// Outputs, metrics and plots, relative to the project.
  public var outputs: [String] = []
  /// `--source` of the stage's command.
  public var source: String?
  /// Runs whether or not anything changed.
  public var alwaysChanged = false

  public init() {}
}

/// What is wrong with `dvc.yaml`, and what to do about it.
public enum PipelineError: Error, Equatable, CustomStringConvertible {
  case stageMissing(path: String, stage: String)
  case cannotHonour(path: String, stage: String, what: String, advice: String)
  case outputNotListed(path: String, stage: String, output: String)
  case outputNotMade(path: String, stage: String, output: String)
  case dependencyMissing(path: String, stage: String, dependency: String)
  case unknownParameter(path: String, stage: String, file: String, key: String)
  case exists(path: String)

  public var description: String {
    switch self {
    case .stageMissing(let path, let stage):
      "'\(path)' has no stage '\(stage)'. Add it, or write the file anew with nefro pipeline --write-dvc-yaml."
    case .cannotHonour(let path, let stage, let what, let advice):
      "'\(path)', stage '\(stage)': nefro pipeline cannot go by \(what). \(advice)"
    case .outputNotListed(let path, let stage, let output):
      "'\(path)', stage '\(stage)' does not list '\(output)', which it makes. Add it to its outs, or write the file anew with nefro pipeline --write-dvc-yaml."
    case .outputNotMade(let path, let stage, let output):
      "'\(path)', stage '\(stage)' lists '\(output)' as an output, but the stage does not make it. Take it out of the list."
    case .dependencyMissing(let path, let stage, let dependency):
      "'\(path)', stage '\(stage)' depends on '\(dependency)', which is not there. Bring it, or take it out of the deps."
    case .unknownParameter(let path, let stage, let file, let key):
      "'\(path)', stage '\(stage)' depends on the key '\(key)' of '\(file)', which has none of that name. Correct one of the two."
    case .exists(let path):
      "'\(path)' is there already and differs. Move it away first, so that nothing of yours is lost."
    }
  }
}
