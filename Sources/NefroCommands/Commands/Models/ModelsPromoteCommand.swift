import ArgumentParser
import Digests
import Evaluation
import Foundation
import Tracking
import Training

struct ModelsPromoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Let a version answer, if it passes the gate.",
    discussion: """
      The gate is config/promotion.yaml: bounds on honest metrics, a paired test against the present champion, and how \
      often the test set may have been opened. Without that file the low end of the AUC must be at least 0.5, and the \
      AUC must not be shown to be lower than the champion's by more than 0.05. Leaky scores never pass. What was found \
      is kept in the history, a refusal too. Only the champion has to pass; other aliases are names. Where \
      MLFLOW_TRACKING_URI names a server, its registry is told.
      """)

  @OptionGroup var options: RegistryOptions

  @Argument(help: "The version, such as kidney:3.")
  var version: String

  @Option(name: .long, help: "The alias it gets; champion is the one that answers.")
  var alias = ModelAlias.champion

  @Option(name: .long, help: "Another file than the project's config/promotion.yaml.", completion: .file())
  var gate: String?

  mutating func run() async throws {
    let registry = try options.open()
    let version = try registry.version(version)
    try promote(version, in: registry)
    await registry.mirror(version.model, bases: options.bases)
  }

  private func promote(_ version: ModelVersion, in registry: ModelRegistry) throws {
    guard alias == ModelAlias.champion else {
      let isNew = try registry.promote(
        version, to: alias, passed: true, reasons: ["no gate: it does not answer by this name"])
      return try Terminal.standardOutput("\(version.reference) is \(isNew ? "" : "already ")'\(alias)'\n")
    }
    let (gate, origin) = try declaredGate()
    guard try registry.version(withAlias: alias, of: version.model) != version else {
      return try Terminal.standardOutput("\(version.reference) is already '\(alias)'; no gate was asked\n")
    }
    // The gate looks at a version against the champion; should another one become it meanwhile, it looks again.
    var attempts = 3
    while true {
      let champion = try registry.version(withAlias: ModelAlias.champion, of: version.model)
      let findings = try judge(version, against: champion, by: gate, in: registry)
      do {
        try registry.promote(
          version, to: alias, passed: findings.allSatisfy(\.passed),
          reasons: [origin] + findings.map { ($0.passed ? "passed: " : "failed: ") + $0.sentence },
          after: champion.map { .version($0.number) } ?? .nobody)
      } catch let error as RegistryError {
        attempts -= 1
        guard case .holderChanged = error, attempts > 0 else { throw error }
        continue
      }
      return try Terminal.standardOutput(
        "\(version.reference) is '\(alias)'\n- \(origin)\n" + findings.map { "- \($0.sentence)\n" }.joined())
    }
  }

  private func judge(
    _ version: ModelVersion, against champion: ModelVersion?, by gate: PromotionGate, in registry: ModelRegistry
  ) throws -> [PromotionFinding] {
    guard let scores = try registry.file(.scores, of: version) else {
      return [
        PromotionFinding(
          passed: false, sentence: "it has no scores; run 'nefro evaluate', then register the model again")
      ]
    }
    var comparison: PairedComparison?
    var reason: String?
    if let champion {
      do { comparison = try compare(version, champion, in: registry) } catch { reason = describe(error) }
    }
    return gate.judge(
      try PromotionScores(file: scores), comparison: comparison, hasChampion: champion != nil,
      reasonWithout: reason)
  }

  private func compare(
    _ version: ModelVersion, _ champion: ModelVersion, in registry: ModelRegistry
  ) throws -> PairedComparison? {
    guard let mine = try registry.file(.predictions, of: version),
      let theirs = try registry.file(.predictions, of: champion)
    else { return nil }
    return try RecordComparison(
      PredictionRecord.load(from: mine), PredictionRecord.load(from: theirs),
      names: (version.reference, champion.reference)
    ).difference.auc
  }

  /// - Returns: the gate, and a sentence that tells which it is: a file can be changed, its digest cannot.
  private func declaredGate() throws -> (gate: PromotionGate, origin: String) {
    let declared = options.root.appending(path: PromotionGate.fileName)
    guard gate != nil || FileManager.default.fileExists(atPath: declared.path) else {
      return (.standard, "by the standard gate: there is no \(PromotionGate.fileName)")
    }
    let file = gate.map { URL(filePath: $0) } ?? declared
    let digest = try? ContentDigest(ofFile: file)
    let parsed = try PromotionGate(file: file)
    return (parsed, "by the gate \(gate ?? PromotionGate.fileName), SHA-256 \(digest?.hex ?? "unknown")")
  }
}
