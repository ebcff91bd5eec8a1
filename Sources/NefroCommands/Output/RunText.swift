import Evaluation
import Foundation
import Reports
import Tracking

/// Runs as a person reads them.
enum RunText {
  /// A table no wider than `width`: the columns that matter least are left out where they do not fit, then names are cut.
  ///
  /// - Parameter keys: more columns, such as what the table is sorted by.
  static func table(_ runs: [RunOverview], keys: [String], width: Int) -> String {
    typealias Column = (heading: String, rank: Int, right: Bool, text: (RunOverview) -> String)
    var columns: [Column] = [
      ("run", 0, false, { $0.run.id.short }), ("kind", 2, false, { $0.run.kind.rawValue }),
      ("status", 1, false, { $0.run.status.rawValue }), ("started (UTC)", 4, false, { time($0.run.started) }),
      ("took", 6, true, { $0.run.duration.map(duration) ?? "-" }),
    ]
    for key in keys where !["kind", "status", "started", "duration", "name"].contains(key.lowercased()) {
      columns.append((key, 1, false, { value(key, of: $0) }))
    }
    columns += ["auc", "accuracy"].filter { !keys.contains($0) }.enumerated().map { place, key in
      (key, 3 + 2 * place, false, { value(key, of: $0) })
    }
    columns.append(("name", 7, false, { $0.run.name }))
    while true {
      let table = TextTable(
        columns: columns.map { .init($0.heading, $0.right ? .right : .left) },
        rows: runs.map { run in columns.map { $0.text(run) } })
      let text = table.text
      let widest = text.split(separator: "\n").map(\.count).max() ?? 0
      if widest <= width { return text }
      guard columns.count > 2, let least = columns.indices.max(by: { columns[$0].rank < columns[$1].rank }) else {
        return text.split(separator: "\n").map { cut(String($0), to: width) + "\n" }.joined()
      }
      columns.remove(at: least)
    }
  }

  /// A figure with its interval, a last value, a parameter or a tag, in this order; "-" where there is none.
  static func value(_ name: String, of run: RunOverview) -> String {
    let key = RunKey(name)
    let place = key.place
    if place == .metrics || place == .anywhere {
      if let figure = run.figures[key.name] { return text(figure) }
      if let value = run.metrics[key.name] { return "\(MetricText.number(value)) (last)" }
    }
    if place == .parameters || place == .anywhere {
      if let value = run.parameters[key.name] ?? run.parameters[key.name.uppercased()] { return value }
    }
    return place == .metrics || place == .parameters ? "-" : run.tags[key.name] ?? "-"
  }

  /// Such as "0.912 (0.850 to 0.960)", with what must stand beside it.
  static func text(_ figure: Metric) -> String {
    let interval =
      if let low = figure.low, let high = figure.high {
        "\(MetricText.number(low)) to \(MetricText.number(high))"
      } else {
        // Up to the marks, which stand behind.
        String(figure.method.prefix { $0 != "," })
      }
    let marks = ["LEAKY", "OPENED"].filter { figure.method.contains($0) }.map { " " + $0 }.joined()
    return "\(MetricText.number(figure.value)) (\(interval))" + marks
  }

  static func time(_ date: Date) -> String {
    let text = ISO8601DateFormatter().string(from: date)
    return String(text.prefix(16)).replacing("T", with: " ")
  }

  static func duration(_ seconds: Double) -> String {
    seconds < 10 ? String(format: "%.1f s", seconds) : ProgressLine.duration(seconds)
  }

  static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
  }

  /// What the steps of a metric count: a trial's scores are those of its folds, all else goes by epochs.
  static func step(of metric: String) -> String { metric.hasPrefix(RecordedSweep.foldPrefix) ? "fold" : "epoch" }

  /// Everything of one run, in tables that fit: what is too long goes on in the next line.
  static func whole(_ details: RunDetails, parts: [Run], width: Int) -> String {
    let run = details.run
    var head = [["run", run.id.text], ["name", run.name], ["kind", run.kind.rawValue], ["status", run.status.rawValue]]
    if let failure = run.failure { head.append(["reason", failure]) }
    if let parent = run.parent { head.append(["part of", parent.short]) }
    for part in parts { head.append(["has part", "\(part.id.short) \(part.kind.rawValue), \(part.status.rawValue)"]) }
    head.append(["started", time(run.started) + " UTC"])
    if let seconds = run.duration { head.append(["took", duration(seconds)]) }
    var text = TextTable(columns: [.init("field"), .init("value")], rows: head).text(fitting: width)
    func add(_ heading: String, _ rows: [[String]], _ columns: [TextTable.Column]) {
      guard !rows.isEmpty else { return }
      text += "\n" + TextTable(columns: [.init(heading)] + columns, rows: rows).text(fitting: width)
    }
    add(
      "figure",
      details.figures.sorted { $0.key < $1.key }.map {
        [$0.key, Self.text($0.value), "\($0.value.images)", "\($0.value.series)", $0.value.method]
      }, [.init("value (interval)"), .init("images", .right), .init("series", .right), .init("method")])
    let curves = Dictionary(grouping: details.history, by: \.key).sorted { $0.key < $1.key }
    for (step, curves) in Dictionary(grouping: curves, by: { Self.step(of: $0.key) }).sorted(by: { $0.key < $1.key }) {
      add(
        "metric by \(step)",
        curves.map { key, points in
          let last = points.max { $0.step < $1.step }!
          return [key, MetricText.number(last.value), "\(last.step)", "\(points.count)"]
        }, [.init("last", .right), .init(step, .right), .init("points", .right)])
    }
    add("parameter", details.parameters.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }, [.init("value")])
    add("tag", details.tags.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }, [.init("value")])
    add(
      "artifact", details.artifacts.map { [$0.path, "\($0.bytes)", $0.digest.hex] },
      [.init("bytes", .right), .init("digest")])
    return text
  }

  /// What differs first, then figures side by side, then why they cannot be compared. Where all runs do not fit beside
  /// each other, some come below the others.
  static func comparison(_ comparison: RunComparison, width: Int) -> String {
    let columns = comparison.runs.map { TextTable.Column($0.id.short) }
    func table(_ heading: String, _ rows: [RunComparison.Row]) -> String {
      guard !rows.isEmpty else { return "No \(heading) differs.\n" }
      return TextTable(
        columns: [.init(heading)] + columns,
        rows: rows.map { row in [row.name] + row.values.map { cut($0 ?? "-", to: 24) } }
      ).blocks(fitting: width)
    }
    var text = comparison.warnings.map { "WARNING: \($0)\n" }.joined()
    if !text.isEmpty { text += "\n" }
    text += table("parameter", comparison.parameters) + "\n" + table("tag", comparison.tags)
    if !comparison.figures.isEmpty {
      text +=
        "\n"
        + TextTable(
          columns: [.init("figure (interval)")] + columns,
          rows: comparison.figures.map { row in [row.name] + row.values.map { $0.map(Self.text) ?? "-" } }
        ).blocks(fitting: width)
      text += "\nOverlapping intervals say nothing of a difference; `nefro compare` tests one picture by picture.\n"
    }
    return text
  }
}
