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

  private static let rowHeight = 40.0
  private static let headHeight = 26.0
  /// Of the axis; the chart is then as wide as a phone's screen at the smallest scale.
  private static let axisWidth = 380.0
  private static let left = 16.0

  /// Nil where no rung has figures.
  var drawing: SVGDrawing? {
    let rows = groups.flatMap(\.rows)
    guard !rows.isEmpty else { return nil }
    let left = Self.left
    let right = left + Self.axisWidth
    let texts = rows.map { $0.name.count + MetricText.value($0.metric, in: language).count + 2 }
    let width = max(right, left + 0.5 * 12 * Double(texts.max() ?? 0)) + Self.left
    let axis = AxisScale.linear(from: 0, through: 1)
    func x(_ value: Double) -> Double { left + (right - left) * axis.position(of: value) }
    let top = 36.0
    let bottom = top + Self.rowHeight * Double(rows.count) + Self.headHeight * Double(groups.count) + 4
    var svg = SVGText.text(title, x: 8, y: 24, attributes: " class=\"heading\"")
    for (tick, label) in zip(axis.ticks, axis.labels) {
      svg += SVGText.line(from: (x(tick), top), to: (x(tick), bottom), class: "grid")
      svg += SVGText.text(label, x: x(tick), y: bottom + 18, anchor: "middle")
    }
    svg += SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    var y = top
    for group in groups {
      svg += SVGText.text(group.name, x: left, y: y + 18, attributes: " class=\"strong\"")
      y += Self.headHeight
      for row in group.rows {
        svg += draw(row, y: y, x: x)
        y += Self.rowHeight
      }
    }
    return SVGDrawing(title: title, width: width, height: bottom + 30, body: svg)
  }

  /// A line of text, and below it the interval: beside each other they would not fit a phone's screen.
  private func draw(_ row: (name: String, metric: Metric, isLeaky: Bool), y: Double, x: (Double) -> Double) -> String {
    let colour = row.isLeaky ? "colour1" : "colour0"
    let text = "\(row.name): \(MetricText.value(row.metric, in: language))"
    let middle = y + 24
    var svg = SVGText.text(text, x: Self.left, y: y + 13)
    if let low = row.metric.low, let high = row.metric.high {
      svg += SVGText.line(from: (x(low), middle), to: (x(high), middle), class: "curve \(colour)")
    }
    return svg
      + SVGText.mark(
        row.isLeaky ? .square : .circle, class: colour, x: x(row.metric.value), y: middle, size: 4.5, tooltip: text)
  }
}
