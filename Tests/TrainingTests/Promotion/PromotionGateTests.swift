import Digests
import Evaluation
import Foundation
import TestSupport
import Testing
import Training

@Suite struct PromotionGateTests {
  private static func metric(_ value: Double, _ low: Double?, _ high: Double?) -> Metric {
    Metric(
      value: value, low: low, high: high, method: low == nil ? "no interval: 3 series" : "jackknife over series",
      images: 40, series: 10)
  }

  private static func scores(
    auc: Metric = metric(0.9, 0.8, 0.95), leakage: String? = nil, opening: TestSetOpening? = nil
  ) -> PromotionScores {
    PromotionScores(
      model: ContentDigest(of: "m"), metrics: ["auc": auc, "loss": metric(0.5, 0.4, 0.6)], leakage: leakage,
      opening: opening)
  }

  private static func opening(_ count: Int, predates: Bool = true) -> TestSetOpening {
    TestSetOpening(
      testSet: ContentDigest(of: "t"), pictures: 40, openings: count, picturesOpenedBefore: count > 1 ? 40 : 0,
      firstOpened: "2026-01-01T00:00:00Z", modelPredatesFirstOpening: predates, ledgerHead: ContentDigest(of: "h"))
  }

  private func failures(
    _ gate: PromotionGate, _ scores: PromotionScores, difference: Metric? = nil
  ) throws -> [String] {
    // A comparison is only made from predictions; its JSON is the way to one with given numbers.
    let comparison = try difference.map { metric in
      struct Written: Encodable {
        var difference: Metric
        var verdict = "undecided"
      }
      return try JSONDecoder().decode(
        PairedComparison.self, from: JSONEncoder().encode(Written(difference: metric)))
    }
    return gate.judge(scores, comparison: comparison, hasChampion: difference != nil)
      .filter { !$0.passed }.map(\.sentence)
  }

  @Test func `a good model passes the standard gate, one that may be guessing does not`() throws {
    #expect(try failures(.standard, Self.scores()).isEmpty)
    #expect(
      try failures(.standard, Self.scores(auc: Self.metric(0.7, 0.41, 0.9)))
        == ["the low end of auc is 0.410, asked for is at least 0.500"])
  }

  @Test func `a value that is judged stands with its interval, or why it has none`() throws {
    let gate = try PromotionGate(yaml: "metrics: {auc: {value_at_least: 0.95}}\nagainst_champion: any")
    #expect(
      try failures(gate, Self.scores()) == ["auc is 0.900 (0.800 to 0.950), asked for is at least 0.950"])
    #expect(
      try failures(gate, Self.scores(auc: Self.metric(0.7, nil, nil)))
        == ["auc is 0.700 (no interval: 3 series), asked for is at least 0.950"])
  }

  @Test func `without an interval its low end cannot be judged, so it does not pass`() throws {
    #expect(
      try failures(.standard, Self.scores(auc: Self.metric(0.99, nil, nil)))
        == ["the low end of auc cannot be judged: no interval: 3 series"])
  }

  @Test func `leaky scores never pass, however good`() throws {
    let gate = PromotionGate(bounds: [], againstChampion: .any, margin: 0, openingsAtMost: nil)
    #expect(try failures(gate, Self.scores(leakage: "20 of 40 pictures were trained on")).count == 1)
  }

  @Test func `the paired test decides as the gate asks`() throws {
    func gate(_ rule: PromotionGate.AgainstChampion) -> PromotionGate {
      PromotionGate(bounds: [], againstChampion: rule, margin: 0.05, openingsAtMost: nil)
    }
    let better = Self.metric(0.05, 0.01, 0.09), even = Self.metric(0, -0.04, 0.04), worse = Self.metric(-0.02, -0.06, 0.02)
    let unknown = Self.metric(0.1, nil, nil)
    #expect(try failures(gate(.better), Self.scores(), difference: better).isEmpty)
    #expect(try failures(gate(.better), Self.scores(), difference: even).count == 1)
    #expect(try failures(gate(.notWorse), Self.scores(), difference: even).isEmpty)
    #expect(try failures(gate(.notWorse), Self.scores(), difference: worse).count == 1)
    #expect(try failures(gate(.notWorse), Self.scores(), difference: unknown).count == 1)
    #expect(try failures(gate(.any), Self.scores(), difference: worse).isEmpty)
    #expect(gate(.notWorse).judge(Self.scores(), comparison: nil, hasChampion: true).contains { !$0.passed })
    #expect(gate(.notWorse).judge(Self.scores(), comparison: nil, hasChampion: false).allSatisfy { $0.passed })
  }

  @Test func `a test set that was opened too often, or before the model was made, does not vouch for it`() throws {
    let gate = PromotionGate(bounds: [], againstChampion: .any, margin: 0, openingsAtMost: 2)
    #expect(try failures(gate, Self.scores(opening: Self.opening(2))).isEmpty)
    #expect(
      try failures(gate, Self.scores(opening: Self.opening(3))) == ["the test set was opened 3 times, allowed is 2"])
    #expect(try failures(gate, Self.scores(opening: Self.opening(1, predates: false))).count == 1)
    #expect(try failures(gate, Self.scores()) == ["it was not scored on a locked test set"])
  }

  @Test func `the file declares every part; what it leaves out is the standard`() throws {
    let gate = try PromotionGate(
      yaml: """
        metrics:
          auc: {low_at_least: 0.8, value_at_least: 0.9}
          loss: {value_at_most: 0.7}
        against_champion: better
        test_set_openings_at_most: 3
        """)
    #expect(
      gate
        == PromotionGate(
          bounds: [
            .init(metric: "auc", end: .value, atLeast: 0.9), .init(metric: "auc", end: .low, atLeast: 0.8),
            .init(metric: "loss", end: .value, atMost: 0.7),
          ], againstChampion: .better, margin: 0.05, openingsAtMost: 3))
    #expect(try PromotionGate(yaml: "margin: 0.1").bounds == PromotionGate.standard.bounds)
  }

  @Test func `the file that comes with the project says what holds without it`() throws {
    #expect(try PromotionGate(file: packageRoot.appending(path: PromotionGate.fileName)) == .standard)
  }

  @Test(arguments: [
    ("metrics: {acu: {low_at_least: 0.8}}", "auc"), ("metrics: {auc: {at_least: 0.8}}", "at_least"),
    ("metrics: {auc: {low_at_least: high}}", "a number"), ("against_champion: maybe", "not_worse"),
    ("margin: 2", "0 to 1"), ("test_set_openings_at_most: 0", "at least 1"), ("metric: {}", "metrics"),
    ("- a", "mapping"),
  ])
  func `what makes no sense is named with what would`(yaml: String, expected: String) {
    let error = #expect(throws: ConfigurationError.self) { try PromotionGate(yaml: yaml) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func `an error names the gate's file and the page that tells of gates`() {
    let unknown = #expect(throws: ConfigurationError.self) { try PromotionGate(yaml: "zzz: 1") }
    #expect(unknown?.description == "'config/promotion.yaml' line 1: unknown key 'zzz'. Remove it; docs/models.md lists every key.")
    let missing = #expect(throws: ConfigurationError.self) { try PromotionGate(file: URL(filePath: "/nowhere/gate.yaml")) }
    let text = missing?.description ?? ""
    #expect(text.contains("'/nowhere/gate.yaml'") && text.contains("--gate") && text.contains("docs/models.md"), "\(text)")
    #expect(!text.contains("--params"))
  }
}
