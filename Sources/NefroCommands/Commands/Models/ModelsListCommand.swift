import ArgumentParser
import Foundation
import Reports
import Tracking
import Training

struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List registered models with their versions.")

  @OptionGroup var options: RegistryOptions

  @Argument(help: ArgumentHelp("Only this one.", valueName: "name"))
  var name: String?

  @Flag(name: .long, help: "Print JSON.")
  var json = false

  private struct Entry: Encodable {
    var version: ModelVersion
    var aliases: [String]
  }

  mutating func run() throws {
    let registry = try options.open()
    var entries: [Entry] = []
    for name in try name.map({ [$0] }) ?? registry.names() {
      let aliases = try registry.aliases(of: name)
      entries += try registry.versions(of: name).map { version in
        Entry(version: version, aliases: aliases.filter { $0.value == version.number }.keys.sorted())
      }
    }
    if json { return try Terminal.standardOutput(RunExport.json(entries)) }
    guard !entries.isEmpty else {
      return Terminal.standardError("No model is registered here. 'nefro models register' keeps one.\n")
    }
    let table = TextTable(
      columns: [.init("version"), .init("alias"), .init("registered (UTC)"), .init("model"), .init("run"), .init("AUC"), .init("note")],
      rows: entries.map { entry in
        [
          entry.version.reference, entry.aliases.joined(separator: ", "),
          RunText.time(entry.version.registered), entry.version.identity.short, entry.version.run?.short ?? "",
          Self.area(of: entry.version, in: registry), entry.version.note ?? "",
        ]
      })
    try Terminal.standardOutput(table.text(fitting: Terminal.width))
  }

  /// Scores that are damaged are one version's matter: the others are listed all the same.
  private static func area(of version: ModelVersion, in registry: ModelRegistry) -> String {
    do {
      guard let file = try registry.file(.scores, of: version) else { return "not scored" }
      guard let area = try PromotionScores(file: file).metrics["auc"] else { return "" }
      guard let low = area.low, let high = area.high else { return "\(MetricText.number(area.value)), \(area.method)" }
      return "\(MetricText.number(area.value)) (\(MetricText.number(low)) to \(MetricText.number(high)))"
    } catch {
      Terminal.standardError("error: scores of \(version.reference): \(describe(error))\n")
      return "damaged"
    }
  }
}
