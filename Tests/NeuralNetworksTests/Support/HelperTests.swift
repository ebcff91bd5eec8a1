import NeuralNetworks
import TensorKernels
import TestSupport
import Testing

/// The helpers judge everything else here, so they must be able to say no.
@Suite struct HelperTests {
  @Test func `central differences find the gradient of a square`() {
    let point = ramp([3], from: -1)
    let gradient = numericalGradient(at: point) { $0.values.reduce(0) { $0 + Double($1) * Double($1) } }
    #expect(gradient == [-2, 0, 2])
  }

  @Test func `a weighted sum tells elements apart`() {
    let weights = ramp([2], from: 1)
    #expect(weightedSum(Tensor(shape: [2], values: [3, 5]), weights: weights) == 13)
    #expect(weightedSum(Tensor(shape: [2], values: [5, 3]), weights: weights) == 11)
  }

  @Test(arguments: [Lying.Lie.scaled, .shifted, .oneWrong])
  func `a layer with a wrong gradient is found out`(lie: Lying.Lie) throws {
    let honest = try gradientErrors(of: Lying(lie: .none), at: ramp([2, 3], from: 1))
    #expect(honest == ["input": 0, "lying/factor": 0])
    let errors = try gradientErrors(of: Lying(lie: lie), at: ramp([2, 3], from: 1))
    #expect(errors["input"]! > 1e-3)
    #expect(errors["lying/factor"]! > 1e-3)
  }
}

/// Multiplies by a parameter; its gradients are wrong on demand.
final class Lying: Layer {
  enum Lie: Sendable { case none, scaled, shifted, oneWrong }

  let lie: Lie
  let name = "lying"
  let factor = Parameter(name: "lying/factor", value: ramp([3], from: 2))
  var parameters: [Parameter] { [factor] }
  let memory = LayerMemory.newBuffer
  let keeps = KeptValues.input

  init(lie: Lie) { self.lie = lie }

  func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }

  func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    let factors = factor.value.values
    for index in 0..<context.batch * 3 { output[index] = input[index] * factors[index % 3] }
  }

  func backward(_ pass: BackwardPass) {
    let count = pass.context.batch * 3
    let factors = factor.value.values
    let given = (0..<count).map { pass.outputGradient[$0] }
    var gradient = [Float](repeating: 0, count: 3)
    for (index, value) in given.enumerated() { gradient[index % 3] += value * pass.input![index] }
    factor.writeGradient { target in
      for (index, value) in spoiled(gradient).enumerated() { target[index] = value }
    }
    guard let inputGradient = pass.inputGradient else { return }
    for (index, value) in spoiled(given.enumerated().map { $1 * factors[$0 % 3] }).enumerated() {
      inputGradient[index] = value
    }
  }

  private func spoiled(_ gradient: [Float]) -> [Float] {
    switch lie {
    case .none: return gradient
    case .scaled: return gradient.map { $0 * 1.01 }
    case .shifted: return Array(gradient.dropFirst()) + [gradient[0] + 1]
    case .oneWrong: return [gradient[0] + 0.5] + gradient.dropFirst()
    }
  }
}
