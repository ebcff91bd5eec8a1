import Evaluation
import Testing

struct AreaUnderCurveTests {
  @Test func `pairs are counted by hand`() throws {
    // Positives 3, 2; negatives 1, 2, 4: won 3>1, 3>2, 2>1, tied 2=2, of six pairs.
    let area = try AreaUnderCurve.value(
      scores: [3, 1, 2, 2, 4], positive: [true, false, true, false, false])
    #expect(abs(area - 3.5 / 6) < 1e-15)
  }

  @Test func `equal scores give one half and reversed scores the complement`() throws {
    let positive = [true, false, true, false, false]
    #expect(try AreaUnderCurve.value(scores: [1, 1, 1, 1, 1], positive: positive) == 0.5)
    let scores = [0.3, 0.1, 0.2, 0.25, 0.15]
    let area = try AreaUnderCurve.value(scores: scores, positive: positive)
    let reversed = try AreaUnderCurve.value(scores: scores.map { -$0 }, positive: positive)
    #expect(abs(area + reversed - 1) < 1e-15 && area != 0.5)
  }

  @Test func `copies of a picture within its series do not shrink the clustered variance`() throws {
    let scores = [0.9, 0.7, 0.4, 0.8, 0.3, 0.2, 0.5, 0.1]
    let positive = [true, true, true, true, false, false, false, false]
    let series = Array(0..<8)
    let single = try AreaUnderCurve.obuchowski(scores: scores, positive: positive, series: series)
    let copied = try AreaUnderCurve.obuchowski(
      scores: scores + scores, positive: positive + positive, series: series + series)
    #expect(abs(single.variance - copied.variance) < 1e-15)
    let naive = try AreaUnderCurve.deLong(scores: scores + scores, positive: positive + positive)
    #expect(naive.variance < 0.6 * single.variance)
  }

  @Test func `an interval is cut at 0 and 1 and widened by few degrees of freedom`() throws {
    let estimate = AreaUnderCurve(value: 0.9, variance: 0.0016)
    let normal = try estimate.interval()
    #expect(abs(normal.low - (0.9 - 1.959963984540054 * 0.04)) < 1e-12)
    #expect(abs(normal.high - (0.9 + 1.959963984540054 * 0.04)) < 1e-12)
    let student = try estimate.interval(degreesOfFreedom: 4)
    #expect(abs(student.low - (0.9 - 2.7764451051977987 * 0.04)) < 1e-12)
    #expect(student.high == 1)
  }
}
