import ArgumentParser
import BuildInformation
import Foundation
import Reports
import Training

struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Show what a random split makes of a data set: one classifier, three splits, and a placebo.",
    discussion: """
      The rungs: a random split; copies removed; copies removed and series kept together. The classifier is a logistic \
      regression on VGG-16 features that is not tuned, so no project and no trained model is needed. For the placebo \
      the labels of whole series are dealt anew at random: an honest split must then show chance. Features are kept in the \
      cache, so that a second run, or one after an interruption, is quick.
      """)

  @Argument(help: ArgumentHelp("Folders of class folders, each a data set.", valueName: "data"), completion: .directory)
  var data: [String]

  @Option(
    name: .long, help: ArgumentHelp("Where ladder.json and the pages go.", valueName: "folder"),
    completion: .directory)
  var out = "ladder"

  @Flag(
    name: .long,
    help: "Also climb it on all data sets joined, classes of one name as one, every picture grey and of one size.")
  var join = false

  @Flag(name: .long, help: "Print the whole as JSON.")
  var json = false

  @Option(
    name: .long,
    help: ArgumentHelp("Folds of every cross-validation; fewer where a class has fewer series.", valueName: "n"))
  var folds = 5

  @Option(
    name: .long, help: ArgumentHelp("How often each cross-validation is repeated with other folds.", valueName: "n"))
  var repeats = 5

  @Option(name: .long, help: ArgumentHelp("How often labels are shuffled for the placebo.", valueName: "n"))
  var shuffles = 10

  @Option(name: .long, help: ArgumentHelp("The seed of folds and shuffles.", valueName: "seed"))
  var seed: UInt64 = 1

  func validate() throws {
    if data.isEmpty { throw ValidationError("Name at least one data set.") }
    if join, data.count < 2 { throw ValidationError("--join: name at least two data sets to join.") }
    if !(2...20).contains(folds) { throw ValidationError("--folds \(folds): must be 2 to 20.") }
    if !(1...100).contains(repeats) { throw ValidationError("--repeats \(repeats): must be 1 to 100.") }
    if !(2...1000).contains(shuffles) { throw ValidationError("--shuffles \(shuffles): must be 2 to 1000.") }
  }

  mutating func run() throws {
    let progress = ProgressLine()
    let runner = LadderRunner(
      settings: LadderSettings(folds: folds, repeats: repeats, shuffles: shuffles, seed: seed),
      version: BuildInformation.current.identity)
    let folders = data.map { URL(filePath: $0, directoryHint: .isDirectory) }
    let result = try runner.run(folders, joins: join) { progress.show($0) }
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    try result.write(to: folder)
    let pages = Language.allCases.map { folder.appending(path: LadderResult.pageName(in: $0)).path }
    progress.note("Ladder: \(folder.appending(path: LadderResult.fileName).path), \(pages.joined(separator: ", "))")
    try Terminal.standardOutput(json ? result.json() : result.summary)
  }
}

extension ProgressLine {
  /// Shows how far up the ladder is.
  func show(_ event: LadderEvent) {
    switch event {
    case .opening(let done, let total): show("Opening", done: done, total: total, unit: "images")
    case .features(let done, let total): show("Features", done: done, total: total, unit: "images")
    case .audit(let event): show(DataAuditor.Progress.audit(event))
    case .fitting(let done, let total): show("Fitting", done: done, total: total, unit: "fits")
    case .note(let text): note(text)
    }
  }
}
