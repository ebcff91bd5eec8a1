import Testing
import Training

@Suite struct OneStandardErrorRuleTests {
  @Test func `the simplest within one standard error of the best wins`() throws {
    // Best 0.90, its error 0.03: from 0.87 on all count as equal.
    let rule = try #require(
      OneStandardErrorRule(
        scores: [0.80, 0.88, 0.90, 0.875, 0.869], standardErrors: [0.5, 0.01, 0.03, 0.2, 0.2],
        simplicity: [0, 3, 4, 2, 1], isLowerBetter: false))
    #expect(rule.best == 2)
    #expect(abs(rule.threshold - 0.87) < 1e-12)
    #expect(rule.within == [1, 2, 3])
    #expect(rule.winner == 3)
  }

  @Test func `a score exactly on the threshold is within it`() throws {
    let rule = try #require(
      OneStandardErrorRule(
        scores: [0.75, 0.5], standardErrors: [0.25, 0.25], simplicity: [1, 0], isLowerBetter: false))
    #expect(rule.within == [0, 1])
    #expect(rule.winner == 1)
  }

  @Test func `a loss is better where it is lower`() throws {
    let rule = try #require(
      OneStandardErrorRule(
        scores: [0.5, 0.25, 0.4, 0.376], standardErrors: [0, 0.125, 0, 0], simplicity: [0, 2, 0, 0], isLowerBetter: true))
    #expect(rule.best == 1)
    #expect(rule.threshold == 0.375)
    #expect(rule.within == [1])
    #expect(rule.winner == 1)
  }

  @Test func `of equally simple trials the better wins, then the first`() throws {
    let better = try #require(
      OneStandardErrorRule(
        scores: [0.9, 0.86, 0.88, 0.88], standardErrors: [0.1, 0, 0, 0], simplicity: [9, 1, 1, 1], isLowerBetter: false))
    #expect(better.winner == 2)
    let equal = try #require(
      OneStandardErrorRule(
        scores: [0.9, 0.9], standardErrors: [0.1, 0.1], simplicity: [1, 1], isLowerBetter: false))
    #expect(equal.best == 0)
    #expect(equal.winner == 0)
  }

  @Test func `without an error only the best and its equals are within, and without scores nothing wins`() throws {
    let rule = try #require(
      OneStandardErrorRule(
        scores: [0.8, 0.9, 0.9], standardErrors: [nil, nil, nil], simplicity: [0, 2, 1], isLowerBetter: false))
    #expect(rule.within == [1, 2])
    #expect(rule.winner == 2)
    #expect(OneStandardErrorRule(scores: [], standardErrors: [], simplicity: [Int](), isLowerBetter: false) == nil)
  }

  @Test func `the standard error is that of the folds' mean`() throws {
    // Deviations from 0.8 are -0.1, 0, 0.1: standard deviation 0.1, over the root of 3.
    let one = try #require(OneStandardErrorRule.standardError(folds: [[0.7, 0.8, 0.9]]))
    #expect(abs(one - 0.1 / 3.0.squareRoot()) < 1e-12)
    // Repeats are averaged: they are no more folds.
    let two = try #require(OneStandardErrorRule.standardError(folds: [[0.7, 0.8, 0.9], [0.8, 0.8, 0.8]]))
    #expect(abs(two - 0.05 / 3.0.squareRoot()) < 1e-12)
    #expect(OneStandardErrorRule.standardError(folds: [[0.7]]) == nil)
    #expect(OneStandardErrorRule.standardError(folds: []) == nil)
  }

  @Test(arguments: [
    // Each is the first of the order in which the two differ, whatever the later ones say.
    ("TRAINABLE_FROM: null\nHEAD: flatten", "TRAINABLE_FROM: block5_conv3\nHEAD: pooled"),
    ("TRAINABLE_FROM: block5_conv3", "TRAINABLE_FROM: block5_conv1"),
    ("HEAD: pooled\nIMAGE_SIZE: [224, 224, 3]", "HEAD: flatten\nIMAGE_SIZE: [64, 64, 3]"),
    ("IMAGE_SIZE: [64, 64, 3]\nAUGMENTATION: false", "IMAGE_SIZE: [96, 64, 3]\nAUGMENTATION: true"),
    ("AUGMENTATION: true\nWEIGHT_DECAY: 0", "AUGMENTATION: false\nWEIGHT_DECAY: 1"),
    ("WEIGHT_DECAY: 0.1\nDROPOUT: 0", "WEIGHT_DECAY: 0.01\nDROPOUT: 0.9"),
    ("DROPOUT: 0.6\nLABEL_SMOOTHING: 0", "DROPOUT: 0.5\nLABEL_SMOOTHING: 0.1"),
    ("LABEL_SMOOTHING: 0.1\nEPOCHS: 9", "LABEL_SMOOTHING: 0\nEPOCHS: 2"),
    ("EPOCHS: 2\nLEARNING_RATE: 1", "EPOCHS: 3\nLEARNING_RATE: 0.01"),
    ("LEARNING_RATE: 0.01", "LEARNING_RATE: 0.1"),
  ])
  func `simplicity is compared in its documented order`(simple: String, other: String) throws {
    let (a, b) = (Simplicity(try TrainingParameters(yaml: simple)), Simplicity(try TrainingParameters(yaml: other)))
    #expect(a < b)
    #expect(!(b < a))
  }

  @Test func `optimizer and batch size are no matter of simplicity`() throws {
    let (a, b) = (
      Simplicity(try TrainingParameters(yaml: "OPTIMIZER: sgd\nBATCH_SIZE: 4")),
      Simplicity(try TrainingParameters(yaml: "OPTIMIZER: adamw\nBATCH_SIZE: 64"))
    )
    #expect(a == b)
    #expect(!(a < b) && !(b < a))
    #expect(Simplicity.order.count == 9)
  }
}
