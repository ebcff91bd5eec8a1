import Evaluation
import Testing

struct ConfusionMatrixTests {
  @Test func `figures follow from counts by hand`() {
    // true 0: 3 right, 1 as 1; true 1: 2 right, 2 as 0, 1 as 2; true 2: 1 right.
    let matrix = ConfusionMatrix(
      labels: [0, 0, 0, 0, 1, 1, 1, 1, 1, 2], predicted: [0, 0, 0, 1, 1, 1, 0, 0, 2, 2], classCount: 3)
    #expect(matrix.counts == [3, 1, 0, 2, 2, 1, 0, 0, 1])
    #expect(matrix.total == 10 && matrix.support(of: 1) == 5 && matrix.predictions(of: 0) == 5)
    #expect(matrix.accuracy == 0.6)
    #expect(matrix.sensitivity(of: 1) == 0.4)
    #expect(matrix.specificity(of: 0) == 4.0 / 6)
    #expect(matrix.precision(of: 2) == 0.5)
    #expect(matrix.f1(of: 0) == 6.0 / 9)
    #expect(abs(matrix.balancedAccuracy - (0.75 + 0.4 + 1) / 3) < 1e-15)
  }

  @Test func `weights add up`() {
    let one = ConfusionMatrix(labels: [0, 1], predicted: [0, 0], classCount: 2)
    var sum = ConfusionMatrix(classCount: 2)
    sum.add(one, weight: 2)
    sum.add(1, label: 1, predicted: 1)
    #expect(sum.counts == [2, 0, 2, 1])
    sum.clear()
    #expect(sum.counts == [0, 0, 0, 0])
  }

  @Test func `a class never predicted has no precision and an F1 of 0`() {
    let matrix = ConfusionMatrix(labels: [0, 1], predicted: [0, 0], classCount: 2)
    #expect(matrix.precision(of: 1).isNaN && matrix.f1(of: 1) == 0)
  }
}
