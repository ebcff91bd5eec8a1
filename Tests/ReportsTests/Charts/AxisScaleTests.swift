import Reports
import Testing

struct AxisScaleTests {
  @Test(arguments: [
    (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.0, 1.23, ["0.0", "0.5", "1.0", "1.5"]),
    (0.61, 0.79, ["0.60", "0.65", "0.70", "0.75", "0.80"]),
    (0.0, 24.86, ["0", "5", "10", "15", "20", "25"]),
    (0.0, 0.00004, ["0", "1e-05", "2e-05", "3e-05", "4e-05"]),
    (-3.0, 4.0, ["-4", "-2", "0", "2", "4"]),
    (0.0, 4e7, ["0", "1e+07", "2e+07", "3e+07", "4e+07"]),
  ])
  func `linear axes end on round ticks`(low: Double, high: Double, labels: [String]) {
    let scale = AxisScale.linear(from: low, through: high)
    #expect(scale.labels == labels)
    #expect(scale.range.lowerBound <= low + 1e-12 && scale.range.upperBound >= high - 1e-12)
    #expect(scale.position(of: scale.range.lowerBound) == 0 && scale.position(of: scale.range.upperBound) == 1)
  }

  @Test(arguments: [0.0, 0.69, 1e-300, 1e300, -5])
  func `a span of nothing is widened around its value`(value: Double) {
    let scale = AxisScale.linear(from: value, through: value)
    #expect(scale.range.lowerBound < value && value < scale.range.upperBound)
    #expect((2...12).contains(scale.ticks.count) && scale.ticks.allSatisfy(\.isFinite))
  }

  @Test(arguments: [
    (1, 1, ["1"]), (1, 2, ["1", "2"]), (1, 5, ["1", "2", "3", "4", "5"]),
    (1, 20, ["1", "2", "4", "6", "8", "10", "12", "14", "16", "18", "20"]),
    (1, 200, ["1", "20", "40", "60", "80", "100", "120", "140", "160", "180", "200"]),
    (0, 30, ["0", "5", "10", "15", "20", "25", "30"]),
    (19, 60, ["19", "25", "30", "35", "40", "45", "50", "55", "60"]),
  ])
  func `epochs have whole ticks that begin with the first`(low: Int, high: Int, labels: [String]) {
    #expect(AxisScale.whole(from: low, through: high).labels == labels)
  }

  @Test func `logarithmic axes end on 1, 2 or 5`() {
    let narrow = AxisScale.logarithmic(from: 0.21, through: 12.1)
    #expect(narrow.labels == ["0.2", "0.5", "1", "2", "5", "10", "20"])
    #expect(narrow.range == 0.2...20)
    #expect(abs(narrow.position(of: 2) - 0.5) < 1e-12)
    let wide = AxisScale.logarithmic(from: 0.0003, through: 700)
    #expect(wide.labels == ["0.001", "0.01", "0.1", "1", "10", "100", "1000"])
    #expect(wide.range == 0.0002...1000)
    let exact = AxisScale.logarithmic(from: 0.1, through: 100)
    #expect(exact.range == 0.1...100)
  }
}
