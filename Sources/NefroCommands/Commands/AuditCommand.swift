import ArgumentParser
import BuildInformation
import Foundation
import KidneyData
import Reports
import Training

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Look for copies, label conflicts, series, odd formats and shortcuts in a data set.",
    discussion: """
      Pictures are compared by perceptual hash and structure, and by VGG-16 features where its weights are stored. \
      Several folders are looked at as one data set, so that copies are found across them. Nothing in them is changed.
      """)

  @Argument(help: ArgumentHelp("Folders of class folders.", valueName: "data"), completion: .directory)
  var data: [String]

  @Flag(name: .long, help: "Print the whole audit as JSON.")
  var json = false

  @Option(
    name: .long, help: ArgumentHelp("Write audit.json and audit.html with pictures of what was found.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Flag(name: .long, help: "Compare by hash and structure alone.")
  var noFeatures = false

  @Option(name: .long, help: ArgumentHelp("The seed of the shortcut detector's folds.", valueName: "seed"))
  var seed: UInt64 = 1

  @Option(name: .long, help: ArgumentHelp("The language of summary and page: en or es.", valueName: "language"))
  var language: Language = .english

  func validate() throws {
    if data.isEmpty { throw ValidationError("Name at least one folder of class folders.") }
  }

  mutating func run() async throws {
    let progress = ProgressLine()
    let auditor = DataAuditor(
      usesFeatures: !noFeatures, seed: seed, version: BuildInformation.current.identity)
    let outcome = try auditor.audit(data.map { URL(filePath: $0, directoryHint: .isDirectory) }) { progress.show($0) }
    if let out {
      let folder = URL(filePath: out, directoryHint: .isDirectory)
      try auditor.write(outcome, to: folder, language: language)
      progress.note("Audit: \(folder.appending(path: "audit.html").path)")
    }
    try Terminal.standardOutput(json ? outcome.report.json() : outcome.report.summary(in: language))
  }
}

extension ProgressLine {
  /// Shows how far an audit is.
  func show(_ event: DataAuditor.Progress) {
    switch event {
    case .opening(let done, let total): show("Opening", done: done, total: total, unit: "images")
    case .features(let done, let total): show("Features", done: done, total: total, unit: "images")
    case .audit(.copies(.reading(let done, let total))): show("Reading", done: done, total: total, unit: "images")
    case .audit(.copies(.searching(let done, let total))): show("Searching", done: done, total: total, unit: "images")
    case .audit(.copies(.comparing(let done, let total))): show("Comparing", done: done, total: total, unit: "pairs")
    case .audit(.series(let done, let total)): show("Finding series", done: done, total: total, unit: "images")
    case .shortcuts: show("Looking for shortcuts", done: 0, total: nil, unit: "folds")
    case .note(let text): note(text)
    }
  }
}
