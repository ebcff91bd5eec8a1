import Digests
import Foundation
import Inference
import KidneyData
import LocalFiles

/// What a pipeline tells while it runs.
public enum PipelineEvent: Sendable {
  /// A stage starts, and why.
  case running(PipelineStage, reasons: [String])
  /// A stage is skipped: nothing it depends on has changed.
  case fresh(PipelineStage)
  case ingestion(IngestionProgress)
  case training(TrainingEvent)
}

/// The report's four stages.
public enum PipelineStage: String, CaseIterable, Sendable {
  case dataIngestion = "data_ingestion"
  case prepareBaseModel = "prepare_base_model"
  case training
  case evaluation

  /// The parameters a stage depends on.
  public var parameterKeys: [String] {
    let all = ParameterKey.all.map(\.name)
    return switch self {
    case .dataIngestion: []
    case .prepareBaseModel:
      ["IMAGE_SIZE", "INCLUDE_TOP", "CLASSES", "WEIGHTS", "HEAD", "DROPOUT", "PREPROCESSING", "RESAMPLING", "SEED"]
    case .training: all.filter { !ParameterKey.ofScores.contains($0) }
    case .evaluation: all
    }
  }
}

extension Project {
  var pipelineStateFile: URL { configuration.artifactsRoot.appending(path: "pipeline.json") }

  /// Runs the stages that are stale, in order. A training that was interrupted goes on where it was.
  ///
  /// - Parameters:
  ///   - source: overrides the configuration's `source_URL`.
  ///   - options: which pictures, and how much may be fetched.
  ///   - force: run every stage.
  /// - Returns: the scores as text for a person.
  public func runPipeline(
    source: String?, options: IngestionOptions, force: Bool,
    report: @escaping @Sendable (PipelineEvent) -> Void
  ) async throws -> String {
    try requireVouchedSplit()
    var state = PipelineState.load(from: pipelineStateFile)
    let program = try Self.programDigest()

    // What was ingested here stays the source until another one is named; only a source that was named for this folder,
    // now or in an earlier run, may replace it.
    let earlier = state.stages[PipelineStage.dataIngestion.rawValue]?.inputs[Self.sourceInput]
    let named = source ?? earlier
    let source = named ?? (try? DataManifest.load(from: configuration.dataFolder))?.source
    var options = options
    options.replace = named != nil || force
    let ingestion = options
    try await run(
      .dataIngestion, &state, force: force, program: nil, inputs: ingestionInputs(source: source, options: ingestion),
      outputs: [configuration.dataFolder.appending(path: DataManifest.fileName)], report: report
    ) {
      _ = try await ingest(source: source, options: ingestion) { report(.ingestion($0)) }
    }
    let manifest = try digest(of: configuration.dataFolder.appending(path: DataManifest.fileName))
    _ = try DataSet.open(configuration.dataFolder)
    _ = try openData()

    try await run(
      .prepareBaseModel, &state, force: force, program: program,
      inputs: parameters.weights == .imagenet ? ["the stored weights": try store.open("vgg16").digest.hex] : [:],
      outputs: [configuration.baseModel, configuration.updatedBaseModel, configuration.baseModelCopy, configuration.updatedBaseModelCopy],
      report: report
    ) {
      _ = try prepare()
    }

    try await run(
      .training, &state, force: force, program: program,
      inputs: ["the data set": manifest, "the prepared model": try digest(of: configuration.updatedBaseModel)],
      outputs: [configuration.trainedModel, configuration.trainedModelCopy, configuration.history, configuration.curves],
      report: report
    ) {
      _ = try train(resume: force ? .never : .ifPossible) { report(.training($0)) }
    }

    try await run(
      .evaluation, &state, force: force, program: program,
      inputs: ["the data set": manifest, "the trained model": try digest(of: configuration.trainedModel)],
      outputs: [configuration.scores, configuration.predictions, summaryFile], report: report
    ) {
      let outcome = try evaluate(fresh: force) { report(.training($0)) }
      try AtomicFile.write(outcome.scores.summary, to: summaryFile)
    }
    return try String(contentsOf: summaryFile, encoding: .utf8)
  }

  private static let sourceInput = "the source"

  private var summaryFile: URL { configuration.artifactsRoot.appending(path: "scores.txt") }

  private func run(
    _ stage: PipelineStage, _ state: inout PipelineState, force: Bool, program: String?, inputs: [String: String],
    outputs: [URL], report: @Sendable (PipelineEvent) -> Void, body: () async throws -> Void
  ) async throws {
    var inputs = inputs
    for (key, value) in parameters.record where stage.parameterKeys.contains(key) { inputs[key] = value }
    inputs["the program"] = program
    var reasons: [String]
    if force {
      reasons = ["it was asked for with --force"]
    } else if let record = state.stages[stage.rawValue] {
      let present = Dictionary(uniqueKeysWithValues: record.outputs.keys.map { path in
        (path, try? digest(of: URL(filePath: path, relativeTo: configuration.root).absoluteURL))
      })
      reasons = record.reasonsToRun(inputs: inputs, outputs: present)
      reasons += outputs.map(shown).filter { record.outputs[$0] == nil }.map { "\($0) is a new output" }
    } else {
      reasons = ["it has not run here yet"]
    }
    guard !reasons.isEmpty else { return report(.fresh(stage)) }
    report(.running(stage, reasons: reasons))
    // Whatever happens now, the stage's old outputs do not stand for it any more.
    state.stages[stage.rawValue] = nil
    try state.save(to: pipelineStateFile)
    try await body()
    var digests: [String: String] = [:]
    for url in outputs { digests[shown(url)] = try digest(of: url) }
    state.stages[stage.rawValue] = StageRecord(inputs: inputs, outputs: digests)
    try state.save(to: pipelineStateFile)
  }

  private func digest(of url: URL) throws -> String { try ContentDigest(ofFile: url).hex }

  static func programDigest() throws -> String { try runningProgram.get() }

  /// Read once a process: it is a hundred megabytes.
  private static let runningProgram = Result<String, any Error> {
    guard let executable = Bundle.main.executableURL else { return "unknown" }
    return try ContentDigest(ofFile: executable).hex
  }

  /// A local source is recognised by names, sizes and times of its files; a link by its text.
  private func ingestionInputs(source: String?, options: IngestionOptions) -> [String: String] {
    let effective = effectiveSource(source)
    var inputs = [
      Self.sourceInput: effective, "the selection": "\(options.selection)",
      "the expected digest": options.expectedSHA256?.hex ?? "none",
    ]
    if FileManager.default.fileExists(atPath: effective) {
      inputs["the source's files"] = Self.fingerprint(of: URL(filePath: effective))
    }
    return inputs
  }

  private static func fingerprint(of url: URL) -> String {
    func line(_ url: URL, name: String) -> String {
      let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
      let size = (attributes?[.size] as? NSNumber)?.int64Value ?? -1
      let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(name) \(size) \(date)"
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue else {
      return ContentDigest(of: line(url, name: "")).hex
    }
    let names = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
    let lines = names.sorted().map { line(url.appending(path: $0), name: $0) }
    return ContentDigest(of: lines.joined(separator: "\n")).hex
  }
}
