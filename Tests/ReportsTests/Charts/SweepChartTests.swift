import Evaluation
import Foundation
import Reports
import Testing

@Suite struct SweepChartTests {
  private static func chart(_ count: Int, interval: Bool = true, axes: [SweepChart.Axis]) -> SweepChart {
    let trials = (0..<count).map { (place: Int) -> SweepChart.Trial in
      let value = 0.9 - 0.1 * Double(place)
      let score = Metric(
        value: value, low: interval ? value - 0.1 : nil, high: interval ? value + 0.05 : nil,
        method: interval ? "jackknife over series" : "no interval: 4 series", images: 10, series: 8)
      let role: SweepChart.Role = place == 0 ? .best : place == 1 ? .winner : .other
      return SweepChart.Trial(name: "\(place + 1): <b>", score: score, role: role)
    }
    return SweepChart(title: "Sweep: AUC", label: "AUC", trials: trials, threshold: 0.75, axes: axes)
  }

  @Test func `every trial is a row with its interval, and winner and best are named`() {
    let svg = Self.chart(4, axes: []).svg()
    #expect(svg.ranges(of: "<line class=\"interval").count == 4)
    #expect(svg.ranges(of: "class=\"mark").count == 4)
    #expect(svg.contains("winner  0.800 (0.700 to 0.850)"))
    #expect(svg.contains("best  0.900"))
    #expect(svg.ranges(of: "class=\"reference\"").count == 1)
    #expect(svg.contains("1: &lt;b&gt;"))
    #expect(!svg.contains("<b>"))
  }

  @Test func `a score without an interval says why`() {
    let svg = Self.chart(2, interval: false, axes: []).svg()
    #expect(!svg.contains("<line class=\"interval"))
    #expect(svg.contains("no interval: 4 series"))
  }

  @Test func `two parameters give two panels, numbers on an axis of theirs and names in places`() {
    let svg = Self.chart(
      4,
      axes: [
        .init(name: "LEARNING_RATE", values: ["0.001", "0.001", "0.1", "0.1"]),
        .init(name: "HEAD", values: ["pooled", "flatten", "pooled", "flatten"]),
      ]
    ).svg()
    #expect(svg.contains("AUC by LEARNING_RATE"))
    #expect(svg.contains("AUC by HEAD"))
    // A row each, and a mark in each of the panels; the legends have two each.
    #expect(svg.ranges(of: "class=\"mark").count == 4 + 2 * 4 + 2 * 2)
    #expect(svg.contains(">0.01<"))
    #expect(svg.contains(">flatten<"))
    #expect(svg.contains("HEAD pooled"))
    #expect(svg.ranges(of: "class=\"reference\"").count == 3)
  }

  @Test func `it is well-formed XML for one trial, too`() throws {
    for count in [1, 3] {
      let axis = SweepChart.Axis(name: "EPOCHS", values: Array(repeating: "5", count: count))
      let svg = Self.chart(count, axes: [axis]).svg()
      #expect(!svg.contains("nan"))
      #expect(!svg.contains("inf"))
      _ = try SVGDocument(svg)
    }
  }

  @Test func `marks at the ends of an axis keep off the labels beside it`() throws {
    let svg = Self.chart(
      4,
      axes: [
        .init(name: "LEARNING_RATE", values: ["0.001", "0.001", "0.1", "0.1"]),
        .init(name: "EPOCHS", values: ["1", "2", "4", "8"]),
      ]
    ).svg()
    func places(_ name: String) throws -> [Double] {
      try svg.matches(of: Regex("<line class=\"\(name)[^\"]*\" x1=\"([0-9.]+)\" y1=\"([0-9.]+)\"")).map { match in
        try #require(match.output[1].substring.flatMap { Double($0) })
      }
    }
    let left = try #require(try places("grid").min())
    // The first four are of the list above the panels, whose labels stand elsewhere.
    let marks = try places("interval").dropFirst(4)
    #expect(marks.count == 8)
    let first = try #require(marks.min())
    #expect(first - 6 > left, "half a mark left of \(first) must be right of \(left)")
  }
}
