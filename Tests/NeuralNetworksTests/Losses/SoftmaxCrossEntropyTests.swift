import NeuralNetworks
import TestSupport
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let smoothing: Float
    let weights: [Float]?
    let labels: [Int]
    let loss: Double
    var testDescription: String { name }
  }

  static let golden = Result { try Golden<[Case]>("losses") }

  @Test func `all golden losses are there`() throws {
    #expect(try Self.golden.get().cases.count == 5)
  }

  @Test(arguments: (try? golden.get().cases) ?? [])
  func `loss, probabilities and gradient agree with Keras`(testCase: Case) throws {
    let golden = try Self.golden.get()
    func expected(_ name: String) throws -> Tensor { try golden.tensor("\(testCase.name)/\(name)") }
    let result = try SoftmaxCrossEntropy(classWeights: testCase.weights, labelSmoothing: testCase.smoothing)
      .evaluate(logits: expected("logits"), labels: testCase.labels)
    #expect(abs(result.loss - testCase.loss) < 1e-5 * max(testCase.loss, 1))
    #expect(relativeError(result.probabilities.values, try expected("probabilities").values) < 1e-6)
    #expect(relativeError(result.gradient.values, try expected("gradient").values) < 1e-5)
  }

  @Test func `equal logits are equal chances`() throws {
    let result = try SoftmaxCrossEntropy().evaluate(logits: Tensor(shape: [2, 4], repeating: 5), labels: [0, 3])
    #expect(abs(result.loss - 1.3862943611198906) < 1e-12)
    #expect(result.probabilities.values == Array(repeating: 0.25, count: 8))
    #expect(result.gradient.values == [-0.375, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, -0.375])
  }

  @Test func `a hopeless sample costs the clipped loss and still teaches`() throws {
    let result = try SoftmaxCrossEntropy().evaluate(
      logits: Tensor(shape: [1, 2], values: [500, -500]), labels: [1])
    #expect(abs(result.loss - 16.118095650958319) < 1e-9)
    #expect(result.gradient.values == [1, -1])
  }

  @Test func `class weights divide by the batch and not by their sum`() throws {
    let logits = Tensor(shape: [2, 2])
    let weighted = try SoftmaxCrossEntropy(classWeights: [3, 1]).evaluate(logits: logits, labels: [0, 1])
    #expect(abs(weighted.loss - 2 * 0.69314718055994529) < 1e-12)
    #expect(weighted.gradient.values == [-0.75, 0.75, 0.25, -0.25])
  }

  @Test func `bad input is refused with what is wrong`() throws {
    let loss = SoftmaxCrossEntropy()
    let logits = Tensor(shape: [2, 3])
    #expect(throws: NeuralNetworkError.labelCount(expected: 2, actual: 3)) {
      try loss.evaluate(logits: logits, labels: [0, 1, 2])
    }
    for label in [3, -1] {
      #expect(throws: NeuralNetworkError.labelOutOfRange(label: label, position: 1, classes: 3)) {
        try loss.evaluate(logits: logits, labels: [0, label])
      }
    }
    for shape in [[6], [0, 3], [1, 2, 3]] {
      #expect(throws: NeuralNetworkError.networkInput(expected: "[batch, classes] for the loss", actual: shape)) {
        try loss.evaluate(logits: Tensor(shape: shape), labels: [])
      }
    }
    for value in [Float.nan, .infinity] {
      #expect(throws: NeuralNetworkError.notFinite(what: "A logit", position: 2)) {
        try loss.evaluate(logits: Tensor(shape: [2, 2], values: [0, 1, value, 0]), labels: [0, 1])
      }
    }
    #expect(throws: NeuralNetworkError.self) {
      try SoftmaxCrossEntropy(classWeights: [1, 2]).evaluate(logits: logits, labels: [0, 1])
    }
  }

  @Test func `a softmax sums to one, keeps order and cannot overflow`() {
    let probabilities = softmax(Tensor(shape: [2, 3], values: [1000, 999, -1000, 0, 0.5, 1]))
    #expect(probabilities.shape == [2, 3])
    let values = probabilities.values
    #expect(abs(values[0] - 0.7310586) < 1e-6 && values[2] == 0)
    #expect(values[3] < values[4] && values[4] < values[5])
    #expect(abs(values[3...].reduce(0, +) - 1) < 1e-6)
  }
}
