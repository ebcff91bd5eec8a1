/// The report's four stages.
public enum PipelineStage: String, CaseIterable, Sendable {
  case dataIngestion = "data_ingestion"
  case prepareBaseModel = "prepare_base_model"
  case training
  case evaluation

  /// The parameters a stage depends on, as the built-in definition lists them.
  public var parameterKeys: [String] {
    let all = ParameterKey.all.map(\.name)
    return switch self {
    case .dataIngestion: []
    case .prepareBaseModel:
      ["IMAGE_SIZE", "INCLUDE_TOP", "CLASSES", "WEIGHTS", "HEAD", "DROPOUT", "PREPROCESSING", "RESAMPLING", "SEED"]
    // PREVALENCE is there for net_benefit's threshold; where it is not used, the last checkpoint ends the training.
    case .training: all.filter { !ParameterKey.ofScoresAlways.contains($0) }
    case .evaluation: all
    }
  }

  /// The program's own name for the stage: `nefro ingest`.
  var subcommand: String {
    switch self {
    case .dataIngestion: "ingest"
    case .prepareBaseModel: "prepare"
    case .training: "train"
    case .evaluation: "evaluate"
    }
  }

  /// Options of `subcommand` that `dvc.yaml` may give and `nefro pipeline` understands.
  var understoodOptions: [String] {
    switch self {
    case .dataIngestion: ["--source"]
    case .training: ["--accept-leakage"]
    case .evaluation: [TestSetOpening.acceptance]
    case .prepareBaseModel: []
    }
  }
}
