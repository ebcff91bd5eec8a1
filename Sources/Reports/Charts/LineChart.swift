import Foundation

/// A chart of lines over whole numbers, as SVG text that needs nothing from outside.
///
/// Up to sixteen lines differ by colour, dashes and marks at once, so that they can be told apart in grey print and
/// by colour-blind readers (colours of Okabe and Ito 2008). It follows a reader's dark preference on
/// screen and is always light in print. A missing value leaves a gap.
public struct LineChart: Sendable, Equatable {
  /// One line.
  public struct Line: Sendable, Equatable {
    public var name: String
    /// A value for each place on the horizontal axis; nil, or a value that is not finite, is a gap.
    public var values: [Double?]

    public init(name: String, values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// What the vertical axis spans.
  public enum VerticalAxis: Sendable, Equatable {
    /// From zero, or from below the smallest value where zero would waste most of the height.
    case automatic
    /// Exactly this range; values outside are cut off.
    case fixed(ClosedRange<Double>)
    /// Logarithmic where the largest value is more than fifty times the smallest and all are
    /// positive, and the axis then says so; else as `automatic`.
    case logarithmicIfWide
  }

  public var title: String
  public var horizontalLabel: String
  public var verticalLabel: String
  /// The place of each value on the horizontal axis, ascending.
  public var places: [Int]
  public var lines: [Line]
  public var verticalAxis: VerticalAxis
  /// Of the chart's own words.
  public var language = Language.english
  /// Size in CSS pixels.
  public var width = 720.0
  public var height = 360.0

  /// - Throws: `ReportError.differentLengths` where a line has not one value for each place.
  public init(
    title: String, horizontalLabel: String, verticalLabel: String, places: [Int], lines: [Line],
    verticalAxis: VerticalAxis = .automatic
  ) throws {
    for line in lines where line.values.count != places.count {
      throw ReportError.differentLengths(array: line.name, expected: places.count, actual: line.values.count)
    }
    self.title = title
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.places = places
    self.lines = lines
    self.verticalAxis = verticalAxis
  }

  /// The chart as a whole SVG document.
  public func svg() -> String { Self.svg(stacking: [self]) }

  /// Several charts, one below the other, as one SVG document.
  public static func svg(stacking charts: [LineChart]) -> String {
    let width = charts.map(\.width).max() ?? 0
    let height = charts.map(\.height).reduce(0, +)
    var body = ""
    var top = 0.0
    for chart in charts {
      body += LineChartDrawing(chart).group(top: top)
      top += chart.height
    }
    return SVGText.document(
      title: charts.map(\.title).joined(separator: "; "), width: width, height: height, body: body)
  }

  /// The chart for a page, which has the style.
  public func drawing() -> SVGDrawing {
    SVGDrawing(title: title, width: width, height: height, body: LineChartDrawing(self).group(top: 0))
  }

  /// The finite values of all lines.
  var finiteValues: [Double] {
    lines.flatMap { $0.values.compactMap { $0 } }.filter(\.isFinite)
  }

  func verticalScale() -> AxisScale {
    let values = finiteValues
    if case .fixed(let range) = verticalAxis {
      return AxisScale.linear(from: range.lowerBound, through: range.upperBound)
    }
    guard let low = values.min(), let high = values.max() else { return AxisScale.linear(from: 0, through: 1) }
    if verticalAxis == .logarithmicIfWide, low > 0, high > 50 * low {
      return AxisScale.logarithmic(from: low, through: high)
    }
    // Zero is kept where at least a tenth of the height stays for the values.
    let base = low >= 0 && high - low >= high / 10 ? 0 : low
    return AxisScale.linear(from: base, through: high)
  }
}
