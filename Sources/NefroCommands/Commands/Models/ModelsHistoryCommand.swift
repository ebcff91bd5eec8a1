import ArgumentParser
import Foundation
import Tracking

struct ModelsHistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Tell what happened to a model, or which version answered on a day.")

  @OptionGroup var options: RegistryOptions

  @Argument(help: "The registered model, such as kidney.")
  var name: String

  @Option(name: .long, help: ArgumentHelp("Only who answered on this day (UTC).", valueName: "YYYY-MM-DD"))
  var on: String?

  @Option(name: .long, help: "By which alias, with --on.")
  var alias = ModelAlias.champion

  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func validate() throws {
    if let on, Self.day(on) == nil {
      throw ValidationError("--on \(on): write the day as YYYY-MM-DD, such as 2026-11-28")
    }
  }

  mutating func run() throws {
    let registry = try options.open()
    if let day = on.flatMap(Self.day) {
      let tenures = try registry.tenures(of: alias, model: name, in: day)
      if json { return try Terminal.standardOutput(RunExport.json(tenures)) }
      guard !tenures.isEmpty else {
        return try Terminal.standardOutput("No version of \(name) was '\(alias)' on \(on ?? "").\n")
      }
      return try Terminal.standardOutput(tenures.map(Self.line).joined())
    }
    let events = try registry.history(of: name)
    try Terminal.standardOutput(json ? RunExport.json(events) : events.map(Self.text).joined())
  }

  private static func line(_ tenure: Tenure) -> String {
    let end = tenure.until.map { "until \($0.formatted(.iso8601))" } ?? "up to now"
    return "\(tenure.version.reference)  model \(tenure.version.identity.hex)  from \(tenure.from.formatted(.iso8601)) \(end)\n"
  }

  private static func text(_ event: RegistryEvent) -> String {
    let what =
      switch event.kind {
      case .registered: "registered"
      case .completed: "completed"
      case .promoted: "became '\(event.alias ?? "")'" + (event.previous.map { " after \($0)" } ?? "")
      case .refused: "was refused as '\(event.alias ?? "")'"
      case .rolledBack: "became '\(event.alias ?? "")' again after \(event.previous.map(String.init) ?? "none")"
      }
    return "\(event.time.formatted(.iso8601))  \(event.model):\(event.version) \(what)\n"
      + event.reasons.map { "    \($0)\n" }.joined()
  }

  /// The day's 24 hours.
  private static func day(_ text: String) -> DateInterval? {
    guard text.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil,
      let start = try? Date("\(text)T00:00:00Z", strategy: .iso8601),
      // The thirtieth of February would be taken for a day of March.
      start.formatted(.iso8601).hasPrefix(text)
    else { return nil }
    return DateInterval(start: start, duration: 86_400)
  }
}
