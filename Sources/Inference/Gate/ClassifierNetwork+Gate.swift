import NeuralNetworks
import TensorKernels

extension ClassifierNetwork {
  /// Logits, and what a gate looks at, from one pass over the base.
  ///
  /// - Parameters:
  ///   - pixels: shape [batch, height, width, 3], preprocessed.
  ///   - layer: of the base.
  /// - Returns: logits, shape [batch, classes], with the bits of a plain run; roots, shape [batch, channels].
  /// - Throws: `NeuralNetworkError.networkInput`, `.unknownLayer`.
  func logits(
    of pixels: Tensor, rootsAt layer: String, pool: ThreadPool
  ) throws -> (logits: Tensor, roots: [[Float]]) {
    if let features {
      let rows = try features(pixels, pool: pool)
      if let range = features.range(of: layer, .mean) {
        let count = features.count
        let roots = rows.withUnsafeValues { values in
          (0..<rows.shape[0]).map { row in
            Array(values[row * count + range.lowerBound..<row * count + range.upperBound])
          }
        }
        return (try head(rows, pool: pool), roots)
      }
      // A head that looks at something else needs a pass of its own for the gate.
      return (try head(rows, pool: pool), try base.roots(of: pixels, at: layer, pool: pool))
    }
    let (output, roots) = try base.output(of: pixels, rootsAt: layer, pool: pool)
    return (try head(output, pool: pool), roots)
  }
}

extension FeatureExtractor {
  /// The places of one block's features; nil if the recipe does not have it.
  func range(of layer: String, _ statistic: FeatureRecipe.Statistic) -> Range<Int>? {
    zip(recipe.blocks, blockRanges).first { $0.0.layer == layer && $0.0.statistic == statistic }?.1
  }
}

extension Network {
  /// A network's output, and the roots of one layer's means over positions, from one pass.
  ///
  /// - Returns: the output, shape [batch] + outputShape; roots, shape [batch, channels].
  package func output(
    of input: Tensor, rootsAt layer: String, pool: ThreadPool
  ) throws -> (output: Tensor, roots: [[Float]]) {
    var output = Tensor(shape: [max(1, input.shape.first ?? 1)] + outputShape)
    let roots = try run(input, into: &output, rootsAt: layer, pool: pool)
    return (output, roots)
  }

  /// The same into a tensor that is there already.
  package func run(
    _ input: Tensor, into output: inout Tensor, rootsAt layer: String, pool: ThreadPool
  ) throws -> [[Float]] {
    let last = layers[layers.count - 1].name
    let size = outputShape.reduce(1, *)
    var roots = [[Float]](repeating: [], count: input.shape.first ?? 0)
    try withOutputs(at: [layer, last], of: input, pool: pool) { part in
      if part.layer == last {
        output.withUnsafeMutableValues { values in
          _ = UnsafeMutableBufferPointer(rebasing: values[part.samples.lowerBound * size..<part.samples.upperBound * size])
            .update(from: part.values)
        }
      }
      if part.layer == layer { PositionRoots.forEach(of: part) { roots[$0] = $1 } }
    }
    return roots
  }

  /// The roots alone; layers behind the one named are not run.
  package func roots(of input: Tensor, at layer: String, pool: ThreadPool) throws -> [[Float]] {
    var roots = [[Float]](repeating: [], count: input.shape.first ?? 0)
    try withOutputs(at: [layer], of: input, pool: pool) { part in
      PositionRoots.forEach(of: part) { roots[$0] = $1 }
    }
    return roots
  }
}
