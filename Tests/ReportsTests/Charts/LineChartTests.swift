import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct LineChartTests {
  private func chart(
    _ values: [Double?], name: String = "validation", title: String = "Loss", axis: LineChart.VerticalAxis = .automatic
  ) throws -> LineChart {
    try LineChart(
      title: title, horizontalLabel: "epoch", verticalLabel: "loss", places: Array(1...max(1, values.count)),
      lines: [.init(name: name, values: values)], verticalAxis: axis)
  }

  @Test func `a chart is well-formed XML whatever its names hold`() throws {
    let hostile = "</text><script>alert(\"1\")</script> & 'Ñ' \u{0}\u{1B}[2J ]]>"
    let svg = try chart([1, 2, nil, 3], name: hostile, title: hostile).svg()
    let document = try SVGDocument(svg)
    #expect(document.elements["script"] == nil)
    #expect(document.text.contains("<script>alert(\"1\")</script> & 'Ñ' \u{FFFD}\u{FFFD}[2J ]]>"))
  }

  @Test func `a chart needs nothing from outside`() throws {
    let svg = try chart([1, 2, 3]).svg()
    #expect(svg.components(separatedBy: "http").count == 2, "only the namespace")
    for word in ["href", "url(", "@import", "@font-face", "<script", "<image"] {
      #expect(!svg.contains(word), "\(word)")
    }
  }

  @Test func `every point is marked and joined`() throws {
    let document = try SVGDocument(chart([3, 2, 1]).svg())
    #expect(document.polylines.map(\.count) == [3])
    // One mark a point and one in the legend; the first line's marks are circles.
    #expect(document.elements["circle"] == 4)
    #expect(document.text.contains("validation, epoch 2: 2"))
  }

  @Test func `points stand where their values say`() throws {
    let points = try #require(try SVGDocument(chart([0, 1, 0.5], axis: .fixed(0...1)).svg()).polylines.first)
    #expect(points[0].y == 310 && points[2].y == (points[0].y + points[1].y) / 2)
    #expect(points[0].x < points[1].x && points[2].x == 700)
    #expect(abs(points[1].x - (points[0].x + points[2].x) / 2) < 0.011)
  }

  @Test func `missing values and values that are not finite leave gaps`() throws {
    for missing in [nil, Double.nan, .infinity, -.infinity] as [Double?] {
      let svg = try chart([1, 2, missing, 3, missing, 4, 5]).svg()
      let document = try SVGDocument(svg)
      #expect(document.polylines.map(\.count) == [2, 2])
      #expect(document.elements["circle"] == 6, "five points and the legend")
      #expect(!svg.contains("nan") && !svg.contains("inf"))
    }
  }

  @Test func `two hundred epochs are all joined and only some marked`() throws {
    var values = (1...200).map { Double?(1 / Double($0)) }
    (values[100], values[102]) = (nil, nil)
    let document = try SVGDocument(chart(values).svg())
    #expect(document.polylines.map(\.count) == [100, 97])
    let marks = try #require(document.elements["circle"])
    #expect((15...25).contains(marks))
    #expect(document.text.contains("epoch 200:") && document.text.contains("epoch 1:"))
    #expect(document.text.contains("epoch 102:"), "a point between gaps is seen only by its mark")
  }

  @Test func `a single epoch is a mark on a whole axis`() throws {
    let document = try SVGDocument(chart([0.4]).svg())
    #expect(document.polylines.isEmpty && document.elements["circle"] == 2)
    #expect(document.labels.contains("1"))
  }

  @Test func `without values the chart says so`() throws {
    #expect(try SVGDocument(chart([nil, nil]).svg()).labels.contains("no values yet"))
    let empty = try LineChart(title: "t", horizontalLabel: "epoch", verticalLabel: "loss", places: [], lines: [])
    #expect(try SVGDocument(empty.svg()).labels.contains("no values yet"))
  }

  @Test func `a wide span is drawn on a logarithmic axis that says so`() throws {
    let wide = try SVGDocument(chart([24.9, 1, 0.1], axis: .logarithmicIfWide).svg())
    #expect(wide.labels.contains("loss (logarithmic scale)"))
    for values in [[24.9, 1, 0.9], [24.9, 0, 0.1]] as [[Double?]] {
      #expect(try SVGDocument(chart(values, axis: .logarithmicIfWide).svg()).labels.contains("loss"))
    }
  }

  @Test func `zero is kept on the axis unless values lie far from it`() throws {
    #expect(try SVGDocument(chart([1.23, 1.5]).svg()).labels.contains("0.0"))
    #expect(try !SVGDocument(chart([1.00, 1.02]).svg()).labels.contains { $0.hasPrefix("0.0") })
  }

  @Test func `a line of another length is refused`() {
    #expect(throws: ReportError.differentLengths(array: "training", expected: 2, actual: 3)) {
      try LineChart(
        title: "t", horizontalLabel: "x", verticalLabel: "y", places: [1, 2],
        lines: [.init(name: "training", values: [1, 2, 3])])
    }
  }

  @Test func `long legends wrap and long titles are shortened`() throws {
    let title = String(repeating: "very long title ", count: 12)
    let long = try LineChart(
      title: title, horizontalLabel: "epoch", verticalLabel: "loss", places: [1, 2],
      lines: (0..<6).map { .init(name: "learning rate 0.0\($0) with momentum", values: [1, 2]) })
    let document = try SVGDocument(long.svg())
    #expect(document.labels.contains { $0.hasSuffix("…") && $0.count < 110 })
    #expect(document.title == title)
    #expect(document.legendRows.count == 3)
  }

  @Test func `sixteen lines look different`() {
    let looks = (0..<16).map { ChartStyle.look($0) }
    #expect(Set(looks.map { "\($0.classes) \($0.mark)" }).count == 16)
    #expect(Set(looks.prefix(4).map { "\($0.mark)" }).count == 4)
  }

  @Test func `colours stand out from light and dark paper`() {
    for colour in ChartStyle.colours {
      #expect(contrast(colour.light, ChartStyle.paper.light) >= 4.5)
      #expect(contrast(colour.dark, ChartStyle.paper.dark) >= 4.5)
    }
    #expect(contrast("#000000", "#FFFFFF") == 21 && contrast("#777777", "#FFFFFF") < 4.5)
  }

  @Test func `its style reaches nothing but the chart, and is dark on screens only`() throws {
    let svg = try chart([1, 2]).svg()
    let start = try #require(svg.range(of: "<style>")).upperBound
    let end = try #require(svg.range(of: "</style>")).lowerBound
    let rules = svg[start..<end].split(separator: "\n").map(String.init)
    #expect(rules.allSatisfy { $0.hasPrefix(".nefro-chart ") || $0.hasPrefix("@media") || $0 == "}" })
    #expect(rules.filter { $0.hasPrefix("@") } == ["@media screen and (prefers-color-scheme: dark) {"])
  }
}

/// The contrast ratio of two colours, 1…21 (WCAG 2.2).
private func contrast(_ first: String, _ second: String) -> Double {
  func luminance(_ colour: String) -> Double {
    let value = Int(colour.dropFirst(), radix: 16) ?? 0
    let channels = [16, 8, 0].map { shift -> Double in
      let share = Double((value >> shift) & 255) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }
  let (a, b) = (luminance(first), luminance(second))
  return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}
