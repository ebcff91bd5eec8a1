import ArgumentParser
import Foundation
import Inference
import Reports
import Tracking
import Training

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write report.html and model-card.md for the last evaluation.",
    discussion: """
      The page holds all of it in one file: what the model is for and not for, every metric with its interval, curves, \
      calibration, the surest mistakes with the evidence for them, subgroups, data and audit, split, ledger, licences. It \
      needs no network and no other file, and it shows pictures of the data set: share it as you may share those. With \
      --tdsp the documents of the Team Data Science Process go into the folder tdsp as Markdown, without pictures: \
      charter, data summary, data dictionary, baseline, model, deployment and exit report. What no record holds is said \
      to be missing.
      """)

  @OptionGroup var options: ProjectOptions

  @Option(name: .long, help: "The language: \(Language.allCases.map(\.rawValue).joined(separator: ", ")).")
  var language = Language.english

  @Option(name: .long, help: ArgumentHelp("How many mistakes to show at most.", valueName: "n"))
  var mistakes = 12

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A ladder.json of nefro reproduce to show; else one of this data in artifacts/ladder or ladder.",
      valueName: "file"))
  var ladder: String?

  @Flag(name: .long, help: "Leave out the audit of the data, if none is kept.")
  var noAudit = false

  @Flag(name: .long, help: "Write the documents of TDSP too.")
  var tdsp = false

  @OptionGroup var place: StoreOptions

  func validate() throws {
    guard (0...200).contains(mistakes) else { throw ValidationError("--mistakes \(mistakes): must be 0 to 200.") }
  }

  mutating func run() async throws {
    let progress = ProgressLine()
    let project = try options.open(progress: progress)
    let lock = try project.lock()
    defer { lock.release() }
    let files = try project.report(
      ReportSettings(
        language: language, audits: !noAudit, mistakes: mistakes, ladder: ladder.map { URL(filePath: $0) },
        teamProcess: tdsp ? try facts(of: project) : nil),
      progress: { progress.show($0) },
      report: { progress.show($0) })
    for file in [files.page, files.card] + files.teamProcess {
      try Terminal.standardOutput("\(project.shown(file))\n")
    }
  }

  /// What the store knows of the project's model; nothing where nothing was ever recorded, since looking makes no store.
  private func facts(of project: Project) throws -> TeamProcessFacts {
    let folder = place.folder(ofProject: project.configuration.root)
    guard RunStore.exists(at: folder) else { return TeamProcessFacts() }
    let store = try RunStore(at: folder, patience: StoreOptions.patience)
    return try TeamProcessFacts(ofModel: ModelFile(project.configuration.trainedModel).digest, in: store)
  }
}
