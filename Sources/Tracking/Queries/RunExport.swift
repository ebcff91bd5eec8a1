import Foundation
import LocalFiles

/// Runs as files for other programs.
public enum RunExport {
  /// Writes a run's record as `run.json` and its artifacts under `artifacts`.
  ///
  /// - Parameter folder: made if missing; what is in it already is replaced where names are the same.
  /// - Throws: `TrackingError` for an artifact that is missing or damaged, `LocalFileError`.
  public static func write(_ details: RunDetails, of store: RunStore, to folder: URL) throws {
    try AtomicFile.createFolder(folder)
    for artifact in details.artifacts {
      let target = folder.appending(path: "artifacts").appending(path: artifact.path)
      try AtomicFile.createFolder(target.deletingLastPathComponent())
      try AtomicFile.replace(target, withContentsOf: try store.objects.checked(artifact.digest))
    }
    try AtomicFile.write(try json(details), to: folder.appending(path: "run.json"))
  }

  /// JSON with sorted keys, dates in ISO 8601, and values that are no finite numbers as "NaN", "Infinity", "-Infinity".
  public static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  /// One line a run, one column for each parameter, figure (with the ends of its interval), last metric and tag.
  public static func csv(_ runs: [RunOverview]) -> String {
    func names(_ keys: (RunOverview) -> [String]) -> [String] { Set(runs.flatMap(keys)).sorted() }
    let parameters = names { Array($0.parameters.keys) }
    let figures = names { Array($0.figures.keys) }
    let metrics = names { Array($0.metrics.keys) }
    let tags = names { Array($0.tags.keys) }
    let time = ISO8601DateFormatter()
    var lines = [
      ["id", "name", "kind", "parent", "status", "started", "ended", "failure"] + parameters.map { "params.\($0)" }
        + figures.flatMap { ["figures.\($0)", "figures.\($0).low", "figures.\($0).high"] }
        + metrics.map { "metrics.\($0)" } + tags.map { "tags.\($0)" }
    ]
    for item in runs {
      let run = item.run
      var line = [
        run.id.text, run.name, run.kind.rawValue, run.parent?.text ?? "", run.status.rawValue,
        time.string(from: run.started), run.ended.map(time.string(from:)) ?? "", run.failure ?? "",
      ]
      line += parameters.map { item.parameters[$0] ?? "" }
      line += figures.flatMap { name -> [String] in
        let figure = item.figures[name]
        return [figure?.value, figure?.low, figure?.high].map { $0.map { String($0) } ?? "" }
      }
      line += metrics.map { item.metrics[$0].map { String($0) } ?? "" }
      line += tags.map { item.tags[$0] ?? "" }
      lines.append(line)
    }
    return lines.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
  }

  /// As RFC 4180 quotes it; a text that a spreadsheet would run as a formula gets an apostrophe before it.
  private static func field(_ text: String) -> String {
    var text = text
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first), Double(text) == nil {
      text = "'" + text
    }
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
