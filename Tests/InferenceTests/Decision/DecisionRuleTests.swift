import Foundation
import Inference
import Testing

@Suite struct DecisionRuleTests {
  private let two = ["Normal", "Tumor"]
  private let four = ["Cyst", "Normal", "Stone", "Tumor"]

  private func rule(threshold: Double? = nil, least: Double? = nil) -> DecisionRule {
    DecisionRule(
      operatingPoint: threshold.map {
        .init(positiveClass: "Tumor", probability: $0, rule: "sensitivity at least 0.95", images: 60, series: 12)
      },
      abstention: least.map {
        .init(
          leastConfidence: $0, rule: "at most 0.05 of the answers wrong", coverage: 0.8, risk: 0.04, images: 60, series: 12)
      }, notes: [])
  }

  @Test(arguments: [(0.19, "Normal"), (0.2, "Tumor"), (0.21, "Tumor"), (0.9, "Tumor")])
  func `the positive class is named from its threshold on`(probability: Double, label: String) {
    let answer = Answer(probabilities: [1 - probability, probability], classes: two, rule: rule(threshold: 0.2))
    #expect(answer.label == label)
    #expect(answer.confidence >= 0.5)
    #expect(answer.reason.contains("0.2"))
  }

  @Test func `below the threshold the most probable of the other classes is named`() {
    let answer = Answer(probabilities: [0.2, 0.1, 0.15, 0.55], classes: four, rule: rule(threshold: 0.6))
    #expect(answer.label == "Cyst")
    let reached = Answer(probabilities: [0.2, 0.1, 0.1, 0.6], classes: four, rule: rule(threshold: 0.6))
    #expect(reached.label == "Tumor")
    #expect(abs(reached.confidence - 0.5) < 1e-12)
  }

  @Test func `a threshold of one half gives the confidence of the plain rule`() {
    for probability in [0.1, 0.3, 0.49, 0.51, 0.8] {
      let row = [1 - probability, probability]
      let plain = Answer(probabilities: row, classes: two)
      let half = Answer(probabilities: row, classes: two, rule: rule(threshold: 0.5))
      #expect(plain.label == half.label)
      #expect(abs(plain.confidence - half.confidence) < 1e-12)
    }
  }

  @Test func `a picture below the least confidence is referred, with the reason`() {
    let doubtful = Answer(probabilities: [0.35, 0.65], classes: two, rule: rule(least: 0.7))
    #expect(doubtful.decision == .uncertain)
    #expect(doubtful.decision.rawValue == "uncertain")
    for word in ["refer", "0.65", "0.7", "at most 0.05", "60 pictures of 12 series"] { #expect(doubtful.reason.contains(word)) }
    #expect(doubtful.probabilities == [0.35, 0.65])
    let sure = Answer(probabilities: [0.3, 0.7], classes: two, rule: rule(least: 0.7))
    #expect(sure.decision == .answered)
  }

  @Test func `what the gate refuses is no kidney CT, however sure the head is`() {
    let answer = Answer(
      probabilities: [0.001, 0.999], classes: two, rule: rule(least: 0.7), refusal: "the picture is coloured")
    #expect(answer.decision == .notKidneyCT)
    #expect(answer.decision.rawValue == "not_kidney_ct")
    #expect(answer.reason == "not a kidney CT: the picture is coloured")
    #expect(answer.label == "Tumor")
  }

  @Test func `probabilities of 0 and 1 have a confidence`() {
    for row in [[0.0, 1.0], [1.0, 0.0]] {
      let answer = Answer(probabilities: row, classes: two, rule: rule(threshold: 0.3, least: 0.6))
      #expect(answer.confidence == 1)
      #expect(answer.decision == .answered)
    }
  }

  @Test func `a rule without a least confidence refers every picture, with the reason`() {
    var none = rule()
    none.abstention = .init(
      leastConfidence: nil, rule: "at most 0.05 of the answers wrong", coverage: 0, risk: nil, images: 60, series: 12)
    let answer = Answer(probabilities: [0, 1], classes: two, rule: none)
    #expect(answer.decision == .uncertain && answer.label == "Tumor")
    for word in ["refer", "answers no picture", "at most 0.05", "60 pictures of 12 series"] {
      #expect(answer.reason.contains(word))
    }
  }

  @Test func `a model without a rule answers and says why it has none`() {
    let answer = Answer(
      probabilities: [0.5, 0.5], classes: two,
      rule: DecisionRule(operatingPoint: nil, abstention: nil, notes: ["no abstention: 3 series"]))
    #expect(answer.decision == .answered)
    #expect(answer.reason.contains("no rule") && answer.reason.contains("no abstention: 3 series"))
  }

  @Test func `a rule survives its encoding, with and without a least confidence`() throws {
    for least in [0.7, nil] {
      var rule = rule(threshold: 0.3, least: 0.7)
      rule.abstention?.leastConfidence = least
      rule.abstention?.risk = least.map { _ in 0.04 }
      let read = try JSONDecoder().decode(DecisionRule.self, from: JSONEncoder().encode(rule))
      #expect(read == rule)
    }
  }
}
