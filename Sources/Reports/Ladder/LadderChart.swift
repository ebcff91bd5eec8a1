import Evaluation

/// The rungs of a data set below each other, for each of three figures, with their intervals.
struct LadderChart {
  private let title: String
  private let groups: [(name: String, rows: [(name: String, metric: Metric, isLeaky: Bool)])]
  private let language: Language

  init(_ set: LadderPage.DataSet, in language: Language) {
    self.language = language
    title = language(LadderText.chartTitle, set.name)
    let figures: [(LadderText, (ClassificationReport) -> Metric)] = [
      (.accuracy, { $0.accuracy }), (.macroF1, { $0.macroF1 }), (.area, { $0.auc }),
    ]
    groups = figures.map { name, figure in
      (
        language(name),
        set.rungs.compactMap { rung in
          rung.report.map { (rung.kind.name(in: language), LadderPage.unmarked(figure($0)), rung.kind.isLeaky) }
        }
      )
    }
  }

  private static let rowHeight = 22.0

  /// Nil where no rung has figures.
  var drawing: SVGDrawing? {
    let rows = groups.flatMap(\.rows)
    guard !rows.isEmpty else { return nil }
    let left = 24 + (rows.map { SVGText.width(of: $0.name, size: 12) }.max() ?? 0)
    let right = left + 300
    let width = right + 16 + (rows.map { SVGText.width(of: MetricText.value($0.metric, in: language), size: 12) }.max() ?? 0)
    let axis = AxisScale.linear(from: 0, through: 1)
    func x(_ value: Double) -> Double { left + (right - left) * axis.position(of: value) }
    let top = 40.0
    let bottom = top + Self.rowHeight * Double(rows.count + groups.count) + 4
    var svg = SVGText.text(title, x: 8, y: 24, attributes: " class=\"heading\"")
    for (tick, label) in zip(axis.ticks, axis.labels) {
      svg += SVGText.line(from: (x(tick), top), to: (x(tick), bottom), class: "grid")
      svg += SVGText.text(label, x: x(tick), y: bottom + 18, anchor: "middle")
    }
    svg += SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    var y = top + 12
    for group in groups {
      svg += SVGText.text(group.name, x: 8, y: y + 4, attributes: " class=\"strong\"")
      y += Self.rowHeight
      for row in group.rows {
        svg += draw(row, y: y, right: right, x: x)
        y += Self.rowHeight
      }
    }
    return SVGDrawing(title: title, width: width, height: bottom + 30, body: svg)
  }

  private func draw(
    _ row: (name: String, metric: Metric, isLeaky: Bool), y: Double, right: Double, x: (Double) -> Double
  ) -> String {
    let colour = row.isLeaky ? "colour1" : "colour0"
    let value = MetricText.value(row.metric, in: language)
    var svg = SVGText.text(row.name, x: 16, y: y + 4)
    if let low = row.metric.low, let high = row.metric.high {
      svg += SVGText.line(from: (x(low), y), to: (x(high), y), class: "curve \(colour)")
    }
    svg += SVGText.mark(
      row.isLeaky ? .square : .circle, class: colour, x: x(row.metric.value), y: y, size: 4.5,
      tooltip: "\(row.name): \(value)")
    return svg + SVGText.text(value, x: right + 10, y: y + 4)
  }
}
