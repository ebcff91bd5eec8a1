import ArgumentParser
import Foundation
import LocalFiles
import Reports
import Tracking

struct RunsCurvesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves", abstract: "Draw a metric of several runs, by epoch, into one SVG file.")

  @OptionGroup var stored: StoredRuns

  @Argument(help: "The runs, sixteen at most.")
  var runs: [String]

  @Option(name: .long, help: "The metric, such as val_loss, val_accuracy, loss, accuracy, learning_rate.")
  var metric = "val_loss"

  @Option(name: .long, help: ArgumentHelp("Where the drawing goes.", valueName: "file"))
  var out: String

  func validate() throws {
    if runs.isEmpty || runs.count > 16 { throw ValidationError("Name one to sixteen runs.") }
  }

  func run() async throws {
    let store = try stored.open()
    let details = try runs.map { try store.details(of: store.run($0).id) }
    let curves = details.map { run in
      Dictionary(run.history.filter { $0.key == metric }.map { ($0.step, $0.value) }) { $1 }
    }
    if let place = curves.firstIndex(where: \.isEmpty) {
      throw CommandError.noCurve(
        run: details[place].run.id.short, metric: metric, known: Set(details[place].history.map(\.key)).sorted())
    }
    let steps = Set(curves.flatMap(\.keys)).sorted()
    let isLeaky = details.contains { $0.tags[RunTags.leakage] != nil }
    let chart = try LineChart(
      title: "\(metric) by epoch" + (isLeaky ? " (LEAKY split)" : ""), horizontalLabel: "epoch", verticalLabel: metric,
      places: steps,
      lines: zip(details, curves).map { run, curve in
        let mark = isLeaky && run.tags[RunTags.leakage] != nil ? ", LEAKY" : ""
        return .init(name: "\(run.run.id.short)\(mark)", values: steps.map { curve[$0] })
      }, verticalAxis: metric.hasSuffix("loss") ? .logarithmicIfWide : .automatic)
    try AtomicFile.write(chart.svg(), to: URL(filePath: out))
    Terminal.standardError("\(metric) of \(runs.count) run(s): \(out)\n")
  }
}
