import Evaluation
import Foundation

/// The scores of a sweep's trials: all below each other with their intervals, the best first; and against each varied
/// parameter. An SVG document of its own.
public struct SweepChart: Sendable, Equatable {
  /// What a trial is to the choice.
  public enum Role: Sendable, Equatable { case winner, best, other }

  /// One trial with a score.
  public struct Trial: Sendable, Equatable {
    /// What it differs in; a long one is shortened in the list and whole in the mark's tooltip.
    public var name: String
    /// The sweep's metric, with its interval where it has one.
    public var score: Metric
    /// What it is to the choice, shown by its mark.
    public var role: Role

    /// - Parameter score: of the sweep's metric, with its interval where it has one.
    public init(name: String, score: Metric, role: Role) {
      self.name = name
      self.score = score
      self.role = role
    }
  }

  /// A varied parameter.
  public struct Axis: Sendable, Equatable {
    /// The parameter's key.
    public var name: String
    /// One for each trial, as it is written; an axis of numbers where all are.
    public var values: [String]

    /// - Parameter values: one for each of the chart's trials, in their order.
    public init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  /// Heading of the chart.
  public var title: String
  /// Name of the metric.
  public var label: String
  /// In the order in which they are listed.
  public var trials: [Trial]
  /// The last score that counts as equal to the best: a dashed line.
  public var threshold: Double
  /// Each gives a panel of scores against its values.
  public var axes: [Axis]

  /// - Parameters:
  ///   - trials: in the order in which they are listed.
  ///   - threshold: in the metric's unit.
  ///   - axes: with as many values as there are trials.
  public init(title: String, label: String, trials: [Trial], threshold: Double, axes: [Axis]) {
    self.title = title
    self.label = label
    self.trials = trials
    self.threshold = threshold
    self.axes = axes
  }

  private static let width = 720.0
  private static let rowHeight = 20.0
  private static let panelHeight = 300.0

  /// Of all scores, their intervals and the threshold.
  private var scale: AxisScale {
    let values = trials.flatMap { [$0.score.value, $0.score.low, $0.score.high].compactMap { $0 } } + [threshold]
    return AxisScale.linear(from: values.min() ?? 0, through: values.max() ?? 1)
  }

  /// The chart as a whole SVG document.
  public func svg() -> String {
    let list = list()
    var body = list.body
    var top = list.height
    for (place, axis) in axes.enumerated() {
      body += panel(axis, other: axes.count == 2 ? axes[1 - place] : nil, top: top)
      top += Self.panelHeight
    }
    return SVGText.document(title: title, width: Self.width, height: top, body: body)
  }

  private static func look(_ role: Role) -> Int {
    switch role {
    case .other: 0
    case .winner: 1
    case .best: 2
    }
  }

  private func tooltip(_ trial: Trial) -> String {
    "\(trial.name): \(MetricText.sentence(trial.score, in: .english))"
  }

  private func list() -> (body: String, height: Double) {
    let scale = scale
    func shortened(_ name: String) -> String { name.count > 38 ? name.prefix(37) + "…" : name }
    let left = 24 + (trials.map { SVGText.width(of: shortened($0.name), size: 12) }.max() ?? 0)
    let right = max(left + 120, Self.width - 240)
    func x(_ value: Double) -> Double { left + (right - left) * scale.position(of: value) }
    var svg = SVGText.text(title, x: 12, y: 24, attributes: " class=\"heading\"")
    var y = 50.0
    for trial in trials {
      let (classes, mark) = ChartStyle.look(Self.look(trial.role))
      let strong = trial.role == .other ? "" : " class=\"strong\""
      svg += SVGText.text(shortened(trial.name), x: 12, y: y + 4, attributes: strong)
      if let low = trial.score.low, let high = trial.score.high {
        svg += SVGText.line(from: (x(low), y), to: (x(high), y), class: "interval \(classes)")
      }
      svg += SVGText.mark(mark, class: classes, x: x(trial.score.value), y: y, size: 4, tooltip: tooltip(trial))
      let role = trial.role == .winner ? "winner  " : trial.role == .best ? "best  " : ""
      let figure = trial.score.hasInterval ? MetricText.value(trial.score, in: .english) : MetricText.number(trial.score.value)
      svg += SVGText.text(role + figure, x: right + 10, y: y + 4, attributes: strong)
      y += Self.rowHeight
    }
    let bottom = y
    svg += SVGText.line(from: (x(threshold), 40), to: (x(threshold), bottom), class: "reference")
    svg += SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    for (tick, label) in zip(scale.ticks, scale.labels) {
      svg += SVGText.line(from: (x(tick), bottom), to: (x(tick), bottom + 5), class: "axis")
      svg += SVGText.text(label, x: x(tick), y: bottom + 18, anchor: "middle")
    }
    let without = trials.first { !$0.score.hasInterval }.map { "; \($0.score.method)" } ?? ""
    svg += SVGText.text(
      "\(label); dashed: one standard error from the best\(without)", x: 12, y: bottom + 38)
    return (svg, bottom + 60)
  }

  /// Where trials stand on a parameter's axis: by number, or, where some value is none, each value in a place of its own.
  private struct Places {
    let scale: AxisScale
    let positions: [Double]

    init(_ values: [String]) {
      let numbers = values.compactMap(Double.init)
      if numbers.count == values.count, let low = numbers.min(), let high = numbers.max(), low < high {
        scale = low > 0 && high >= 20 * low ? .logarithmic(from: low, through: high) : .linear(from: low, through: high)
        positions = numbers.map(scale.position(of:))
        ticks = zip(scale.ticks.map(scale.position(of:)), scale.labels).map { ($0, $1) }
        return
      }
      var names: [String] = []
      for value in values where !names.contains(value) { names.append(value) }
      names.sort()
      scale = .linear(from: 0, through: 1)
      let count = Double(names.count)
      positions = values.map { (Double(names.firstIndex(of: $0)!) + 0.5) / count }
      ticks = names.enumerated().map { ((Double($0.offset) + 0.5) / count, $0.element) }
    }

    /// Share of the axis, 0…1, and label.
    let ticks: [(place: Double, label: String)]
  }

  /// Scores against one parameter. Where the other one takes few values, marks differ by it.
  private func panel(_ axis: Axis, other: Axis?, top: Double) -> String {
    let vertical = scale
    let places = Places(axis.values)
    var groups: [String] = []
    for value in other?.values ?? [] where !groups.contains(value) { groups.append(value) }
    groups.sort { (Double($0) ?? .infinity, $0) < (Double($1) ?? .infinity, $1) }
    if groups.count > 8 { groups = [] }
    let left = 60 + (vertical.labels.map { SVGText.width(of: $0, size: 12) }.max() ?? 0)
    let right = Self.width - 20
    let legend = ChartLegend.place(groups.map { "\(other?.name ?? "") \($0)" }, from: left, to: right)
    let start = top + 40 + (groups.isEmpty ? 0 : ChartLegend.rowHeight * Double((legend.last?.row ?? 0) + 1))
    let bottom = top + Self.panelHeight - 52
    // Marks at the ends of the axis, and those beside them, keep off the scale's labels.
    let margin = 10 + 2.5 * Double(max(0, groups.count - 1))
    func x(_ share: Double) -> Double { left + margin + (right - left - 2 * margin) * share }
    func y(_ value: Double) -> Double { bottom - (bottom - start) * vertical.position(of: value) }
    var svg = SVGText.text("\(label) by \(axis.name)", x: left, y: top + 20, attributes: " class=\"heading\"")
    for (place, entry) in legend.enumerated() {
      let (classes, mark) = ChartStyle.look(place)
      svg += ChartLegend.sample(
        entry, name: "\(other?.name ?? "") \(groups[place])", class: classes, mark: mark, baseline: top + 42)
    }
    for (tick, label) in zip(vertical.ticks, vertical.labels) {
      svg += SVGText.line(from: (left, y(tick)), to: (right, y(tick)), class: "grid")
      svg += SVGText.text(label, x: left - 8, y: y(tick) + 4, anchor: "end")
    }
    for tick in places.ticks {
      svg += SVGText.line(from: (x(tick.place), bottom), to: (x(tick.place), bottom + 5), class: "axis")
      svg += SVGText.text(tick.label, x: x(tick.place), y: bottom + 19, anchor: "middle")
    }
    svg += SVGText.line(from: (left, bottom), to: (right, bottom), class: "axis")
    svg += SVGText.line(from: (left, y(threshold)), to: (right, y(threshold)), class: "reference")
    svg += SVGText.text(axis.name, x: (left + right) / 2, y: bottom + 38, anchor: "middle")
    for (place, trial) in trials.enumerated() {
      let group = other.flatMap { groups.firstIndex(of: $0.values[place]) }
      let (classes, mark) = ChartStyle.look(group ?? Self.look(trial.role))
      // Marks of one place beside each other, so that their intervals can be told apart.
      let shift = group.map { 5 * (Double($0) - Double(groups.count - 1) / 2) } ?? 0
      let column = x(places.positions[place]) + shift
      if let low = trial.score.low, let high = trial.score.high {
        svg += SVGText.line(from: (column, y(low)), to: (column, y(high)), class: "interval \(classes)")
      }
      svg += SVGText.mark(
        mark, class: classes, x: column, y: y(trial.score.value), size: trial.role == .winner ? 6 : 4,
        tooltip: tooltip(trial))
    }
    return svg
  }
}
