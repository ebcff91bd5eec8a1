import NeuralNetworks
import TensorKernels

extension FeatureExtractor {
  /// The gradient of a function of the features with respect to a layer's output.
  ///
  /// A feature of a layer at or behind the one named depends on its output, and counts; one of a layer before it does
  /// not. The head must be linear: its derivative is asked for once, at any features.
  ///
  /// - Parameters:
  ///   - layer: of the network.
  ///   - activations: what it puts out, for one picture. Shape: [1, height, width, channels].
  ///   - featureWeights: gets features, shape [1, count], and returns the function's derivative by each, in that shape.
  /// - Returns: shape: that of `activations`.
  /// - Throws: `NeuralNetworkError.unknownLayer`, and what `featureWeights` throws.
  package func gradient(
    above layer: String, activations: Tensor, pool: ThreadPool, featureWeights: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let names = network.layers.map(\.name)
    guard let place = names.firstIndex(of: layer) else {
      throw NeuralNetworkError.unknownLayer(name: layer, available: names)
    }
    // The layers whose features depend on it, from the one named upwards.
    let above = layers.filter { (names.firstIndex(of: $0) ?? 0) >= place }
    let weights = try featureWeights(Tensor(shape: [1, count]))
    return try gradient(from: layer, at: activations, through: above[...], weights: weights, pool: pool)
  }

  /// - Parameters:
  ///   - above: the layers that are looked at, at or behind `layer`, lowest first.
  private func gradient(
    from layer: String, at activations: Tensor, through above: ArraySlice<String>, weights: Tensor, pool: ThreadPool
  ) throws -> Tensor {
    guard let next = above.first else { return Tensor(shape: activations.shape) }
    guard next == layer else {
      let way = try network.suffix(after: layer).prefix(through: next)
      return try way.inputGradient(at: activations, pool: pool) { output in
        try gradient(from: next, at: output, through: above, weights: weights, pool: pool)
      }
    }
    var sum = try gradient(from: layer, at: activations, through: above.dropFirst(), weights: weights, pool: pool)
    addOwnGradient(of: layer, at: activations, weights: weights, to: &sum)
    return sum
  }

  /// Adds the derivative of a weighted sum of the features made of one layer, those of layers behind it left aside.
  ///
  /// - Parameters:
  ///   - activations: what the layer puts out, for one picture. Shape: [1, height, width, channels].
  ///   - weights: of all features. Shape: [1, count].
  ///   - gradient: in the shape of `activations`.
  func addOwnGradient(of layer: String, at activations: Tensor, weights: Tensor, to gradient: inout Tensor) {
    gradient.withUnsafeMutableValues { gradient in
      activations.withUnsafeValues { values in
        weights.withUnsafeValues { weights in
          for block in blocks where block.layer == layer {
            block.addGradient(
              at: values.baseAddress!, weights: weights.baseAddress! + block.first, to: gradient.baseAddress!)
          }
        }
      }
    }
  }
}
