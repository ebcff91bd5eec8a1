import ArgumentParser
import BuildInformation
import Foundation
import Training

struct HeadsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heads",
    abstract: "Make the shipped two-class and four-class models from the two public data sets.",
    discussion: """
      Features of early VGG-16 layers, a logistic regression, cross-validation over whole series; then models, model \
      cards and heads.json with every figure. Features are kept, so an interrupted run goes on where it was. The same \
      data and seed give the same bytes.
      """)

  @Option(
    name: .long, help: ArgumentHelp("The folder with Normal and Tumor.", valueName: "folder"),
    completion: .directory)
  var twoClass: String

  @Option(
    name: .long, help: ArgumentHelp("The folder with Cyst, Normal, Stone and Tumor.", valueName: "folder"),
    completion: .directory)
  var fourClass: String

  @Option(
    name: .long, help: ArgumentHelp("Where models, cards and figures go.", valueName: "folder"),
    completion: .directory)
  var out: String

  @Option(name: .long, help: "Folds of whole series.")
  var folds = 5

  @Option(name: .long, help: "How often the folds over series are drawn.")
  var repeats = 5

  @Option(name: .long, help: ArgumentHelp("What the folds are drawn with.", valueName: "seed"))
  var seed: UInt64 = 1

  @Flag(
    name: .long,
    help: "Write the held-out answers of the folds' first draw beside the models, for `nefro compare`: MODEL-series.json, and MODEL-runs.json, which is leaky.")
  var answers = false

  @Flag(name: .long, help: "Print every figure as JSON.")
  var json = false

  func validate() throws {
    guard (2...20).contains(folds) else { throw ValidationError("--folds \(folds): must be 2 to 20.") }
    guard (1...100).contains(repeats) else { throw ValidationError("--repeats \(repeats): must be 1 to 100.") }
  }

  mutating func run() async throws {
    let progress = ProgressLine()
    var study = HeadStudy(version: BuildInformation.current.version)
    study.folds = folds
    study.repeats = repeats
    study.seed = seed
    study.keepsAnswers = answers
    func folder(_ path: String) -> URL { URL(filePath: path, directoryHint: .isDirectory) }
    let outcome = try study.run(twoClass: folder(twoClass), fourClass: folder(fourClass), out: folder(out)) {
      progress.show($0)
    }
    try Terminal.standardOutput(json ? outcome.report.json() : outcome.report.summary)
    progress.note("Figures: \(outcome.figures.relativePath)")
  }
}

extension ProgressLine {
  /// Shows how far the making of heads is.
  func show(_ event: HeadStudy.Progress) {
    switch event {
    case .opening(let done, let total): show("Opening", done: done, total: total, unit: "images")
    case .audit(let event): show(DataAuditor.Progress.audit(event))
    case .features(let change, let done, let total):
      show("Features (\(change))", done: done, total: total, unit: "images")
    case .folds(let task, let done, let total): show("Fitting \(task)", done: done, total: total, unit: "folds")
    case .note(let text): note(text)
    }
  }
}
