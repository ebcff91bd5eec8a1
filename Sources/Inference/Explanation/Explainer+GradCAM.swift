import NeuralNetworks
import TensorKernels

extension Explainer {
  /// Grad-CAM: a layer's channels, each weighed by the mean over its places of the class's gradient, summed; what
  /// speaks against the class is cut off.
  ///
  /// Source: Selvaraju et al., "Grad-CAM: Visual explanations from deep networks via gradient-based localization" (2017),
  /// equations 1 and 2. The gradient is that of the class's logit, before the softmax.
  ///
  /// - Parameters:
  ///   - pixels: shape [1, height, width, 3], preprocessed.
  ///   - classIndex: the class whose evidence is looked for.
  ///   - layer: of the base; nil takes `defaultLayer`.
  /// - Returns: a map of the layer's size; its strength is in units of the weighted sum.
  /// - Throws: `NeuralNetworkError.unknownLayer` naming the layers there are; `InferenceError.notFinite`;
  ///   `BackboneError.changed` if the base's file is damaged.
  public func gradCAM(of pixels: Tensor, classIndex: Int, layer: String? = nil) throws -> EvidenceMap {
    let layer = layer ?? defaultLayer
    let activations = try output(of: layer, for: pixels)
    let gradient = try gradient(ofLogit: classIndex, above: layer, activations: activations)
    let (height, width, channels) = (activations.shape[1], activations.shape[2], activations.shape[3])
    let places = height * width
    let evidence = activations.withUnsafeValues { activations in
      gradient.withUnsafeValues { gradient in
        var weights = [Double](repeating: 0, count: channels)
        for place in 0..<places {
          for channel in 0..<channels { weights[channel] += Double(gradient[place * channels + channel]) }
        }
        return (0..<places).map { place in
          var sum = 0.0
          for channel in 0..<channels {
            sum += weights[channel] / Double(places) * Double(activations[place * channels + channel])
          }
          return Float(sum)
        }
      }
    }
    try classifier.checkBase()
    try requireFinite(evidence, of: layer)
    return EvidenceMap(height: height, width: width, evidence: evidence)
  }

  /// The gradient of one class's logit with respect to a layer's output.
  ///
  /// - Returns: shape: that of `activations`.
  private func gradient(ofLogit classIndex: Int, above layer: String, activations: Tensor) throws -> Tensor {
    let (base, head) = (classifier.network.base, classifier.network.head)
    precondition(classifier.classes.indices.contains(classIndex), "there is no class \(classIndex)")
    if let features = classifier.network.features {
      return try features.gradient(
        above: layer, activations: activations, pool: pool,
        featureWeights: { try inputGradient(of: head, at: $0) { _ in oneHot(classIndex) } })
    }
    guard base.layers.last?.name != layer else {
      return try inputGradient(of: head, at: activations) { _ in oneHot(classIndex) }
    }
    return try inputGradient(of: upperPart(above: layer), at: activations) { features in
      try inputGradient(of: head, at: features) { _ in oneHot(classIndex) }
    }
  }

  /// One in the place of a class, for one picture.
  private func oneHot(_ classIndex: Int) -> Tensor {
    var logit = Tensor(shape: [1, classifier.classes.count])
    logit.withUnsafeMutableValues { $0[classIndex] = 1 }
    return logit
  }

  /// - Parameter outputGradient: gets the network's output and returns the gradient with respect to it.
  /// - Returns: the gradient with respect to the network's input.
  private func inputGradient(
    of network: Network, at input: Tensor, outputGradient: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    try network.inputGradient(at: input, pool: pool, outputGradient: outputGradient)
  }
}

extension Network {
  /// - Parameter outputGradient: gets the network's output and returns the gradient with respect to it.
  /// - Returns: the gradient with respect to the network's input.
  func inputGradient(
    at input: Tensor, pool: ThreadPool, outputGradient: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let pass = try forward(input, phase: .inference, reach: .input, pool: pool)
    let output = try outputGradient(pass.output)
    guard let gradient = try backward(pass, outputGradient: output) else {
      preconditionFailure("a pass that reaches the input has a gradient there")
    }
    return gradient
  }
}
