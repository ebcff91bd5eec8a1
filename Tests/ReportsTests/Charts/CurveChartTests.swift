import Evaluation
import Foundation
import Reports
import Testing

struct CurveChartTests {
  private let outcomes: BinaryOutcomes

  init() throws { outcomes = try RunFixture().predictions().outcomes(of: "Tumor") }

  /// The drawing as its own document, with the lines in it.
  private func document(_ drawing: SVGDrawing) throws -> SVGDocument { try SVGDocument(drawing.svg) }

  @Test func `a ROC curve runs from corner to corner, past its points`() throws {
    let curve = try RocCurve(outcomes)
    let svg = try document(CurveCharts.roc([.init("Tumor", curve)], in: .english))
    #expect(svg.polylines.count == 2, "chance and one curve")
    let (chance, drawn) = (svg.polylines[0], svg.polylines[1])
    let (origin, end) = (try #require(chance.first), try #require(chance.last))
    #expect(drawn.first?.x == origin.x && drawn.first?.y == origin.y)
    #expect(drawn.last?.x == end.x && drawn.last?.y == end.y)
    // The area under the drawn line is the area of the curve.
    let area = zip(drawn, drawn.dropFirst()).reduce(0.0) { sum, piece in
      let (a, b) = piece
      return sum + (b.x - a.x) / (end.x - origin.x) * (origin.y - (a.y + b.y) / 2) / (origin.y - end.y)
    }
    #expect(abs(area - curve.area.value) < 0.002)
    #expect(svg.labels.contains("sensitivity") && svg.labels.contains("Tumor"))
  }

  @Test func `precision and sensitivity are drawn as the steps that average precision sums`() throws {
    let curve = try PrecisionRecallCurve(outcomes)
    let svg = try document(CurveCharts.precisionRecall([.init("Tumor", curve)], prevalence: 0.5, in: .spanish))
    let (base, drawn) = (svg.polylines[0], svg.polylines[1])
    let (left, right) = (try #require(base.first?.x), try #require(base.last?.x))
    let middle = try #require(base.first?.y)
    // The prevalence 0.5 lies in the middle of the axis, from which its ends follow.
    let bottom = try #require(svg.axisHeight)
    let area = zip(drawn, drawn.dropFirst()).reduce(0.0) { sum, piece in
      let (a, b) = piece
      return sum + (b.x - a.x) / (right - left) * (bottom - (a.y + b.y) / 2) / (2 * (bottom - middle))
    }
    #expect(abs(area - curve.averagePrecision.value) < 0.01)
    #expect(svg.labels.contains("prevalencia"))
  }

  @Test func `a reliability diagram counts the pictures of each bin`() throws {
    let bins = try CalibrationBins(outcomes, bootstrap: BootstrapSettings(resamples: 200, seed: 1))
    let svg = try document(CurveCharts.reliability(.init("Tumor", bins), in: .english))
    #expect(svg.elements["rect"] == bins.bins.count)
    for bin in bins.bins { #expect(svg.labels.contains("\(bin.observed.images)")) }
    #expect(bins.bins.map(\.observed.images).reduce(0, +) == outcomes.count)
  }

  @Test func `no interval of a reliability diagram crosses the bars or their numbers`() throws {
    let bins = try CalibrationBins(outcomes, bootstrap: BootstrapSettings(resamples: 200, seed: 1))
    let svg = CurveCharts.reliability(.init("Tumor", bins), in: .english).svg
    func numbers(_ pattern: Regex<(Substring, Substring)>) -> [Double] {
      svg.matches(of: pattern).compactMap { Double($0.output.1) }
    }
    let intervals = numbers(/<line class="interval[^>]* y1="([0-9.]+)"/) + numbers(/<line class="interval[^>]* y2="([0-9.]+)"/)
    let bars = numbers(/<rect class="bar"[^>]* y="([0-9.]+)"/)
    #expect(!intervals.isEmpty && bars.count == bins.bins.count)
    let numberHeight = 13.0
    #expect((intervals.max() ?? 0) <= (bars.min() ?? 0) - numberHeight + 1)
  }

  @Test func `a decision curve shows all three choices and cuts what lies far below nothing`() throws {
    let curve = try DecisionCurve(outcomes, thresholds: (1...99).map { Double($0) / 100 })
    let svg = try document(CurveCharts.decision(.init("Tumor", curve), in: .english))
    for name in ["treat none", "treat all", "model"] { #expect(svg.labels.contains(name)) }
    let lowest = svg.polylines.flatMap(\.self).map(\.y).max() ?? 0
    #expect(lowest <= 372.01, "nothing is drawn below the axis")
    // A band where thresholds have intervals, none where they have none.
    #expect(curve.points.contains { $0.netBenefit.hasInterval })
    #expect((svg.elements["polygon"] ?? 0) >= 1)
    var bare = curve
    for index in bare.points.indices {
      bare.points[index].netBenefit.low = nil
      bare.points[index].netBenefit.high = nil
    }
    #expect(try document(CurveCharts.decision(.init("Tumor", bare), in: .english)).elements["polygon"] == nil)
  }

  @Test func `risk at full coverage is the error rate`() throws {
    let predictions = try RunFixture().predictions()
    let curve = try RiskCoverage(predictions)
    let svg = try document(CurveCharts.riskCoverage(curve, in: .english))
    #expect(svg.polylines[0].last?.y == svg.polylines[1].last?.y)
  }

  @Test func `charts hold no outside asset and no style of their own, and hostile names stay text`() throws {
    let hostile = "<script>x</script>&\""
    let drawings = [
      CurveCharts.roc([.init(hostile, try RocCurve(outcomes))], in: .english),
      ConfusionChart.drawing(classes: [hostile, "b"], counts: [[1, 2], [3, 4]], in: .english),
      ForestPlot(
        title: hostile, label: hostile,
        overall: Metric(value: 0.5, low: 0.4, high: 0.6, method: "m", images: 1, series: 1),
        groups: [.init(hostile, [.init(hostile, Metric(value: 0.5, low: nil, high: nil, method: hostile, images: 1, series: 1))])]
      ).drawing(in: .english),
    ]
    for drawing in drawings {
      let svg = try document(drawing)
      #expect(svg.elements["script"] == nil && svg.elements["style"] == nil && svg.elements["image"] == nil)
      #expect(!drawing.svg.contains("url(") && !drawing.svg.contains("http"))
    }
  }

  @Test func `a forest plot's marks lie below the words, at 0 and 1 too`() throws {
    func metric(_ value: Double) -> Metric {
      Metric(value: value, low: 0, high: 1, method: "m", images: 1, series: 9)
    }
    let drawing = ForestPlot(
      title: "t", label: "l", overall: metric(0.5),
      groups: [.init("g", [.init("at the left", metric(0)), .init("at the right", metric(1))])]
    ).drawing(in: .english)
    let svg = try document(drawing)
    for value in ["at the left: 0.000 (0.000 to 1.000)", "at the right: 1.000 (0.000 to 1.000)"] {
      #expect(svg.labels.contains(value), "\(svg.labels)")
    }
    let words = drawing.svg.matches(of: /<text x="20" y="([0-9.]+)"[^>]*>(?:all|at)/).compactMap { Double($0.output.1) }
    let marks = drawing.svg.matches(of: /<circle class="mark[^>]* cy="([0-9.]+)"/).compactMap { Double($0.output.1) }
    #expect(words.count == 3 && marks.count == 2)
    for mark in marks { #expect(words.allSatisfy { mark - $0 >= 10 || $0 - 10 - mark >= 4 }) }
  }

  @Test func `a confusion matrix has its numbers and the shares of its rows`() throws {
    let svg = try document(ConfusionChart.drawing(classes: ["a", "b"], counts: [[3, 1], [0, 0]], in: .english))
    for text in ["3", "1", "75 %", "25 %", "true class", "predicted class"] { #expect(svg.labels.contains(text)) }
    #expect(svg.elements["rect"] == 4)
  }

  @Test(arguments: 0...100)
  func `numbers of a confusion matrix stand out from their cell, as AA asks`(_ percent: Int) throws {
    let svg = ConfusionChart.drawing(classes: ["a", "b"], counts: [[percent, 100 - percent], [0, 0]], in: .english).svg
    // The first cell: its shade, then the class of its number.
    let cell = try #require(svg.firstMatch(of: /fill="rgb\(([0-9]+),([0-9]+),([0-9]+)\)"[^§]*?class="(inverse|plain)"/))
    let linear = try [cell.1, cell.2, cell.3].map { text in
      let value = try #require(Double(text)) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let shade = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    let text = cell.4 == "inverse" ? 1.0 : 0
    #expect((max(shade, text) + 0.05) / (min(shade, text) + 0.05) >= 4.5, "\(percent) %: \(cell.0)")
  }
}
