import NeuralNetworks
import TensorKernels
import TestSupport
import Testing

@Suite struct TrainingTests {
  private let input = normals([4, 16, 16, 3], salt: 1)
  private let labels = [0, 2, 1, 2]

  private func step(
    _ network: Network, seed: UInt64 = 1, step: UInt64 = 1, pool: ThreadPool = .shared
  ) throws -> Double {
    var loss = 0.0
    try network.trainingStep(input: input, seed: seed, step: step, pool: pool) { logits in
      let result = try SoftmaxCrossEntropy().evaluate(logits: logits, labels: labels)
      loss = result.loss
      return result.gradient
    }
    return loss
  }

  @Test(arguments: ["first", "third", "last"])
  func `a network learns a batch by heart`(trainableFrom: String) throws {
    let network = try miniature(dropout: 0)
    try network.freeze(below: trainableFrom)
    let optimizer = AdamW(learningRate: 0.02, weightDecay: 0)
    let before = try step(network)
    for number in 0..<150 {
      _ = try step(network, step: UInt64(number))
      optimizer.step(network.parameters)
    }
    let answers = softmax(try network(input)).values
    #expect(before > 0.5)
    for (row, label) in labels.enumerated() { #expect(answers[row * 3 + label] > 0.9) }
  }

  @Test func `a step gives the same bits again and on any number of threads`() throws {
    let (first, second) = (try miniature(), try miniature())
    for (number, threads) in [(1, 1), (2, 3), (3, 2)] {
      #expect(
        try step(first, step: UInt64(number))
          == step(second, step: UInt64(number), pool: ThreadPool(threads: threads)))
      for (a, b) in zip(first.parameters, second.parameters) { #expect(a.gradient == b.gradient, "\(a.name)") }
      let optimizer = SGD(learningRate: 0.1)
      optimizer.step(first.parameters)
      optimizer.step(second.parameters)
    }
    for (a, b) in zip(first.parameters, second.parameters) { #expect(a.value == b.value, "\(a.name)") }
  }

  @Test func `seed and step are what dropout draws from`() throws {
    let network = try miniature()
    let loss = try step(network)
    #expect(try step(network) == loss)
    #expect(try step(network, seed: 2) != loss)
    #expect(try step(network, step: 2) != loss)
  }

  @Test(arguments: [1, 20_000, 60_000])
  func `how the frozen layers' part of a batch is divided changes no draw`(budget: Int) throws {
    func output(_ network: Network) throws -> Tensor {
      try network.freeze(below: "fourth")
      return try network.forward(input, phase: .training(seed: 1, step: 2)).output
    }
    #expect(try output(miniature(budget: budget)) == output(miniature()))
  }

  @Test func `packed weights of what trains do not outlive a step`() throws {
    let network = try miniature()
    func packed() -> [String] {
      network.layers.compactMap { $0 as? Convolution2D }.filter(\.holdsPreparedWeights).map(\.name)
    }
    _ = try network(input)
    #expect(packed() == ["first", "second", "third"])
    try network.freeze(below: "third")
    _ = try step(network)
    #expect(packed() == ["first", "second"])
  }

  @Test func `backward stops at the lowest trainable layer`() throws {
    let network = try miniature()
    _ = try step(network)
    let whole = network.parameters.map(\.gradient)
    try network.freeze(below: "third")
    _ = try step(network)
    for (parameter, gradient) in zip(network.parameters, whole) {
      if parameter.isTrainable {
        #expect(parameter.gradient == gradient, "\(parameter.name)")
      } else {
        #expect(parameter.gradient == nil, "\(parameter.name)")
      }
    }
  }

  @Test func `a frozen layer between trainable ones hands the gradient on`() throws {
    let network = try miniature()
    _ = try step(network)
    let whole = try network.parameter(named: "first/kernel").gradient
    for name in ["third/kernel", "third/bias"] { try network.parameter(named: name).isTrainable = false }
    _ = try step(network)
    #expect(try network.parameter(named: "first/kernel").gradient == whole)
    #expect(try network.parameter(named: "third/kernel").gradient == nil)
  }

  @Test func `frozen layers keep no activations`() throws {
    let network = try miniature()
    func keptBytes(trainableFrom: String?) throws -> Int {
      try network.freeze(below: trainableFrom)
      return try network.forward(input, phase: .training(seed: 0, step: 0)).keptBytes
    }
    // The input of `last`, 20 numbers; the input and output of `fourth`, 256 and 20.
    #expect(try keptBytes(trainableFrom: "last") == 4 * 4 * 20)
    #expect(try keptBytes(trainableFrom: "fourth") == 4 * 4 * (256 + 20))
    #expect(try keptBytes(trainableFrom: nil) > 4 * 4 * (16 * 16 * 8))
    network.freezeAll()
    // A way back to the input needs no inputs of frozen layers, only where ReLU and pooling chose.
    let reached = try network.forward(input, phase: .inference, reach: .input).keptBytes
    #expect(reached < (try keptBytes(trainableFrom: nil)))
  }

  @Test func `everything frozen is nothing to train`() throws {
    let network = try miniature()
    network.freezeAll()
    #expect(throws: NeuralNetworkError.nothingTrainable) { try step(network) }
  }

  @Test func `a gradient of another shape is refused`() throws {
    let network = try miniature()
    #expect(throws: NeuralNetworkError.gradientShape(expected: [4, 3], actual: [3, 4])) {
      try network.trainingStep(input: input, seed: 0, step: 0) { _ in Tensor(shape: [3, 4]) }
    }
  }

  @Test func `the loss's own error comes through`() throws {
    let network = try miniature()
    #expect(throws: NeuralNetworkError.labelCount(expected: 4, actual: 1)) {
      try network.trainingStep(input: input, seed: 0, step: 0) {
        try SoftmaxCrossEntropy().evaluate(logits: $0, labels: [0]).gradient
      }
    }
  }

  @Test func `the gradient of the input is there when asked for, with everything frozen too`() throws {
    let network = try miniature(dropout: 0)
    let one = Tensor(shape: [4, 3], repeating: 1)
    let open = try network.backward(
      network.forward(input, phase: .inference, reach: .input), outputGradient: one)
    network.freezeAll()
    let frozen = try network.backward(
      network.forward(input, phase: .inference, reach: .input), outputGradient: one)
    #expect(open?.shape == input.shape)
    #expect(open == frozen)
    #expect(frozen?.values.contains { $0 != 0 } == true)
    #expect(network.parameters.allSatisfy { $0.gradient == nil })
  }
}
