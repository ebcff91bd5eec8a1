/// Where things of a plot lie, and their SVG.
struct PlotDrawing {
  private let plot: Plot
  private let horizontal: AxisScale
  private let vertical: AxisScale
  private let legend: [ChartLegend.Entry]
  private let named: [Plot.Layer]
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double
  /// Where the vertical scale begins: at the bottom, or above the bars, which have a band of their own so that no line
  /// crosses them.
  private let floor: Double

  private static let legendBaseline = 50.0
  /// The share of the height that the band of bars fills.
  private static let barSpace = 0.18
  /// For the text above a bar.
  private static let barText = 14.0

  init(_ plot: Plot) {
    self.plot = plot
    horizontal = AxisScale.linear(from: plot.horizontal.lowerBound, through: plot.horizontal.upperBound)
    vertical = AxisScale.linear(from: plot.vertical.lowerBound, through: plot.vertical.upperBound)
    left = 44 + (vertical.labels.map { SVGText.width(of: $0, size: 12) }.max() ?? 0)
    right = plot.width - 18
    named = plot.layers.filter { $0.name != nil }
    legend = ChartLegend.place(named.compactMap(\.name), from: left, to: right)
    top = Self.legendBaseline + ChartLegend.rowHeight * Double(legend.last?.row ?? 0) + 14
    bottom = plot.height - 48
    let hasBars = plot.layers.contains { if case .bars = $0 { true } else { false } }
    floor = hasBars ? bottom - Self.barSpace * (bottom - top) - Self.barText : bottom
  }

  var body: String {
    var svg = SVGText.text(plot.title, x: left, y: 26, attributes: " class=\"heading\"")
    for entry in legend { svg += sample(entry) }
    svg += axes()
    for layer in plot.layers { svg += draw(layer) }
    return svg
  }

  private func sample(_ entry: ChartLegend.Entry) -> String {
    let layer = named[entry.line]
    let (classes, mark): (String, ChartStyle.Mark?) =
      switch layer {
      case .curve(_, _, let look): (ChartStyle.look(look).classes, nil)
      case .marks(_, _, let look): (ChartStyle.look(look).classes, ChartStyle.look(look).mark)
      case .reference, .bars, .band: ("reference", nil)
      }
    return ChartLegend.sample(
      entry, name: layer.name ?? "", class: classes, mark: mark, baseline: Self.legendBaseline)
  }

  private func axes() -> String {
    var svg = ""
    for (tick, label) in zip(vertical.ticks, vertical.labels) {
      svg += SVGText.line(from: (left, y(tick)), to: (right, y(tick)), class: "grid")
      svg += SVGText.text(label, x: left - 8, y: y(tick) + 4, anchor: "end")
    }
    for (tick, label) in zip(horizontal.ticks, horizontal.labels) {
      svg += SVGText.line(from: (x(tick), bottom), to: (x(tick), bottom + 5), class: "axis")
      svg += SVGText.text(label, x: x(tick), y: bottom + 19, anchor: "middle")
    }
    svg += SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    svg += SVGText.text(plot.horizontalLabel, x: (left + right) / 2, y: bottom + 38, anchor: "middle")
    let middle = (top + floor) / 2
    svg += SVGText.text(
      plot.verticalLabel, x: 16, y: middle, anchor: "middle",
      attributes: " transform=\"rotate(-90 16 \(SVGText.number(middle)))\"")
    return svg
  }

  private func draw(_ layer: Plot.Layer) -> String {
    switch layer {
    case .curve(let points, _, let look): return line(points, class: "curve \(ChartStyle.look(look).classes)")
    case .band(let spans, let look): return band(spans, look: look)
    case .reference(let points, _): return line(points, class: "reference")
    case .marks(let marks, _, let look): return marks.map { mark($0, look: look) }.joined()
    case .bars(let bars): return bars.map(bar).joined()
    }
  }

  private func line(_ points: [Plot.Point], class name: String) -> String {
    Plot.pieces(of: Plot.corners(points), inside: vertical.range).map { piece in
      let places = piece.map { "\(SVGText.number(x($0.x))),\(SVGText.number(y($0.y)))" }
      return "<polyline class=\"\(name)\" points=\"\(places.joined(separator: " "))\"/>\n"
    }.joined()
  }

  /// One polygon for each stretch of places with heights, cut at the ends of the vertical axis.
  private func band(_ spans: [Plot.Span], look: Int) -> String {
    let range = vertical.range
    func inside(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }
    var stretches: [[(x: Double, low: Double, high: Double)]] = [[]]
    for span in spans {
      if let low = span.low, let high = span.high, low.isFinite, high.isFinite {
        stretches[stretches.count - 1].append((span.x, inside(low), inside(high)))
      } else if !stretches[stretches.count - 1].isEmpty {
        stretches.append([])
      }
    }
    let classes = ChartStyle.look(look).classes
    return stretches.filter { $0.count > 1 }.map { stretch in
      let outline = stretch.map { (x: $0.x, y: $0.high) } + stretch.reversed().map { (x: $0.x, y: $0.low) }
      let places = outline.map { "\(SVGText.number(x($0.x))),\(SVGText.number(y($0.y)))" }
      return "<polygon class=\"band \(classes)\" points=\"\(places.joined(separator: " "))\"/>\n"
    }.joined()
  }

  private func mark(_ mark: Plot.Mark, look: Int) -> String {
    let (classes, shape) = ChartStyle.look(look)
    var svg = ""
    if let low = mark.low, let high = mark.high {
      let range = vertical.range
      let ends = (y(min(max(low, range.lowerBound), range.upperBound)), y(min(max(high, range.lowerBound), range.upperBound)))
      svg += SVGText.line(from: (x(mark.x), ends.0), to: (x(mark.x), ends.1), class: "interval \(classes)")
    }
    return svg + SVGText.mark(shape, class: classes, x: x(mark.x), y: y(mark.y), size: 4, tooltip: mark.tooltip)
  }

  private func bar(_ bar: Plot.Bar) -> String {
    let height = bar.height * (bottom - floor - Self.barText)
    let (from, through) = (x(bar.from) + 1, x(bar.through) - 1)
    return "<rect class=\"bar\" x=\"\(SVGText.number(from))\" y=\"\(SVGText.number(bottom - height))\" "
      + "width=\"\(SVGText.number(max(0, through - from)))\" height=\"\(SVGText.number(height))\"/>\n"
      + SVGText.text(bar.text, x: (from + through) / 2, y: bottom - height - 3, anchor: "middle", attributes: " style=\"font-size:10px\"")
  }

  private func x(_ value: Double) -> Double { left + (right - left) * horizontal.position(of: value) }
  private func y(_ value: Double) -> Double { floor - (floor - top) * vertical.position(of: value) }
}
