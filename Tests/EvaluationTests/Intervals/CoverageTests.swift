import Evaluation
import Foundation
import TestSupport
import Testing

/// How often 95 % intervals hold the truth. The large run, whose table stands in
/// `docs/validation.md`, is asked for with `NEFRO_TEST_FULL=1`.
struct CoverageTests {
  private static let seed: UInt64 = 7

  @Test func `intervals over series hold the truth where intervals over pictures do not`() throws {
    let cell = CoverageSimulation(
      positiveSeries: 30, negativeSeries: 30, correlation: 0.8,
      separation: CoverageSimulation.separation(auc: 0.95))
    let studies = 200
    let tallies = try cell.run(studies: studies, resamples: 200, seed: Self.seed)
    for figure in CoverageSimulation.figures {
      let tally = try #require(tallies[figure])
      #expect(tally.intervals == studies)
      // With coverage 0.93 fewer than 174 of 200 have a chance of 1e-3; with 0.97 all 200, of 2e-3.
      #expect((174...199).contains(tally.held), "\(figure): \(tally.held) of \(studies), seed \(Self.seed)")
      #expect(tally.naiveHeld < 150, "\(figure): naive \(tally.naiveHeld) of \(studies), seed \(Self.seed)")
    }
  }

  @Test func `few series in one class widen the interval enough`() throws {
    let cell = CoverageSimulation(positiveSeries: 6, negativeSeries: 40, correlation: 0.4, separation: 1.5)
    let studies = 150
    let tallies = try cell.run(studies: studies, resamples: 200, seed: Self.seed)
    for figure in CoverageSimulation.figures {
      let tally = try #require(tallies[figure])
      #expect(tally.held >= 129, "\(figure): \(tally.held) of \(studies), seed \(Self.seed)")
    }
  }

  @Test(.enabled(if: TestRun.isFull, "SKIPPED, the large run takes minutes: set NEFRO_TEST_FULL=1"))
  func `coverage table`() throws {
    let studies = 2000
    print("| series | slices | correlation | true AUC | " + CoverageSimulation.figures.joined(separator: " | ") + " |")
    print("|" + String(repeating: "---|", count: 4 + CoverageSimulation.figures.count))
    for count in [30, 60, 120] {
      for area in [0.85, 0.95] {
        for sizes in [CoverageSimulation.Sizes.twenty, .unequal] {
          for correlation in [0.0, 0.2, 0.5, 0.8] {
            let cell = CoverageSimulation(
              positiveSeries: count / 2, negativeSeries: count / 2, correlation: correlation,
              separation: CoverageSimulation.separation(auc: area), sizes: sizes)
            let tallies = try cell.run(studies: studies, resamples: 400, seed: Self.seed)
            var entries: [String] = []
            for figure in CoverageSimulation.figures {
              let tally = try #require(tallies[figure])
              #expect(tally.intervals == studies)
              let share = Double(tally.held) / Double(studies)
              entries.append(String(format: "%.3f (%.2f)", share, Double(tally.naiveHeld) / Double(studies)))
              // The loss is reported only.
              if count >= 60, figure != "loss" {
                #expect((0.93...0.97).contains(share), "\(figure), \(cell)")
              }
            }
            let row = ["\(count)", sizes.rawValue, "\(correlation)", "\(area)"] + entries
            print("| " + row.joined(separator: " | ") + " |")
          }
        }
      }
    }
  }
}
