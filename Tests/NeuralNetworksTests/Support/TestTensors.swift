import NeuralNetworks
import RandomStreams

/// 0, 1, 2, ... in the tensor's order, times `step`, from `start`.
func ramp(_ shape: [Int], from start: Float = 0, step: Float = 1) -> Tensor {
  Tensor(shape: shape, values: (0..<shape.reduce(1, *)).map { start + Float($0) * step })
}

/// Whole numbers in a range, scattered. Sums and products of small ones are exact in single precision.
func integers(_ shape: [Int], from low: Int, through high: Int, salt: UInt64) -> Tensor {
  var stream = RandomStream(seed: salt)
  return Tensor(
    shape: shape, values: (0..<shape.reduce(1, *)).map { _ in Float(low + stream.index(below: high - low + 1)) })
}

/// All different, at least 1 apart, scattered: no window has two largest values.
func scattered(_ shape: [Int], salt: UInt64) -> Tensor {
  var stream = RandomStream(seed: salt)
  return Tensor(shape: shape, values: stream.permutation(of: shape.reduce(1, *)).map { Float($0) })
}

func normals(_ shape: [Int], salt: UInt64, scale: Float = 1) -> Tensor {
  var stream = RandomStream(seed: salt)
  return Tensor(shape: shape, values: (0..<shape.reduce(1, *)).map { _ in Float(stream.normal()) * scale })
}

/// A picture network in miniature, with every kind of layer: convolutions with and without their own ReLU, a layer
/// that runs in place behind each kind of neighbour, both poolings, a reshape in the middle and dropout.
func miniature(budget: Int = 32 << 20, seed: UInt64 = 1, dropout: Double = 0.5) throws -> Network {
  var stream = RandomStream(seed: seed)
  let first = Convolution2D(
    name: "first", inputChannels: 3, outputChannels: 8, kernel: 3, padding: .same, activation: .relu)
  let second = Convolution2D(name: "second", inputChannels: 8, outputChannels: 12, kernel: 3, padding: .same)
  let third = Convolution2D(
    name: "third", inputChannels: 12, outputChannels: 16, kernel: 3, padding: .same, activation: .relu)
  let fourth = Dense(name: "fourth", inputs: 4 * 4 * 16, outputs: 20, activation: .relu)
  let last = Dense(name: "last", inputs: 20, outputs: 3)
  for layer in [first, second, third] { layer.initialize(.heNormal, stream: &stream) }
  for layer in [fourth, last] { layer.initialize(.glorotUniform, stream: &stream) }
  return try Network(
    inputShape: [16, 16, 3],
    layers: [
      first, MaxPooling2D(name: "pool"), second, ReLU(name: "relu"), Dropout(name: "early", rate: dropout),
      AveragePooling2D(name: "mean"), third, Flatten(name: "flatten"), Dropout(name: "late", rate: dropout), fourth,
      last,
    ],
    activationBudget: budget)
}
