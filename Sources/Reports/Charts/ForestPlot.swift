import Evaluation

/// A metric of several groups below each other, each with its interval: what differs, and how surely.
public struct ForestPlot: Sendable {
  /// A line of the plot: one group with its metric, 0…1, and interval.
  public struct Row: Sendable {
    /// The group's name; a long one is shortened beside its metric and whole in the mark's tooltip.
    public var name: String
    /// Value and interval, 0…1; without an interval the mark stands alone.
    public var metric: Metric

    /// A row for one group of pictures.
    public init(_ name: String, _ metric: Metric) {
      self.name = name
      self.metric = metric
    }
  }

  /// Rows under a common heading, such as the planes.
  public struct Group: Sendable {
    /// The heading.
    public var name: String
    /// In the order in which they are drawn, from above.
    public var rows: [Row]

    /// Rows under the heading `name`.
    public init(_ name: String, _ rows: [Row]) {
      self.name = name
      self.rows = rows
    }
  }

  /// Heading of the drawing.
  public var title: String
  /// Name of the metric, which lies between 0 and 1.
  public var label: String
  /// Of all pictures: the line that groups are compared with.
  public var overall: Metric
  /// Below the line of all pictures, in this order.
  public var groups: [Group]

  /// - Parameters:
  ///   - label: name of the metric, which lies between 0 and 1.
  ///   - overall: the metric of all pictures.
  public init(title: String, label: String, overall: Metric, groups: [Group]) {
    self.title = title
    self.label = label
    self.overall = overall
    self.groups = groups
  }

  private static let rowHeight = 36.0
  private static let headHeight = 24.0
  /// Of the axis; the chart is then as wide as a phone's screen at the smallest scale.
  private static let axisWidth = 420.0
  private static let left = 20.0

  /// Each row is a line of text and below it its interval: beside each other they would not fit a phone's screen, and a
  /// mark at 0 would lie on the name.
  public func drawing(in language: Language) -> SVGDrawing {
    let all = Row(language(ChartText.all), overall)
    let rows = [all] + groups.flatMap(\.rows)
    let left = Self.left
    let right = left + Self.axisWidth
    func text(_ row: Row) -> String { "\(shortened(row.name)): \(MetricText.value(row.metric, in: language))" }
    let longest = rows.map { SVGText.width(of: text($0), size: 12) }.max() ?? 0
    let width = max(right, left + longest) + left
    let axis = AxisScale.linear(from: 0, through: 1)
    func x(_ value: Double) -> Double { left + (right - left) * axis.position(of: value) }
    let top = 36.0
    let bottom = top + Self.rowHeight * Double(rows.count) + Self.headHeight * Double(groups.count) + 4
    var svg = SVGText.text(title, x: 8, y: 24, attributes: " class=\"heading\"")
    for (tick, label) in zip(axis.ticks, axis.labels) {
      svg += SVGText.line(from: (x(tick), top), to: (x(tick), bottom), class: "grid")
      svg += SVGText.text(label, x: x(tick), y: bottom + 18, anchor: "middle")
    }
    var y = top
    func draw(_ row: Row, look: Int) {
      let (classes, mark) = ChartStyle.look(look)
      let middle = y + 24
      svg += SVGText.text(text(row), x: left, y: y + 13)
      if let low = row.metric.low, let high = row.metric.high {
        svg += SVGText.line(from: (x(low), middle), to: (x(high), middle), class: "interval \(classes)")
      }
      svg += SVGText.mark(
        mark, class: classes, x: x(row.metric.value), y: middle, size: 4,
        tooltip: "\(row.name): \(MetricText.sentence(row.metric, in: language))")
      y += Self.rowHeight
    }
    let reference = SVGText.line(from: (x(overall.value), top + 24), to: (x(overall.value), bottom), class: "reference")
    svg += reference
    draw(all, look: 1)
    for group in groups {
      svg += SVGText.text(group.name, x: left - 8, y: y + 16, attributes: " class=\"strong\"")
      y += Self.headHeight
      for item in group.rows { draw(item, look: 0) }
    }
    svg += SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    svg += SVGText.text(label, x: (left + right) / 2, y: bottom + 36, anchor: "middle")
    return SVGDrawing(title: title, width: width, height: bottom + 46, body: svg)
  }

  private func shortened(_ name: String) -> String { name.count > 34 ? name.prefix(33) + "…" : name }
}
