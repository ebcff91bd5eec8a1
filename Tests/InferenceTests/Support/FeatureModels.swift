import Digests
import Foundation
import Inference
import MedicalImages
import NeuralNetworks
import RandomStreams

/// Small bases and classifiers that look at features.
enum FeatureModels {
  static let layers = ["conv1", "pool1", "conv2", "pool2", "conv3"]

  /// From `[12, 12, 3]`; "conv3" lies behind everything that `recipe` looks at.
  static func base(seed: UInt64 = 3) throws -> Network {
    var stream = RandomStream(seed: seed, RandomStream.number(of: "base"))
    func convolution(_ name: String, _ inputs: Int, _ outputs: Int) -> Convolution2D {
      let layer = Convolution2D(
        name: name, inputChannels: inputs, outputChannels: outputs, kernel: 3, padding: .same, activation: .relu)
      layer.initialize(.heNormal, stream: &stream)
      return layer
    }
    return try Network(
      inputShape: [12, 12, 3],
      layers: [
        convolution("conv1", 3, 4), MaxPooling2D(name: "pool1", window: 2), convolution("conv2", 4, 5),
        MaxPooling2D(name: "pool2", window: 2), convolution("conv3", 5, 6),
      ])
  }

  static let recipe = FeatureRecipe(blocks: [
    .init(layer: "pool1", statistic: .mean), .init(layer: "pool2", statistic: .deviation),
    .init(layer: "pool1", statistic: .cellDeviation(4)), .init(layer: "conv2", statistic: .cells(2)),
    .init(layer: "pool2", statistic: .positions), .init(layer: "pool1", statistic: .deviation),
  ])
  /// pool1: 6 x 6 x 4, conv2: 6 x 6 x 5, pool2: 3 x 3 x 5.
  static let count = 4 + 5 + 4 + 4 * 5 + 9 * 5 + 4

  /// A classifier whose head has drawn weights.
  static func network(recipe: FeatureRecipe = recipe, classes: Int = 3) throws -> ClassifierNetwork {
    let network = try ClassifierNetwork(base: base(), features: recipe, classCount: classes)
    var stream = RandomStream(seed: 8, RandomStream.number(of: "linear head"))
    for parameter in network.head.parameters {
      try parameter.assign(
        Tensor(
          shape: parameter.shape,
          values: (0..<parameter.shape.reduce(1, *)).map { _ in Float(stream.normal()) }))
    }
    return network
  }

  static func description(recipe: FeatureRecipe? = recipe, head: HeadKind = .linear) -> ModelDescription {
    var description = Models.description(classes: ["Cyst", "Normal", "Tumor"], side: 12)
    description.head = .init(kind: head, dropout: 0)
    description.features = recipe
    return description
  }

  static func classifier() throws -> Classifier {
    Classifier(description: description(), modelDigest: ContentDigest(of: "linear"), network: try network())
  }

  /// Drawn pixels. Shape: [batch, 12, 12, 3].
  static func pixels(_ batch: Int, seed: UInt64 = 4) -> Tensor {
    var stream = RandomStream(seed: seed, RandomStream.number(of: "pixels"))
    return Tensor(shape: [batch, 12, 12, 3], values: (0..<batch * 432).map { _ in Float(stream.normal() * 50) })
  }
}
