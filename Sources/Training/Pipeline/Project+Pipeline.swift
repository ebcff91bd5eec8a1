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
  /// Stages of `dvc.yaml` that only DVC runs.
  case left([String])
  /// A stage that ran is done.
  case done(PipelineStage)
  case trained(TrainedModel)
  case evaluated(EvaluationOutcome)
  case ingestion(IngestionProgress)
  case training(TrainingEvent)
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
    let definition = try pipelineDefinition()
    _ = try writeSettings()
    if !definition.otherStages.isEmpty { report(.left(definition.otherStages)) }
    var state = PipelineState.load(from: pipelineStateFile)

    // What was ingested here stays the source until another one is named; only a source that was named for this folder,
    // now or in an earlier run, may replace it.
    let earlier = state.stages[PipelineStage.dataIngestion.rawValue]?.inputs[PipelineState.sourceInput]
    let named = try source ?? definition.stage(.dataIngestion).source
    let effective =
      named.map(SourceInForce.init(text:))
      ?? (earlier ?? (try? DataManifest.load(from: configuration.dataFolder))?.source).map(knownSource(labelled:))
      ?? SourceInForce(text: effectiveSource(nil))
    var options = options
    options.replace = named != nil || earlier != nil || force
    let ingestion = options
    do {
      try await run(
        .dataIngestion, definition, &state, force: force, more: ingestionInputs(effective, options: ingestion),
        isNamed: source != nil || options.selection != IngestionOptions().selection || options.expectedSHA256 != nil,
        report: report
      ) {
        guard let text = effective.text else { throw TrainingError.sourceNotKept(source: effective.label) }
        _ = try await ingest(source: text, options: ingestion) { report(.ingestion($0)) }
      }
    } catch TrainingError.sourceNotKept(let label) {
      // It must not be forgotten: the next run would take the configuration's source without a word.
      state.stages[PipelineStage.dataIngestion.rawValue] = StageRecord(
        inputs: [PipelineState.sourceInput: label], outputs: [:])
      try state.save(to: pipelineStateFile)
      throw TrainingError.sourceNotKept(source: label)
    }
    _ = try DataSet.open(configuration.dataFolder)
    _ = try openData()

    try await run(.prepareBaseModel, definition, &state, force: force, report: report) {
      _ = try prepare()
    }
    try await run(.training, definition, &state, force: force, report: report) {
      report(.trained(try train(resume: force ? .never : .ifPossible) { report(.training($0)) }))
    }
    try await run(.evaluation, definition, &state, force: force, report: report) {
      report(.evaluated(try evaluate(fresh: force) { report(.training($0)) }))
    }
    return try String(contentsOf: summaryFile, encoding: .utf8)
  }

  /// Writes down that a stage was run by its own command, so that `runPipeline` need not run it again.
  ///
  /// - Parameters:
  ///   - source: of an ingestion, as it was given to it.
  ///   - options: of an ingestion.
  /// - Throws: `PipelineError` if `dvc.yaml` and what the stage made do not fit.
  public func remember(
    _ stage: PipelineStage, source: String? = nil, options: IngestionOptions = IngestionOptions()
  ) throws {
    let definition = try pipelineDefinition()
    // Where DVC looks at the program, it shall see this one.
    if FileManager.default.fileExists(atPath: programLink.path) { try linkProgram() }
    var state = PipelineState.load(from: pipelineStateFile)
    let more =
      stage == .dataIngestion ? ingestionInputs(SourceInForce(text: effectiveSource(source)), options: options) : [:]
    let inputs = try inputs(of: stage, definition).merging(more) { $1 }
    state.stages[stage.rawValue] = StageRecord(inputs: inputs, outputs: try outputs(of: stage, definition))
    try state.save(to: pipelineStateFile)
  }

  /// The scores as text for a person, as the pipeline left them.
  public var summaryFile: URL { configuration.artifactsRoot.appending(path: "scores.txt") }
  /// Each scored picture's true and predicted class, as DVC draws a confusion matrix from.
  var confusionFile: URL { configuration.artifactsRoot.appending(path: "confusion.csv") }
  /// The points of each class's receiver operating characteristic, as DVC draws them: one file a class.
  var rocFolder: URL { configuration.artifactsRoot.appending(path: "roc") }

  private func run(
    _ stage: PipelineStage, _ definition: PipelineDefinition, _ state: inout PipelineState, force: Bool,
    more: [String: String] = [:], isNamed: Bool = false, report: @Sendable (PipelineEvent) -> Void, body: () async throws -> Void
  ) async throws {
    let inputs = try inputs(of: stage, definition).merging(more) { $1 }
    let stated = try definition.stage(stage)
    var reasons: [String]
    if force {
      reasons = ["it was asked for with --force"]
    } else if let record = state.stages[stage.rawValue] {
      let present = record.outputs.keys.map { ($0, try? digest(ofPath: $0)) }
      reasons = record.reasonsToRun(inputs: inputs, outputs: Dictionary(uniqueKeysWithValues: present))
      reasons += stated.outputs.filter { record.outputs[$0] == nil }.map { "\($0) is a new output" }
    } else {
      reasons = ["it has not run here yet"]
    }
    // DVC may have brought another state back: its own record tells. What it does not know must be as it was.
    let record = state.stages[stage.rawValue]
    let isKnown = record.map { record in more.allSatisfy { record.inputs[$0.key] == $0.value } } ?? !isNamed
    if !reasons.isEmpty, !force, isKnown, try isVouchedByDVC(stage, definition) {
      state.stages[stage.rawValue] = StageRecord(inputs: inputs, outputs: try outputs(of: stage, definition))
      try state.save(to: pipelineStateFile)
      reasons = []
    }
    if stated.alwaysChanged { reasons.append("\(definition.path) calls it always changed") }
    guard !reasons.isEmpty else { return report(.fresh(stage)) }
    report(.running(stage, reasons: reasons))
    // Whatever happens now, the stage's old outputs do not stand for it any more.
    state.stages[stage.rawValue] = nil
    try state.save(to: pipelineStateFile)
    try await body()
    state.stages[stage.rawValue] = StageRecord(inputs: inputs, outputs: try outputs(of: stage, definition))
    try state.save(to: pipelineStateFile)
    report(.done(stage))
  }

  /// Whether `dvc.lock` says that DVC ran the stage with what is there now.
  private func isVouchedByDVC(_ stage: PipelineStage, _ definition: PipelineDefinition) throws -> Bool {
    guard let lock = DVCLock(file: configuration.root.appending(path: DVCLock.fileName)) else { return false }
    let stated = try definition.stage(stage)
    var parameters: [(file: String, key: String, value: String)] = []
    for parameter in stated.parameters {
      // Of a whole file DVC's record does not say which keys it had besides.
      guard let key = parameter.key else { return false }
      for (_, value) in try values(of: parameter, stage: stage, path: definition.path) {
        parameters.append((parameter.file ?? "params.yaml", key, value))
      }
    }
    return lock.vouches(for: stage, stated, parameters: parameters, root: configuration.root)
  }

  /// Everything the definition says that the stage depends on, as it is now.
  private func inputs(of stage: PipelineStage, _ definition: PipelineDefinition) throws -> [String: String] {
    let stated = try definition.stage(stage)
    var inputs: [String: String] = [:]
    for parameter in stated.parameters {
      for (name, value) in try values(of: parameter, stage: stage, path: definition.path) {
        inputs[name] = parameter.file.map { $0 != shown(settingsFile) } == true ? PipelineState.kept(value) : value
      }
    }
    for path in stated.dependencies {
      guard let digest = try digest(ofPath: path) else {
        throw PipelineError.dependencyMissing(path: definition.path, stage: stage.rawValue, dependency: path)
      }
      inputs[path] = digest
    }
    return inputs
  }

  private func outputs(of stage: PipelineStage, _ definition: PipelineDefinition) throws -> [String: String] {
    var digests: [String: String] = [:]
    for path in try definition.stage(stage).outputs {
      guard let digest = try digest(ofPath: path) else {
        throw PipelineError.outputNotMade(path: definition.path, stage: stage.rawValue, output: path)
      }
      digests[path] = digest
    }
    return digests
  }

  /// A data set is known by its manifest, which holds the digest of every picture; another folder by its files.
  ///
  /// - Returns: nil if there is nothing.
  private func digest(ofPath path: String) throws -> String? {
    let url = URL(filePath: path, relativeTo: configuration.root).absoluteURL
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: url.path, isDirectory: &isFolder) else { return nil }
    guard isFolder.boolValue else { return try digest(of: url) }
    let manifest = url.appending(path: DataManifest.fileName)
    if files.fileExists(atPath: manifest.path) { return try digest(of: manifest) }
    let names = files.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
    let lines = try names.sorted().compactMap { name -> String? in
      let file = url.appending(path: name)
      guard files.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else { return nil }
      return "\(name) \(try digest(of: file))"
    }
    return ContentDigest(of: lines.joined(separator: "\n")).hex
  }

  private func digest(of url: URL) throws -> String { try ContentDigest(ofFile: url).hex }

  /// The digest of the program that runs.
  public static func programDigest() throws -> String { try runningProgram.get() }

  /// Read once a process: it is a hundred megabytes.
  private static let runningProgram = Result<String, any Error> {
    guard let executable = Bundle.main.executableURL else { return "unknown" }
    return try ContentDigest(ofFile: executable).hex
  }

  /// A local source is recognised by names, sizes and times of its files; a link by its label.
  private func ingestionInputs(_ source: SourceInForce, options: IngestionOptions) -> [String: String] {
    var inputs = [
      PipelineState.sourceInput: source.label, "the selection": "\(options.selection)",
      "the expected digest": options.expectedSHA256?.hex ?? "none",
    ]
    if let text = source.text, FileManager.default.fileExists(atPath: text) {
      inputs["the source's files"] = Self.fingerprint(of: URL(filePath: text))
    }
    return inputs
  }

  /// What data come from: its words, where they are known, and how it is written down.
  private struct SourceInForce {
    /// Nil for a link with a password or token, which is not kept.
    var text: String?
    var label: String

    init(text: String) {
      self.text = text
      label = Ingestion.label(of: text)
    }

    init(label: String) {
      self.label = label
      text = Ingestion.label(of: label) == label ? label : nil
    }
  }

  /// The source with this label: the configuration's, if that has it.
  private func knownSource(labelled label: String) -> SourceInForce {
    let stated = SourceInForce(text: effectiveSource(nil))
    return stated.label == label ? stated : SourceInForce(label: label)
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
