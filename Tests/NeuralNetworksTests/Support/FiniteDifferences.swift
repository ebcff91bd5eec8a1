import NeuralNetworks
import TestSupport
import Testing

/// The gradient of a function by central differences.
///
/// Where `function` is linear within `step` of the point, as a layer's weighted output is away from the kinks of a
/// ReLU, the step may be large, and then single precision is enough.
///
/// - Parameter step: the change of one element; a power of two keeps the changed elements exact.
func numericalGradient(
  at point: Tensor, step: Float = 0x1p-4, of function: (Tensor) throws -> Double
) rethrows -> [Float] {
  var gradient: [Float] = []
  for index in 0..<point.count {
    var (above, below) = (point, point)
    above.withUnsafeMutableValues { $0[index] += step }
    below.withUnsafeMutableValues { $0[index] -= step }
    gradient.append(Float((try function(above) - function(below)) / (2 * Double(step))))
  }
  return gradient
}

/// A number that depends on every element differently: the sum of the elements, each times its own weight.
func weightedSum(_ tensor: Tensor, weights: Tensor) -> Double {
  precondition(tensor.shape == weights.shape)
  return zip(tensor.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// Compares the gradients that a layer computes, of its input and of each parameter, with finite differences.
///
/// - Returns: the relative error of each, by name; `input` is the input's.
func gradientErrors(
  of layer: any Layer, at input: Tensor, phase: Phase = .inference, step: Float = 0x1p-4
) throws -> [String: Double] {
  let network = try Network(inputShape: Array(input.shape.dropFirst()), layers: [layer])
  func output(for input: Tensor) throws -> Tensor {
    try network.forward(input, phase: phase, reach: .input).output
  }
  let pass = try network.forward(input, phase: phase, reach: .input)
  let weights = integers(pass.output.shape, from: -3, through: 3, salt: 7)
  let returned = try network.backward(pass, outputGradient: weights)
  let inputGradient = try #require(returned)
  var errors = [
    "input": relativeError(
      inputGradient.values,
      try numericalGradient(at: input, step: step) { weightedSum(try output(for: $0), weights: weights) })
  ]
  #expect(inputGradient.shape == input.shape)
  for parameter in layer.parameters {
    let value = parameter.value
    let expected = try numericalGradient(at: value, step: step) {
      parameter.value = $0
      return weightedSum(try output(for: input), weights: weights)
    }
    parameter.value = value
    errors[parameter.name] = relativeError(try #require(parameter.gradient).values, expected)
  }
  return errors
}
