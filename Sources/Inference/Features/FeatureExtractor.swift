import NeuralNetworks
import TensorKernels

/// Computes a recipe's features with a base.
///
/// The base is run up to the last layer that the recipe names, and statistics are made while it runs: what lies behind is
/// neither run nor packed, and no layer's planes of a whole batch are held. A picture's features have the same bits alone,
/// at any place in any batch, and on any number of threads.
public struct FeatureExtractor: Sendable {
  public let recipe: FeatureRecipe
  /// The base up to the last layer named.
  public let network: Network
  /// The number of features.
  public let count: Int
  /// The layers that the recipe names, lowest first.
  let layers: [String]
  let blocks: [FeatureBlock]

  /// The places of each block's features, in the order of the recipe.
  public var blockRanges: [Range<Int>] { blocks.map { $0.first..<$0.first + $0.count } }

  /// - Parameter base: the convolution base, whose layers put out planes of channels.
  /// - Throws: `InferenceError.noSuchFeatures` for an empty recipe, a layer whose output is no planes, or more cells than
  ///   a plane has rows; `NeuralNetworkError.unknownLayer`.
  public init(_ recipe: FeatureRecipe, base: Network) throws {
    guard !recipe.blocks.isEmpty else { throw InferenceError.noSuchFeatures(reason: "a recipe needs at least one block") }
    let names = Set(recipe.blocks.map(\.layer))
    for name in names { _ = try base.outputShape(of: name) }
    layers = base.layers.map(\.name).filter { names.contains($0) }
    var blocks: [FeatureBlock] = []
    var start = 0
    for block in recipe.blocks {
      let made = try FeatureBlock(block, shape: base.outputShape(of: block.layer), first: start)
      blocks.append(made)
      start += made.count
    }
    self.recipe = recipe
    network = try base.prefix(through: layers[layers.count - 1])
    self.blocks = blocks
    count = start
  }

  /// The features of a batch.
  ///
  /// - Parameter pixels: shape [batch, height, width, 3], preprocessed.
  /// - Returns: shape [batch, count], 0 or more.
  /// - Throws: `NeuralNetworkError.networkInput` for another shape.
  public func callAsFunction(_ pixels: Tensor, pool: ThreadPool = .shared) throws -> Tensor {
    guard let batch = pixels.shape.first, batch > 0, pixels.shape.dropFirst().elementsEqual(network.inputShape) else {
      throw NeuralNetworkError.networkInput(expected: "[batch] + \(network.inputShape)", actual: pixels.shape)
    }
    var features = Tensor(shape: [batch, count])
    try features.withUnsafeMutableValues { features in
      try network.withOutputs(at: layers, of: pixels, pool: pool) { output in
        let blocks = blocks.filter { $0.layer == output.layer }
        pool.run(count: output.samples.count * blocks.count) { task, _ in
          let (sample, block) = (task / blocks.count, blocks[task % blocks.count])
          block.write(
            of: output.values.baseAddress! + sample * block.planeCount,
            into: features.baseAddress! + (output.samples.lowerBound + sample) * count + block.first)
        }
      }
    }
    return features
  }
}
