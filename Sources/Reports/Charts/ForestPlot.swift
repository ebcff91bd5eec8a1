import Evaluation

/// A metric of several groups below each other, each with its interval: what differs, and how surely.
public struct ForestPlot: Sendable {
  /// A line of the plot: one group with its metric, 0…1, and interval.
  public struct Row: Sendable {
    public var name: String
    public var metric: Metric

    public init(_ name: String, _ metric: Metric) {
      self.name = name
      self.metric = metric
    }
  }

  /// Rows under a common heading, such as the planes.
  public struct Group: Sendable {
    public var name: String
    public var rows: [Row]

    public init(_ name: String, _ rows: [Row]) {
      self.name = name
      self.rows = rows
    }
  }

  public var title: String
  /// Name of the metric, which lies between 0 and 1.
  public var label: String
  /// Of all pictures: the line that groups are compared with.
  public var overall: Metric
  public var groups: [Group]

  public init(title: String, label: String, overall: Metric, groups: [Group]) {
    self.title = title
    self.label = label
    self.overall = overall
    self.groups = groups
  }

  private static let rowHeight = 22.0

  public func drawing(in language: Language) -> SVGDrawing {
    let rows = [Row(language(ChartText.all), overall)] + groups.flatMap(\.rows)
    let names = rows.map { shortened($0.name) } + groups.map(\.name)
    let left = 20 + (names.map { SVGText.width(of: $0, size: 12) }.max() ?? 0)
    let texts = rows.map { MetricText.value($0.metric, in: language) }
    let right = left + 280
    let width = right + 14 + (texts.map { SVGText.width(of: $0, size: 12) }.max() ?? 0)
    let axis = AxisScale.linear(from: 0, through: 1)
    func x(_ value: Double) -> Double { left + (right - left) * axis.position(of: value) }
    var y = 50.0
    var svg = SVGText.text(title, x: 8, y: 24, attributes: " class=\"heading\"")
    func row(_ row: Row, look: Int) -> String {
      let (classes, mark) = ChartStyle.look(look)
      var text = SVGText.text(shortened(row.name), x: 16, y: y + 4)
      if let low = row.metric.low, let high = row.metric.high {
        text += SVGText.line(from: (x(low), y), to: (x(high), y), class: "interval \(classes)")
      }
      text += SVGText.mark(
        mark, class: classes, x: x(row.metric.value), y: y, size: 4,
        tooltip: "\(row.name): \(MetricText.sentence(row.metric, in: language))")
      return text + SVGText.text(MetricText.value(row.metric, in: language), x: right + 10, y: y + 4)
    }
    svg += row(rows[0], look: 1)
    y += Self.rowHeight
    for group in groups {
      svg += SVGText.text(group.name, x: 8, y: y + 4, attributes: " class=\"strong\"")
      y += Self.rowHeight
      for item in group.rows {
        svg += row(item, look: 0)
        y += Self.rowHeight
      }
    }
    let bottom = y - 6
    let line = SVGText.line(from: (x(overall.value), 40), to: (x(overall.value), bottom), class: "reference")
    svg += line + SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    for (tick, label) in zip(axis.ticks, axis.labels) {
      svg += SVGText.line(from: (x(tick), bottom), to: (x(tick), bottom + 5), class: "axis")
      svg += SVGText.text(label, x: x(tick), y: bottom + 18, anchor: "middle")
    }
    svg += SVGText.text(label, x: (left + right) / 2, y: bottom + 36, anchor: "middle")
    return SVGDrawing(title: title, width: width, height: bottom + 46, body: svg)
  }

  private func shortened(_ name: String) -> String { name.count > 34 ? name.prefix(33) + "…" : name }
}
