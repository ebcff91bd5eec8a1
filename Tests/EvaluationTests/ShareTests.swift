import Evaluation
import Testing

@Suite struct ShareTests {
  @Test func `a share has an interval over series`() throws {
    // Ten series of four pictures; whole series are right or wrong, so the interval is as wide as for ten pictures.
    let holds = (0..<40).map { $0 / 4 < 7 }
    let share = try Metric.share(of: holds, series: (0..<40).map { $0 / 4 })
    #expect(share.value == 0.7)
    #expect(share.images == 40 && share.series == 10)
    let (low, high) = (try #require(share.low), try #require(share.high))
    #expect(low < 0.45 && high > 0.85)
    let single = try Metric.share(of: holds, series: Array(0..<40))
    #expect(try #require(single.low) > low && #require(single.high) < high)
  }

  @Test func `few series give no interval, and no pictures no share`() throws {
    let few = try Metric.share(of: [true, false, true], series: [0, 1, 1])
    #expect(!few.hasInterval && few.method.contains("2 series"))
    #expect(throws: EvaluationError.noPictures) { try Metric.share(of: [], series: []) }
    #expect(throws: EvaluationError.self) { try Metric.share(of: [true], series: []) }
  }
}
