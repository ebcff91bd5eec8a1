import ArgumentParser
import Digests
import Foundation
import Inference
import Tracking
import Training

struct ModelsRegisterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Keep a model as the next version under a name.",
    discussion: """
      Without MODEL the project's trained model is kept. Its scores.json and predictions.json go with it where they are \
      of that very model; a promotion is judged by them. A model that was registered before gets those it lacks.
      """)

  @OptionGroup var options: ProjectOptions

  @OptionGroup var place: StoreOptions

  @Argument(help: ArgumentHelp("A model file.", valueName: "model"))
  var model: String?

  @Option(name: .long, help: "The name it is registered under.")
  var name = "kidney"

  @Option(
    name: .customLong("run"),
    help: "The run that made it: its identity, or the first digits of that; else the training that recorded this model.")
  var maker: String?

  @Option(name: .long, help: "A sentence for the history.")
  var note: String?

  mutating func run() throws {
    let project = try options.open(progress: ProgressLine())
    // Model, scores and answers are of one moment only while nobody writes them.
    let lock = try project.lock()
    defer { lock.release() }
    let store = try RunStore(
      at: place.folder(ofProject: project.configuration.root), patience: StoreOptions.patience)
    let url = model.map { URL(filePath: $0) } ?? project.configuration.trainedModel
    let file = try ModelFile(url)
    var files: [ModelVersion.Role: URL] = [.model: url]
    var left: [String] = []
    for (role, candidate, digest) in [
      (ModelVersion.Role.scores, project.configuration.scores, { try PromotionScores(file: $0).model.hex }),
      (.predictions, project.configuration.predictions, { try PredictionRecord.load(from: $0).modelDigest }),
    ] where FileManager.default.fileExists(atPath: candidate.path) {
      if try digest(candidate) == file.digest.hex { files[role] = candidate } else { left.append(project.shown(candidate)) }
    }
    let run =
      try maker.map { try store.run($0).id } ?? store.last(.train, tagged: RunTags.model, file.digest.hex)?.id
    let outcome = try ModelRegistry(store: store).register(
      files, as: name, identity: file.digest, run: run, note: note)
    let version = outcome.version
    var state = outcome.isNew ? "registered" : "was registered before, on \(Self.day(version.registered))"
    if !outcome.added.isEmpty { state += "; added: \(outcome.added.map(\.rawValue).joined(separator: ", "))" }
    try Terminal.standardOutput("\(version.reference)  model \(version.identity.short) \(state)\n")
    for path in left { Terminal.standardError("note: \(path) is of another model and was left out\n") }
    if version.files[.scores] == nil {
      Terminal.standardError(
        "note: it has no scores, so no gate will let it pass; run 'nefro evaluate', then register it again\n")
    }
  }

  private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}
