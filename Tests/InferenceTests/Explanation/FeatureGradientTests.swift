import Digests
import Inference
import NeuralNetworks
import RandomStreams
import TensorKernels
import TestSupport
import Testing

@Suite struct FeatureGradientTests {
  private static let looked = ["conv1", "pool1", "conv2", "pool2"]

  @Test(arguments: looked)
  func `the gradient of a logit is that of finite differences`(layer: String) throws {
    let network = try FeatureModels.network()
    let extractor = try #require(network.features)
    let pixels = FeatureModels.pixels(1)
    let activations = try network.base.prefix(through: layer)(pixels)
    let above = try logits(above: layer, of: network)
    let kernel = try network.head.parameter(named: "head/kernel").value
    for classIndex in 0..<3 {
      var weights = Tensor(shape: [1, extractor.count])
      weights.withUnsafeMutableValues { weights in
        kernel.withUnsafeValues { for index in weights.indices { weights[index] = $0[index * 3 + classIndex] } }
      }
      let gradient = try extractor.gradient(
        above: layer, activations: activations, pool: .shared, featureWeights: { _ in weights })
      #expect(gradient.shape == activations.shape)
      for seed in 0..<4 as Range<UInt64> {
        let (difference, predicted) = try slopes(
          of: above, at: activations, gradient: gradient, classIndex: classIndex, seed: seed)
        #expect(abs(difference - predicted) < 0.01 * max(1, abs(difference)), "\(layer), \(difference), \(predicted)")
      }
    }
  }

  /// A function of what `layer` puts out: the logits by the features of that layer and those behind it.
  private func logits(above layer: String, of network: ClassifierNetwork) throws -> (Tensor) throws -> [Double] {
    let base = network.base
    let place = try #require(base.layers.firstIndex { $0.name == layer })
    let rest = try Network(
      inputShape: base.outputShape(of: layer), layers: [ReLU(name: layer)] + Array(base.layers[(place + 1)...]))
    let names = Set(rest.layers.map(\.name))
    let kernel = try network.head.parameter(named: "head/kernel").value.values
    var kept: [(extractor: FeatureExtractor, start: Int)] = []
    var start = 0
    for block in FeatureModels.recipe.blocks {
      let recipe = FeatureRecipe(blocks: [block])
      if names.contains(block.layer) { kept.append((try FeatureExtractor(recipe, base: rest), start)) }
      start += try FeatureExtractor(recipe, base: base).count
    }
    return { activations in
      var logits = [0.0, 0, 0]
      for (extractor, start) in kept {
        for (index, value) in try extractor(activations).values.enumerated() {
          for label in 0..<3 { logits[label] += Double(value) * Double(kernel[(start + index) * 3 + label]) }
        }
      }
      return logits
    }
  }

  /// Along a drawn direction in which values that are zero stay zero: there a root or a ReLU has no derivative.
  private func slopes(
    of logits: (Tensor) throws -> [Double], at activations: Tensor, gradient: Tensor, classIndex: Int, seed: UInt64
  ) throws -> (difference: Double, predicted: Double) {
    var stream = RandomStream(seed: seed, RandomStream.number(of: "direction"))
    let values = activations.values
    let direction = values.map { $0 > 0 ? Float(stream.normal()) * min(1, $0) : 0 }
    let step: Float = 1e-3
    func moved(_ step: Float) throws -> Double {
      try logits(
        Tensor(shape: activations.shape, values: zip(values, direction).map { $0 + step * $1 }))[classIndex]
    }
    let predicted = zip(gradient.values, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return ((try moved(step) - moved(-step)) / Double(2 * step), predicted)
  }

  @Test func `every layer that counts has a map, and one behind them is refused`() throws {
    let explainer = Explainer(try FeatureModels.classifier())
    #expect(explainer.layerNames == Self.looked)
    #expect(explainer.defaultLayer == "conv2")
    let pixels = FeatureModels.pixels(1)
    for layer in Self.looked {
      let maps = try (0..<3).map { try explainer.gradCAM(of: pixels, classIndex: $0, layer: layer) }
      #expect(maps.contains { $0.strength > 0 }, "\(layer)")
      #expect(try explainer.activations(of: pixels, layer: layer).width > 0)
    }
    #expect(throws: NeuralNetworkError.unknownLayer(name: "conv3", available: Self.looked)) {
      try explainer.gradCAM(of: pixels, classIndex: 0, layer: "conv3")
    }
    let behind = "\(explainer.refusal(of: "block5_conv3"))"
    #expect(behind.contains("does not look at layer 'block5_conv3'") && behind.contains("ends at 'pool2'"))
    #expect("\(explainer.refusal(of: "block9"))".contains("There is no layer 'block9'"))
    let map = try explainer.occlusion(of: pixels, classIndex: 1, patch: OcclusionPatch(side: 4, step: 4))
    #expect(map.height == 12 && map.width == 12)
  }
}
