import Digests
import Evaluation
import Inference
import Reports
import Testing
import Training

/// Sentences that pages in another language say by a table: none that is written may be missing there.
@Suite struct RecordedSentencesTests {
  private func isKnown(_ sentence: String) -> Bool {
    RecordedSentences.phrases.contains { $0.values(in: sentence) != nil }
  }

  private static let abstention = DecisionRule.Abstention(
    leastConfidence: 0.8, rule: "the surest 0.9 of the pictures", coverage: 0.9, risk: 0.1, images: 40, series: 10)
  private static let threshold = DecisionRule.Threshold(
    positiveClass: "Tumor", probability: 0.4, rule: "sensitivity at least 0.95", images: 40, series: 10)
  private static let refersAll = DecisionRule.Abstention(
    leastConfidence: nil, rule: "at most 0.1 of the answers wrong", coverage: 0, risk: nil, images: 40, series: 10)

  @Test(
    arguments: [
      (nil, nil), (threshold, nil), (nil, abstention), (threshold, abstention), (threshold, refersAll),
    ] as [(DecisionRule.Threshold?, DecisionRule.Abstention?)])
  func `why an answer is given or not`(threshold: DecisionRule.Threshold?, abstention: DecisionRule.Abstention?) throws {
    for notes in [[], ["no abstention: none was asked for"]] {
      let rule = DecisionRule(operatingPoint: threshold, abstention: abstention, notes: notes)
      for probability in [0.02, 0.45, 0.98] {
        let answer = Answer(probabilities: [1 - probability, probability], classes: ["Normal", "Tumor"], rule: rule)
        #expect(isKnown(answer.reason), "\(answer.reason)")
      }
    }
  }

  @Test(arguments: [
    "the picture is coloured (its channels differ by 12.0 grey levels, those of CT slices by at most 8.0)",
    "the picture is unlike those the model was trained on (distance 6.3, at most 6.04)",
  ])
  func `why a picture is refused`(reason: String) {
    #expect(isKnown(reason))
    #expect(isKnown(Answer(probabilities: [0.5, 0.5], classes: ["a", "b"], refusal: reason).reason))
  }

  @Test func `what the gate finds`() throws {
    func metric(_ low: Double?) -> Metric {
      Metric(
        value: 0.9, low: low, high: low.map { _ in 0.95 }, method: low == nil ? "no interval: 3 series" : "jackknife over series",
        images: 40, series: 10)
    }
    func opening(_ count: Int, predates: Bool) -> TestSetOpening {
      TestSetOpening(
        testSet: ContentDigest(of: "t"), pictures: 40, openings: count, picturesOpenedBefore: 0,
        firstOpened: "2026-01-01T00:00:00Z", modelPredatesFirstOpening: predates, ledgerHead: ContentDigest(of: "h"))
    }
    var sentences: [String] = []
    for end in [PromotionGate.Bound.End.value, .low, .high] {
      for low in [nil, 0.8] {
        for leakage in [nil, "3 of 40 scored pictures were trained on, 7 are slices of a series that was"] {
          for opening in [nil, opening(3, predates: false), opening(1, predates: true)] {
            let gate = PromotionGate(
              bounds: [
                .init(metric: "auc", end: end, atLeast: 0.5, atMost: 0.99), .init(metric: "auc", end: end, atLeast: 0.97),
                .init(metric: "auc", end: end, atMost: 0.5), .init(metric: "nothing", end: end, atLeast: 0),
              ], againstChampion: .notWorse, margin: 0.05, openingsAtMost: 2)
            let scores = PromotionScores(
              model: ContentDigest(of: "m"), metrics: ["auc": metric(low)], leakage: leakage, opening: opening)
            sentences += gate.judge(scores, comparison: nil, hasChampion: true).map(\.sentence)
          }
        }
      }
    }
    sentences += [
      "it has no scores; run 'nefro evaluate', then register the model again", "got its scores",
      "by the standard gate: there is no config/promotion.yaml", "by the gate config/promotion.yaml, SHA-256 00ff",
      "AUC minus the champion's is 0.010 (-0.040 to 0.060), asked for is a low end of at least -0.050",
      "AUC minus the champion's is 0.010 (-0.040 to 0.060), asked for is an interval above 0",
      "AUC minus the champion's is 0.010, no interval: 3 series", "0.900 (0.800 to 0.950)",
    ]
    #expect(Set(sentences).count > 20)
    for sentence in Set(sentences) { #expect(isKnown(sentence), "\(sentence)") }
  }
}
