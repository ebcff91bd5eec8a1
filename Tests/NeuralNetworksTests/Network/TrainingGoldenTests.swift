import NeuralNetworks
import TestSupport
import Testing

/// A small network trained for a few steps, against Keras's `train_on_batch`.
@Suite struct TrainingGoldenTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let smoothing: Float
    let weights: [Float]?
    let frozen: Bool
    let labels: [Int]
    let losses: [Double]
    var testDescription: String { name }

    func optimizer() throws -> any Optimizer {
      switch name {
      case "sgd nesterov": SGD(learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01)
      case "adamw": AdamW(learningRate: 0.002)
      case "sgd, first convolution frozen": SGD(learningRate: 0.1)
      default: throw NeuralNetworkError.optimizerState(key: name, reason: "no such case")
      }
    }
  }

  static let golden = Result { try Golden<[Case]>("training") }

  private func network() throws -> Network {
    try Network(
      inputShape: [12, 12, 3],
      layers: [
        Convolution2D(
          name: "first", inputChannels: 3, outputChannels: 8, kernel: 3, padding: .same, activation: .relu),
        MaxPooling2D(name: "pool"),
        Convolution2D(
          name: "second", inputChannels: 8, outputChannels: 8, kernel: 3, padding: .same, activation: .relu),
        AveragePooling2D(name: "mean"), Flatten(name: "flatten"),
        Dense(name: "third", inputs: 72, outputs: 6, activation: .relu), Dense(name: "last", inputs: 6, outputs: 3),
      ])
  }

  @Test func `all golden trainings are there`() throws {
    #expect(try Self.golden.get().cases.count == 3)
  }

  @Test(arguments: (try? golden.get().cases) ?? [])
  func `losses and updates follow Keras step by step`(testCase: Case) throws {
    let golden = try Self.golden.get()
    let network = try network()
    for parameter in network.parameters { try parameter.assign(golden.tensor("\(parameter.name)/0")) }
    try network.freeze(below: testCase.frozen ? "second" : nil)
    let optimizer = try testCase.optimizer()
    let loss = SoftmaxCrossEntropy(classWeights: testCase.weights, labelSmoothing: testCase.smoothing)
    let input = try golden.tensor("input")
    #expect(testCase.losses.count == 4)
    for (index, expectedLoss) in testCase.losses.enumerated() {
      try network.trainingStep(input: input, seed: 0, step: UInt64(index)) { logits in
        let result = try loss.evaluate(logits: logits, labels: testCase.labels)
        #expect(abs(result.loss - expectedLoss) < 1e-5 * expectedLoss)
        return result.gradient
      }
      optimizer.step(network.parameters)
      for parameter in network.parameters {
        let start = try golden.tensor("\(parameter.name)/0")
        let expected = try golden.tensor("\(testCase.name)/\(parameter.name)/\(index + 1)")
        #expect(parameter.value.shape == expected.shape)
        // What all steps so far changed; the weights themselves would hide an error in a small change.
        let change = zip(parameter.value.values, start.values).map { $0 - $1 }
        let expectedChange = zip(expected.values, start.values).map { $0 - $1 }
        #expect(relativeError(change, expectedChange) < 1e-3, "\(parameter.name)")
        #expect(expectedChange.contains { $0 != 0 } == parameter.isTrainable, "\(parameter.name)")
      }
    }
    let probabilities = softmax(try network(input))
    let expected = try golden.tensor("\(testCase.name)/probabilities")
    #expect(relativeError(probabilities.values, expected.values) < 1e-4)
  }
}
