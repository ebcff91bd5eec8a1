import Evaluation
import Foundation
import Testing

/// How often 95 % intervals hold the truth. The large run, whose table stands in
/// `Reference/evaluation/README.md`, is asked for with `NEFRO_COVERAGE_STUDIES=2000`.
struct CoverageTests {
  private static let seed: UInt64 = 7

  @Test func `intervals over series hold the truth where intervals over pictures do not`() throws {
    let cell = CoverageSimulation(positiveSeries: 30, negativeSeries: 30, correlation: 0.6, separation: 1.5)
    let studies = 150
    let tallies = try cell.run(studies: studies, resamples: 200, seed: Self.seed)
    for figure in CoverageSimulation.figures {
      let tally = try #require(tallies[figure])
      #expect(tally.intervals == studies)
      // With coverage 0.95 fewer than 132 of 150 have a chance of 4e-4; all 150, of 5e-4.
      #expect((132...149).contains(tally.held), "\(figure): \(tally.held) of \(studies), seed \(Self.seed)")
      if !["brier", "loss"].contains(figure) {
        #expect(tally.naiveHeld < 100, "\(figure): naive \(tally.naiveHeld) of \(studies), seed \(Self.seed)")
      }
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

  @Test(.enabled(if: requested != nil, "SKIPPED, the large run takes minutes: set NEFRO_COVERAGE_STUDIES=2000"))
  func `coverage table`() throws {
    let studies = try #require(requested)
    print("| series | correlation | separation | " + CoverageSimulation.figures.joined(separator: " | ") + " |")
    print("|" + String(repeating: "---|", count: 3 + CoverageSimulation.figures.count))
    for (positive, negative) in [(6, 40), (8, 8), (15, 15), (30, 30), (60, 60)] {
      for separation in [1.5, 2.2, 3.0] {
        for correlation in [0.0, 0.4, 0.8] {
          let cell = CoverageSimulation(
            positiveSeries: positive, negativeSeries: negative, correlation: correlation, separation: separation)
          let tallies = try cell.run(studies: studies, resamples: 500, seed: Self.seed)
          let entries = CoverageSimulation.figures.map { figure in
            let tally = tallies[figure] ?? .init()
            let share = String(format: "%.3f", Double(tally.held) / Double(max(1, tally.intervals)))
            let naive = String(format: "%.2f", Double(tally.naiveHeld) / Double(max(1, tally.intervals)))
            return ["brier", "loss"].contains(figure) ? share : "\(share) (\(naive))"
          }
          print("| \(positive)+\(negative) | \(correlation) | \(separation) | \(entries.joined(separator: " | ")) |")
          #expect(tallies.values.allSatisfy { $0.intervals == studies })
        }
      }
    }
  }
}

private let requested = ProcessInfo.processInfo.environment["NEFRO_COVERAGE_STUDIES"].flatMap(Int.init)
