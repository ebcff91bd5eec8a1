import Foundation

/// Where things lie: `config/config.yaml`, with the report's keys.
///
/// Paths are relative to the project's folder. A model path that ends in `.h5` is written with
/// `.safetensors`; `renamed` lists those, so that it can be said once.
public struct ProjectConfiguration: Equatable, Sendable {
  /// The project's folder, which relative paths start from.
  public var root: URL
  /// `artifacts_root`: holds what has no key of its own, such as the audit and the summary of the scores.
  public var artifactsRoot: URL

  /// `source_URL` of `data_ingestion`: a URL, a `kaggle:` name or a path, as it is written.
  public var sourceURL: String
  /// `root_dir` of `data_ingestion`.
  public var ingestionFolder: URL
  /// `local_data_file`: where the downloaded archive is kept.
  public var localDataFile: URL
  /// `unzip_dir`: where the archive is unpacked.
  public var unzipFolder: URL

  /// `root_dir` of `prepare_base_model`.
  public var prepareFolder: URL
  /// `base_model_path`: the convolution base's weights.
  public var baseModel: URL
  /// `updated_base_model_path`: the model with a fresh head, which training starts from.
  public var updatedBaseModel: URL
  /// `models_base_model_path`: a copy of `baseModel`.
  public var baseModelCopy: URL
  /// `models_updated_base_model_path`: a copy of `updatedBaseModel`.
  public var updatedBaseModelCopy: URL

  /// `root_dir` of `training`: history, curves and checkpoints are in it.
  public var trainingFolder: URL
  /// `trained_model_path`: the model that training writes.
  public var trainedModel: URL
  /// `models_trained_model_path`: a copy of `trainedModel`.
  public var trainedModelCopy: URL

  /// The `.h5` paths of the file, which are written as `.safetensors`.
  public var renamed: [String]

  /// The folder of the class folders, under `unzipFolder`.
  public var dataFolder: URL { unzipFolder.appending(path: "kidney-ct-scan-image") }
  /// The scores of an evaluation, in the project's folder.
  public var scores: URL { root.appending(path: "scores.json") }
  /// The record of predictions of an evaluation, in the project's folder.
  public var predictions: URL { root.appending(path: PredictionRecord.fileName) }
  /// The training's figures, epoch by epoch.
  public var history: URL { trainingFolder.appending(path: "history.csv") }
  /// The same as a drawing.
  public var curves: URL { trainingFolder.appending(path: "curves.svg") }
  /// What a training that was interrupted goes on from.
  public var checkpointFolder: URL { trainingFolder.appending(path: "checkpoints") }

  /// - Parameters:
  ///   - url: the file.
  ///   - root: the project's folder, which relative paths start from.
  /// - Throws: `ConfigurationError` for a missing file, an unknown, repeated or missing key.
  public init(file url: URL, root: URL) throws {
    try self.init(YAMLMapping(file: url, .project), root: root)
  }

  /// The same from text; `path` is what errors call it.
  public init(yaml text: String, path: String = "config/config.yaml", root: URL) throws {
    try self.init(YAMLMapping(text: text, path: path, .project), root: root)
  }

  private init(_ top: YAMLMapping, root: URL) throws {
    try top.checkKeys(["artifacts_root", "models_root", "data_ingestion", "prepare_base_model", "training"])
    var renamed: [String] = []
    // A folder, also where its URL does not say so: relative paths start inside of it.
    let root = URL(filePath: root.absoluteURL.path, directoryHint: .isDirectory)
    func place(_ mapping: YAMLMapping, _ key: String) throws -> URL {
      URL(filePath: try mapping.string(key), relativeTo: root).absoluteURL.standardizedFileURL
    }
    func model(_ mapping: YAMLMapping, _ key: String) throws -> URL {
      let url = try place(mapping, key)
      guard ["h5", "hdf5", "keras"].contains(url.pathExtension.lowercased()) else { return url }
      renamed.append(try mapping.string(key))
      return url.deletingPathExtension().appendingPathExtension("safetensors")
    }
    self.root = root.absoluteURL.standardizedFileURL
    artifactsRoot = try place(top, "artifacts_root")
    // The report's files have it. Nothing is placed by it, since the models' copies have paths of their own.
    _ = try top.string("models_root")

    let ingestion = try top.mapping("data_ingestion")
    try ingestion.checkKeys(["root_dir", "source_URL", "local_data_file", "unzip_dir"])
    ingestionFolder = try place(ingestion, "root_dir")
    sourceURL = try ingestion.string("source_URL")
    localDataFile = try place(ingestion, "local_data_file")
    unzipFolder = try place(ingestion, "unzip_dir")

    let prepare = try top.mapping("prepare_base_model")
    try prepare.checkKeys([
      "root_dir", "base_model_path", "updated_base_model_path", "models_base_model_path",
      "models_updated_base_model_path",
    ])
    prepareFolder = try place(prepare, "root_dir")
    baseModel = try model(prepare, "base_model_path")
    updatedBaseModel = try model(prepare, "updated_base_model_path")
    baseModelCopy = try model(prepare, "models_base_model_path")
    updatedBaseModelCopy = try model(prepare, "models_updated_base_model_path")

    let training = try top.mapping("training")
    try training.checkKeys(["root_dir", "trained_model_path", "models_trained_model_path"])
    trainingFolder = try place(training, "root_dir")
    trainedModel = try model(training, "trained_model_path")
    trainedModelCopy = try model(training, "models_trained_model_path")
    self.renamed = renamed
  }
}
