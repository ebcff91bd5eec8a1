import Evaluation
import Foundation
import TestSupport
import Testing

/// How often 95 % intervals of the difference of two models hold it. The large run, whose table stands in
/// `docs/validation.md`, is asked for with `NEFRO_TEST_FULL=1`.
struct ComparisonCoverageTests {
  private static let seed: UInt64 = 11

  @Test(arguments: [2, 3]) func `intervals of differences hold the truth`(classCount: Int) throws {
    let cell = ComparisonSimulation(series: 60, correlation: 0.5, classCount: classCount)
    let studies = 200
    let tallies = try cell.run(studies: studies, seed: Self.seed)
    for tally in [tallies.area, tallies.accuracy] {
      #expect(tally.intervals == studies)
      // With a true share of 0.93 fewer than 174 have a chance of 1e-3.
      #expect((174...199).contains(tally.held), "\(cell): \(tally.held) of \(studies), seed \(Self.seed)")
    }
  }

  @Test(.enabled(if: TestRun.isFull, "SKIPPED, the large run takes minutes: set NEFRO_TEST_FULL=1"))
  func `table of paired comparisons`() throws {
    let studies = 2000
    print("| series | correlation | AUC, alike | AUC, 0.95 and 0.85 | accuracy, alike | accuracy, 0.88 and 0.77 | AUC of three classes, alike | accuracy of three classes, alike |")
    print("|---|---|---|---|---|---|---|---|")
    func share(_ tally: ComparisonSimulation.Tally) -> String {
      tally.intervals == 0
        ? "no interval"
        : String(format: "%.3f", Double(tally.held) / Double(tally.intervals))
          + (tally.intervals < studies ? " of \(tally.intervals)" : "")
    }
    for series in [12, 18, 30, 60] {
      for correlation in [0.2, 0.8] {
        let alike = try ComparisonSimulation(series: series, correlation: correlation)
          .run(studies: studies, seed: Self.seed)
        let apart = try ComparisonSimulation(series: series, correlation: correlation, areas: (0.95, 0.85))
          .run(studies: studies, seed: Self.seed)
        let three = try ComparisonSimulation(series: series, correlation: correlation, classCount: 3)
          .run(studies: studies, seed: Self.seed)
        let tallies = [alike.area, apart.area, alike.accuracy, apart.accuracy, three.area, three.accuracy]
        print("| \(series) | \(correlation) | " + tallies.map(share).joined(separator: " | ") + " |")
        if series == 60 {
          for tally in tallies {
            #expect((0.92...0.98).contains(Double(tally.held) / Double(tally.intervals)), "\(series), \(correlation)")
          }
        }
        if series == 12 { #expect(three.area.intervals == 0, "four series of a class allow none") }
      }
    }
  }
}
