import NeuralNetworks
import TestSupport
import Testing

/// Every layer's gradients against central differences.
///
/// Inputs and kernels are whole numbers and biases lie half-way between two, so that no ReLU is within the step of
/// its kink and no pooling window has two largest values: there every layer is linear, and the differences are exact
/// but for rounding.
@Suite struct FiniteDifferenceTests {
  private func check(
    _ layer: any Layer, at input: Tensor, phase: Phase = .inference, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for (index, parameter) in layer.parameters.enumerated() {
      parameter.value = integers(parameter.shape, from: -2, through: 2, salt: UInt64(index) + 20)
      if parameter.name.hasSuffix("/bias") { parameter.update { for i in $0.indices { $0[i] += 0.5 } } }
    }
    let errors = try gradientErrors(of: layer, at: input, phase: phase)
    #expect(errors.count == layer.parameters.count + 1, sourceLocation: sourceLocation)
    for (name, error) in errors { #expect(error < 1e-4, "\(name)", sourceLocation: sourceLocation) }
  }

  @Test(arguments: [Padding.same, .valid, .explicit(top: 0, left: 2, bottom: 1, right: 0)], [1, 2])
  func `a convolution`(padding: Padding, stride: Int) throws {
    try check(
      Convolution2D(
        name: "layer", inputChannels: 2, outputChannels: 3, kernel: 3, stride: Size2D(height: stride, width: 1),
        padding: padding),
      at: integers([2, 5, 4, 2], from: -2, through: 2, salt: 1))
  }

  @Test func `a convolution with a kernel that is not square`() throws {
    try check(
      Convolution2D(
        name: "layer", inputChannels: 2, outputChannels: 2, kernel: Size2D(height: 2, width: 4), padding: .same),
      at: integers([1, 5, 6, 2], from: -2, through: 2, salt: 2))
  }

  @Test func `a convolution with its own ReLU`() throws {
    try check(
      Convolution2D(name: "layer", inputChannels: 2, outputChannels: 3, kernel: 3, padding: .same, activation: .relu),
      at: integers([2, 4, 4, 2], from: -2, through: 2, salt: 3))
  }

  @Test func `a convolution without bias`() throws {
    try check(
      Convolution2D(name: "layer", inputChannels: 3, outputChannels: 2, kernel: 1, hasBias: false),
      at: integers([2, 3, 4, 3], from: -2, through: 2, salt: 4))
  }

  @Test(arguments: [Padding.same, .valid, .explicit(top: 0, left: 2, bottom: 1, right: 0)], [1, 2])
  func `a depthwise convolution`(padding: Padding, stride: Int) throws {
    for isRectified in [false, true] {
      try check(
        DepthwiseConvolution2D(
          name: "layer", channels: 9, kernel: 3, stride: Size2D(height: stride, width: stride), padding: padding,
          activation: isRectified ? .relu : .none),
        at: integers([2, 5, 4, 9], from: -2, through: 2, salt: 15))
    }
  }

  @Test func `a dense layer with and without its own ReLU`() throws {
    let input = integers([3, 5], from: -2, through: 2, salt: 5)
    try check(Dense(name: "layer", inputs: 5, outputs: 4), at: input)
    try check(Dense(name: "layer", inputs: 5, outputs: 4, activation: .relu), at: input)
  }

  @Test func `a ReLU`() throws {
    var input = integers([2, 3, 4], from: -3, through: 2, salt: 6)
    input.withUnsafeMutableValues { for index in $0.indices { $0[index] += 0.5 } }
    try check(ReLU(name: "layer"), at: input)
  }

  @Test(arguments: [Padding.same, .valid])
  func `poolings`(padding: Padding) throws {
    let (window, stride) = (Size2D(height: 3, width: 2), Size2D(height: 2, width: 1))
    try check(
      MaxPooling2D(name: "layer", window: window, stride: stride, padding: padding),
      at: scattered([2, 5, 4, 3], salt: 7))
    try check(
      AveragePooling2D(name: "layer", window: window, stride: stride, padding: padding),
      at: integers([2, 5, 4, 3], from: -2, through: 2, salt: 7))
  }

  @Test func `global average pooling`() throws {
    try check(GlobalAveragePooling2D(name: "layer"), at: integers([2, 3, 4, 5], from: -2, through: 2, salt: 8))
  }

  @Test func `flatten`() throws {
    try check(Flatten(name: "layer"), at: integers([2, 3, 2, 2], from: -4, through: 4, salt: 9))
  }

  @Test func `dropout in training and in inference`() throws {
    let input = integers([3, 4, 5], from: 1, through: 4, salt: 10)
    try check(Dropout(name: "layer", rate: 0.4), at: input, phase: .training(seed: 3, step: 5))
    try check(Dropout(name: "layer", rate: 0.4), at: input)
  }

  @Test(arguments: [Float(0), 0.15], [nil, [0.5, 2, 1, 0] as [Float]?])
  func `softmax with cross-entropy`(smoothing: Float, weights: [Float]?) throws {
    let loss = SoftmaxCrossEntropy(classWeights: weights, labelSmoothing: smoothing)
    let logits = normals([5, 4], salt: 11)
    let labels = [3, 0, 1, 1, 2]
    let expected = try numericalGradient(at: logits, step: 0x1p-8) {
      try loss.evaluate(logits: $0, labels: labels).loss
    }
    #expect(relativeError(try loss.evaluate(logits: logits, labels: labels).gradient.values, expected) < 1e-4)
  }

  @Test func `a whole network`() throws {
    let network = try miniature()
    let input = normals([2, 16, 16, 3], salt: 12)
    let loss = SoftmaxCrossEntropy()
    func evaluate() throws -> (loss: Double, probabilities: Tensor, gradient: Tensor) {
      let pass = try network.forward(input, phase: .training(seed: 1, step: 2))
      return try loss.evaluate(logits: pass.output, labels: [2, 0])
    }
    try network.trainingStep(input: input, seed: 1, step: 2) {
      try loss.evaluate(logits: $0, labels: [2, 0]).gradient
    }
    // A few elements of each parameter, where the step is small against the distance to the nearest kink.
    for parameter in network.parameters {
      let gradient = try #require(parameter.gradient).values
      let largest = try #require(gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) })
      let value = parameter.value
      func loss(changedBy step: Float) throws -> Double {
        parameter.value = value
        parameter.update { $0[largest] += step }
        return try evaluate().loss
      }
      let step: Float = 0x1p-9
      let slope = (try loss(changedBy: step) - loss(changedBy: -step)) / (2 * Double(step))
      parameter.value = value
      #expect(abs(slope - Double(gradient[largest])) < 0.02 * abs(slope), "\(parameter.name)")
    }
  }
}
