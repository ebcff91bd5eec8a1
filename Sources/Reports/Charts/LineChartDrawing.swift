/// Where things of a line chart lie, and their SVG.
struct LineChartDrawing {
  private let chart: LineChart
  private let horizontal: AxisScale
  private let vertical: AxisScale
  private let legend: [ChartLegend.Entry]
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double

  private static let headingBaseline = 28.0
  private static let legendBaseline = 52.0
  private static let margin = 20.0
  /// Above this many places only some points are marked, or marks would hide the line.
  private static let allMarked = 60
  private static let fewMarks = 20

  init(_ chart: LineChart) {
    self.chart = chart
    horizontal = AxisScale.whole(from: chart.places.min() ?? 0, through: chart.places.max() ?? 1)
    vertical = chart.verticalScale()
    let widest = vertical.labels.map { SVGText.width(of: $0, size: 12) }.max() ?? 0
    left = 36 + widest + 8
    right = chart.width - Self.margin
    legend = ChartLegend.place(chart.lines.map(\.name), from: left, to: right)
    let rows = (legend.last?.row ?? 0) + 1
    top = Self.legendBaseline + ChartLegend.rowHeight * Double(rows - 1) + 16
    bottom = chart.height - 50
  }

  /// The chart as a group whose top edge lies at `top` of the document.
  func group(top offset: Double) -> String {
    var svg = "<g transform=\"translate(0 \(SVGText.number(offset)))\">\n"
    svg += heading() + legendEntries() + axes()
    for index in chart.lines.indices { svg += curve(index) }
    if chart.finiteValues.isEmpty {
      svg += SVGText.text(chart.language(ChartText.noValues), x: (left + right) / 2, y: (top + bottom) / 2, anchor: "middle")
    }
    return svg + "</g>\n"
  }

  /// The title, set smaller where it is long, and shortened where that is not enough; the document's
  /// own title is always whole.
  private func heading() -> String {
    let available = right - left
    let size = min(16, max(11, available / max(1, SVGText.width(of: chart.title, size: 1))))
    let fitting = Int(available / SVGText.width(of: "x", size: size))
    let shown = chart.title.count > fitting + 1 ? chart.title.prefix(fitting) + "…" : chart.title[...]
    return SVGText.text(
      String(shown), x: left, y: Self.headingBaseline,
      attributes: " class=\"heading\"" + (size < 16 ? " style=\"font-size: \(SVGText.number(size))px\"" : ""))
  }

  private func legendEntries() -> String {
    legend.map { entry in
      ChartLegend.sample(
        entry, name: chart.lines[entry.line].name, class: ChartStyle.look(entry.line).classes,
        mark: ChartStyle.look(entry.line).mark, baseline: Self.legendBaseline)
    }.joined()
  }

  private func axes() -> String {
    var svg = ""
    for (tick, label) in zip(vertical.ticks, vertical.labels) {
      let y = self.y(tick)
      svg += SVGText.line(from: (left, y), to: (right, y), class: "grid")
      svg += SVGText.text(label, x: left - 8, y: y + 4, anchor: "end")
    }
    svg += SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    for (tick, label) in zip(horizontal.ticks, horizontal.labels) {
      let x = self.x(tick)
      svg += SVGText.line(from: (x, bottom), to: (x, bottom + 5), class: "axis")
      svg += SVGText.text(label, x: x, y: bottom + 19, anchor: "middle")
    }
    svg += SVGText.text(chart.horizontalLabel, x: (left + right) / 2, y: bottom + 38, anchor: "middle")
    let label =
      vertical.kind == .logarithmic
      ? chart.language(ChartText.logarithmic, chart.verticalLabel) : chart.verticalLabel
    let middle = SVGText.number((top + bottom) / 2)
    svg += SVGText.text(
      label, x: 20, y: (top + bottom) / 2, anchor: "middle", attributes: " transform=\"rotate(-90 20 \(middle))\"")
    return svg
  }

  /// The line in pieces between gaps, and its marks. A point between two gaps is always marked, or
  /// nothing of it would be seen.
  private func curve(_ index: Int) -> String {
    let (classes, mark) = ChartStyle.look(index)
    let line = chart.lines[index]
    let pieces = pieces(of: line)
    var svg = ""
    for piece in pieces where piece.count > 1 {
      let points = piece.map { "\(SVGText.number(x(Double(chart.places[$0.place])))),\(SVGText.number(y($0.value)))" }
      svg += "<polyline class=\"curve \(classes)\" points=\"\(points.joined(separator: " "))\"/>\n"
    }
    let count = chart.places.count
    let every = count <= Self.allMarked ? 1 : (count + Self.fewMarks - 1) / Self.fewMarks
    for piece in pieces {
      for point in piece
      where piece.count == 1 || point.place % every == 0 || point.place == count - 1 {
        svg += SVGText.mark(
          mark, class: classes, x: x(Double(chart.places[point.place])), y: y(point.value), size: 3.5,
          tooltip: "\(line.name), \(chart.horizontalLabel) \(chart.places[point.place]): \(SVGText.value(point.value))")
      }
    }
    return svg
  }

  private func pieces(of line: LineChart.Line) -> [[(place: Int, value: Double)]] {
    var pieces: [[(place: Int, value: Double)]] = [[]]
    for (place, value) in line.values.enumerated() {
      if let value, value.isFinite {
        pieces[pieces.count - 1].append((place, value))
      } else if !pieces[pieces.count - 1].isEmpty {
        pieces.append([])
      }
    }
    return pieces.filter { !$0.isEmpty }
  }

  private func x(_ value: Double) -> Double { left + (right - left) * horizontal.position(of: value) }

  private func y(_ value: Double) -> Double {
    bottom - (bottom - top) * min(1, max(0, vertical.position(of: value)))
  }
}
