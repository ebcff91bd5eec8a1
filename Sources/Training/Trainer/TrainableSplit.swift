import Inference
import NeuralNetworks

/// A classifier's network cut where training starts: below nothing changes, above everything may.
public struct TrainableSplit {
  /// From pixels to features; nil if the very first layer is trained.
  public let frozen: Network?
  /// The layer whose output the features are.
  public let layer: String
  /// Without the batch.
  public let featureShape: [Int]
  /// From features to logits.
  public let trainable: Network

  /// - Parameter trainableFrom: the first layer of the base that is trained; nil for none. Then the head's
  ///   first layer, which has no parameters, counts as frozen too, so that features are as small as can be.
  /// - Throws: `NeuralNetworkError` if the base has no such layer.
  public init(_ network: ClassifierNetwork, trainableFrom: String?) throws {
    let base = network.base
    base.freezeAll()
    guard let first = trainableFrom else {
      let fixed = network.head.layers[0]
      let frozen = try Network(inputShape: base.inputShape, layers: base.layers + [fixed])
      self.frozen = frozen
      // Flattening changes no number, so both heads can share what is cached of the last pooling layer.
      layer = network.headKind == .flatten ? base.layers[base.layers.count - 1].name : fixed.name
      featureShape = frozen.outputShape
      trainable = try Network(inputShape: frozen.outputShape, layers: Array(network.head.layers.dropFirst()))
      return
    }
    guard let index = base.layers.firstIndex(where: { $0.name == first }) else {
      throw NeuralNetworkError.unknownLayer(name: first, available: base.layers.map(\.name))
    }
    for layer in base.layers[index...] { for parameter in layer.parameters { parameter.isTrainable = true } }
    if index == 0 {
      frozen = nil
      layer = "pixels"
      featureShape = base.inputShape
    } else {
      let below = try Network(inputShape: base.inputShape, layers: Array(base.layers[..<index]))
      frozen = below
      layer = base.layers[index - 1].name
      featureShape = below.outputShape
    }
    trainable = try Network(
      inputShape: featureShape, layers: Array(base.layers[index...]) + network.head.layers)
  }
}
