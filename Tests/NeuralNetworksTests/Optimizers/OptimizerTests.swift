import NeuralNetworks
import TestSupport
import Testing

@Suite struct OptimizerTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rate: Double
    let momentum: Double?
    let nesterov: Bool?
    let decay: Double?
    let beta1: Double?
    let beta2: Double?
    let epsilon: Double?
    var testDescription: String { name }

    func optimizer() -> any Optimizer {
      if name.hasPrefix("sgd") {
        return SGD(
          learningRate: rate, momentum: momentum ?? 0, nesterov: nesterov ?? false, weightDecay: decay ?? 0)
      }
      return AdamW(
        learningRate: rate, beta1: beta1 ?? 0.9, beta2: beta2 ?? 0.999, epsilon: epsilon ?? 1e-7,
        weightDecay: decay ?? 0.004)
    }
  }

  static let golden = Result { try Golden<[Case]>("optimizers") }

  private func parameters(_ golden: Golden<[Case]>) throws -> [Parameter] {
    try ["kernel", "bias"].map { Parameter(name: $0, value: try golden.tensor("\($0)/0")) }
  }

  /// The golden run's gradients for a step, from 1, and its halved rate from the fourth on.
  private func step(
    _ number: Int, _ optimizer: any Optimizer, _ parameters: [Parameter], _ testCase: Case, _ golden: Golden<[Case]>
  ) throws {
    optimizer.learningRate = number < 4 ? testCase.rate : testCase.rate / 2
    for parameter in parameters { parameter.gradient = try golden.tensor("\(parameter.name)_gradient/\(number)") }
    optimizer.step(parameters)
  }

  @Test func `all golden optimizers are there`() throws {
    #expect(try Self.golden.get().cases.count == 9)
  }

  @Test(arguments: (try? golden.get().cases) ?? [])
  func `six steps agree with Keras`(testCase: Case) throws {
    let golden = try Self.golden.get()
    let optimizer = testCase.optimizer()
    let parameters = try parameters(golden)
    for number in 1...6 {
      let before = parameters.map(\.value.values)
      try step(number, optimizer, parameters, testCase, golden)
      for (parameter, before) in zip(parameters, before) {
        let expected = try golden.tensor("\(testCase.name)/\(parameter.name)/\(number)").values
        #expect(relativeError(parameter.value.values, expected) < 1e-6, "step \(number), \(parameter.name)")
        // The change, as far as the weights' own precision shows it.
        for (index, value) in parameter.value.values.enumerated() {
          let (change, wanted) = (value - before[index], expected[index] - before[index])
          #expect(abs(change - wanted) <= 1e-4 * abs(wanted) + 4 * max(expected[index].ulp, before[index].ulp))
        }
      }
    }
  }

  @Test(arguments: (try? golden.get().cases) ?? [])
  func `a saved state goes on bit by bit`(testCase: Case) throws {
    let golden = try Self.golden.get()
    let (whole, first, second) = (testCase.optimizer(), testCase.optimizer(), testCase.optimizer())
    let (expected, actual) = (try parameters(golden), try parameters(golden))
    for number in 1...6 { try step(number, whole, expected, testCase, golden) }
    for number in 1...3 { try step(number, first, actual, testCase, golden) }
    try second.restore(first.state(), for: actual)
    for number in 4...6 { try step(number, second, actual, testCase, golden) }
    for (a, b) in zip(actual, expected) { #expect(a.value == b.value, "\(a.name)") }
    let (state, other) = (second.state(), whole.state())
    #expect(state == other)
  }

  private func parameter(_ value: Float, gradient: Float, name: String = "layer/kernel") -> Parameter {
    let parameter = Parameter(name: name, value: Tensor(shape: [1], values: [value]))
    parameter.gradient = Tensor(shape: [1], values: [gradient])
    return parameter
  }

  private func path(_ optimizer: any Optimizer, steps: Int) -> [Float] {
    let parameter = parameter(1, gradient: 2)
    return (0..<steps).map { _ in
      optimizer.step([parameter])
      return parameter.value.values[0]
    }
  }

  @Test func `SGD by hand`() {
    #expect(path(SGD(learningRate: 0.25), steps: 2) == [0.5, 0])
    // Velocities -0.5, -0.75.
    #expect(path(SGD(learningRate: 0.25, momentum: 0.5), steps: 2) == [0.5, -0.25])
    // Half the new velocity and the descent: -0.25 - 0.5, -0.375 - 0.5.
    #expect(path(SGD(learningRate: 0.25, momentum: 0.5, nesterov: true), steps: 2) == [0.25, -0.625])
    // An eighth of the weight goes first.
    #expect(path(SGD(learningRate: 0.25, weightDecay: 0.5), steps: 2) == [0.375, -0.171875])
  }

  @Test func `AdamW's first step is as long as the learning rate and its decay is apart`() {
    #expect(abs(path(AdamW(learningRate: 0.125, weightDecay: 0), steps: 1)[0] - 0.875) < 1e-6)
    #expect(abs(path(AdamW(learningRate: 0.125, weightDecay: 0.5), steps: 1)[0] - 0.8125) < 1e-6)
  }

  @Test func `frozen parameters stay as they are`() {
    for optimizer in [SGD(learningRate: 1, weightDecay: 0.5), AdamW(learningRate: 1)] as [any Optimizer] {
      let frozen = parameter(1, gradient: 2)
      frozen.isTrainable = false
      optimizer.step([frozen])
      #expect(frozen.value.values == [1])
      #expect(frozen.version == 0)
    }
  }

  @Test func `a state that does not fit is refused and changes nothing`() throws {
    let parameter = parameter(1, gradient: 2)
    let sgd = SGD(learningRate: 0.25, momentum: 0.5)
    sgd.step([parameter])
    let before = sgd.state()
    #expect(before.keys.sorted() == ["velocity/layer/kernel"])
    func refused(_ optimizer: any Optimizer, _ state: [String: Tensor], key: String) {
      let error = #expect(throws: NeuralNetworkError.self) { try optimizer.restore(state, for: [parameter]) }
      guard case .optimizerState(key: key, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    refused(sgd, ["first_moment/layer/kernel": Tensor(shape: [1])], key: "first_moment/layer/kernel")
    refused(sgd, ["velocity/other/kernel": Tensor(shape: [1])], key: "velocity/other/kernel")
    refused(sgd, ["velocity/layer/kernel": Tensor(shape: [2])], key: "velocity/layer/kernel")
    #expect(sgd.state() == before)
    refused(SGD(learningRate: 1), before, key: "velocity/layer/kernel")

    let adam = AdamW(learningRate: 1)
    adam.step([parameter])
    let state = adam.state()
    #expect(state.keys.sorted() == ["first_moment/layer/kernel", "second_moment/layer/kernel", "steps"])
    refused(adam, state.filter { $0.key != "steps" }, key: "steps")
    for digits: [Float] in [[1, 0], [0.5, 0, 0], [-1, 0, 0], [0, 0x1p20, 0], [.nan, 0, 0]] {
      refused(
        adam, state.merging(["steps": Tensor(shape: [digits.count], values: digits)]) { $1 }, key: "steps")
    }
    refused(adam, state.filter { $0.key != "second_moment/layer/kernel" }, key: "first_moment")
    refused(adam, state.merging(["x": Tensor(shape: [1])]) { $1 }, key: "x")
    #expect(adam.state() == state)
  }

  @Test func `large numbers of steps survive a save`() throws {
    let adam = AdamW(learningRate: 1)
    let digits = Tensor(shape: [3], values: [1_048_575, 3, 1])
    try adam.restore(["steps": digits])
    #expect(adam.state()["steps"] == digits)
  }
}
