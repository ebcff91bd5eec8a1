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

  @Option(name: .long, help: ArgumentHelp("Where the drawing goes.", valueName: "file"), completion: .file())
  var out: String

  func validate() throws {
    if runs.isEmpty || runs.count > 16 { throw ValidationError("Name one to sixteen runs.") }
  }

  func run() async throws {
    let store = try stored.open()
    let details = try runs.map { try trained(store.run($0), in: store) }
    let curves = details.map { run in
      Dictionary(run.history.filter { $0.key == metric }.map { ($0.step, $0.value) }) { $1 }
    }
    if let place = curves.firstIndex(where: \.isEmpty) {
      let run = details[place].run
      throw CommandError.noCurve(
        run: run.id.short, metric: metric, known: Set(details[place].history.map(\.key)).sorted(),
        parts: try store.parts(of: run.id).filter { try !store.details(of: $0.id).history.isEmpty }.map(\.id.short))
    }
    let steps = Set(curves.flatMap(\.keys)).sorted()
    let isLeaky = details.contains { $0.tags[RunTags.leakage] != nil }
    let chart = try LineChart(
      title: "\(metric) by \(RunText.step(of: metric))" + (isLeaky ? " (LEAKY split)" : ""),
      horizontalLabel: RunText.step(of: metric), verticalLabel: metric,
      places: steps,
      lines: zip(details, curves).map { run, curve in
        let mark = isLeaky && run.tags[RunTags.leakage] != nil ? ", LEAKY" : ""
        return .init(name: "\(run.run.id.short)\(mark)", values: steps.map { curve[$0] })
      }, verticalAxis: metric.hasSuffix("loss") ? .logarithmicIfWide : .automatic)
    try AtomicFile.write(chart.svg(), to: URL(filePath: out))
    Terminal.standardError("\(metric) of \(runs.count) run(s): \(out)\n")
  }

  /// The run itself, or, of a pipeline, the part that trained: its curves are the pipeline's.
  private func trained(_ run: Run, in store: RunStore) throws -> RunDetails {
    guard run.kind == .pipeline, let part = try store.parts(of: run.id).last(where: { $0.kind == .train }) else {
      return try store.details(of: run.id)
    }
    Terminal.standardError("note: run \(run.id.short) is a pipeline; its training is run \(part.id.short), which is drawn.\n")
    return try store.details(of: part.id)
  }
}
