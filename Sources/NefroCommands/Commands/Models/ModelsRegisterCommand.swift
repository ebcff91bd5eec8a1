import ArgumentParser
import Digests
import Foundation
import Inference
import Tracking
import Training

struct ModelsRegisterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Keep a model as the next version under a name.",
    discussion: """
      Without MODEL the project's trained model is kept. Its scores.json and predictions.json go with it where they are \
      of that very model; a promotion is judged by them. A model that was registered before gets those it lacks. Where \
      MLFLOW_TRACKING_URI names a server, its registry is told.
      """)

  @OptionGroup var options: ProjectOptions

  @OptionGroup var place: StoreOptions

  @Argument(
    help: ArgumentHelp("A model file, or the name of a shipped model.", valueName: "model"),
    completion: .file())
  var model: String?

  @Option(name: .long, help: "The name it is registered under.")
  var name = "kidney"

  @Option(
    name: .customLong("run"),
    help: "The run that made it: its identity, or the first digits of that; without it the run that left this model.")
  var maker: String?

  @Option(name: .long, help: "A sentence for the history.")
  var note: String?

  mutating func run() async throws {
    let project = try options.open(progress: ProgressLine())
    // Model, scores and answers are of one moment only while nobody writes them.
    let lock = try project.lock()
    defer { lock.release() }
    let store = try RunStore(
      at: place.folder(ofProject: project.configuration.root), patience: StoreOptions.patience)
    let url =
      try model.map { try ModelLocator(explicit: URL(filePath: $0)).locate() } ?? project.configuration.trainedModel
    let file = try ModelFile(url)
    var files: [ModelVersion.Role: URL] = [.model: url]
    var left: [String] = []
    for (role, candidate, digest) in [
      (ModelVersion.Role.scores, project.configuration.scores, { try PromotionScores(file: $0).model.hex }),
      (.predictions, project.configuration.predictions, { try PredictionRecord.load(from: $0).modelDigest }),
    ] where FileManager.default.fileExists(atPath: candidate.path) {
      if try digest(candidate) == file.digest.hex { files[role] = candidate } else { left.append(project.shown(candidate)) }
    }
    try ModelRegistry.check(name: name)
    let registry = ModelRegistry(store: store)
    let identity = try maker.map { try store.run($0).id } ?? origin(of: url, file.digest, as: name, in: registry)
    let outcome = try registry.register(files, as: name, identity: file.digest, run: identity, note: note)
    let version = outcome.version
    var state = outcome.isNew ? "registered" : "was registered before, on \(Self.day(version.registered))"
    if !outcome.added.isEmpty { state += "; added: \(outcome.added.map(\.rawValue).joined(separator: ", "))" }
    try Terminal.standardOutput("\(version.reference)  model \(version.identity.short) \(state)\n")
    for path in left { Terminal.standardError("note: \(path) is of another model and was left out\n") }
    if version.files[.scores] == nil {
      Terminal.standardError(
        "note: it has no scores, so no gate will let it pass; run 'nefro evaluate', then register it again\n")
    }
    lock.release()
    await registry.mirror(
      name, bases: [project.configuration.baseModel, project.configuration.baseModelCopy])
  }

  /// The run that left a model. A model from elsewhere gets one now: every version has a run that its files can go to a
  /// server with.
  private func origin(
    of model: URL, _ digest: ContentDigest, as name: String, in registry: ModelRegistry
  ) throws -> RunID? {
    let store = registry.store
    if let maker = try store.maker(ofModelTagged: RunTags.model, digest.hex) { return maker }
    guard try registry.version(of: name, identity: digest) == nil else { return nil }
    var tags = try RunTags.ofProgram()
    tags[RunTags.model] = digest.hex
    let recorder = try store.begin(.register, name: "\(name) register", tags: tags)
    try recorder.add(model, as: RunArtifact.model)
    try recorder.finish()
    return recorder.id
  }

  private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}
