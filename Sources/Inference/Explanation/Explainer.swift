import Backbones
import MedicalImages
import NeuralNetworks
import Synchronization
import TensorKernels

/// Shows where a classifier's answer comes from.
public struct Explainer: Sendable {
  /// Whose answers are explained.
  public let classifier: Classifier
  let pool: ThreadPool
  private let upperParts = UpperParts()

  /// - Parameter classifier: its parameters are frozen, since explaining needs no gradient of theirs; do not go on
  ///   training it.
  public init(_ classifier: Classifier, pool: ThreadPool = .shared) {
    self.classifier = classifier
    self.pool = pool
    classifier.network.base.freezeAll()
    classifier.network.head.freezeAll()
  }

  /// The base's layers, whose outputs are maps of channels, from the picture upwards.
  public var layerNames: [String] { classifier.network.base.layers.map(\.name) }

  /// The last convolution of the base: the finest place where whole findings have channels of their own.
  public var defaultLayer: String {
    let layers = classifier.network.base.layers
    return (layers.last { $0 is Convolution2D } ?? layers[layers.count - 1]).name
  }

  /// What is wrong with a layer that has no map: there is none of that name, or the model looks no further than a layer
  /// before it.
  public func refusal(of layer: String) -> any Error {
    let base = try? VGGArchitecture.named(classifier.description.base.network)
    if classifier.network.features != nil, base?.layerNames.contains(layer) == true {
      return InferenceError.notLookedAt(layer: layer, available: layerNames)
    }
    return NeuralNetworkError.unknownLayer(name: layer, available: layerNames)
  }

  /// A picture as the network gets it. Shape: [1, height, width, 3].
  public func pixels(of picture: Picture) -> Tensor {
    let preprocessing = classifier.preprocessing
    return Tensor(
      shape: [1, preprocessing.height, preprocessing.width, 3], values: preprocessing.tensorValues(of: picture))
  }

  /// A diverged model has numbers that no picture can show.
  func requireFinite(_ values: [Float], of layer: String) throws {
    guard values.allSatisfy(\.isFinite) else { throw InferenceError.notFinite(layer: layer) }
  }

  /// - Throws: `NeuralNetworkError.unknownLayer` naming those there are.
  func output(of layer: String, for pixels: Tensor) throws -> Tensor {
    try classifier.network.base.outputs(at: [layer], of: pixels, pool: pool)[0]
  }

  /// The base's layers above one, with the plans and the arena of earlier pictures.
  ///
  /// - Throws: `NeuralNetworkError.unknownLayer`, or `.noLayers` if there is none above.
  package func upperPart(above layer: String) throws -> Network {
    try upperParts.network(above: layer) { try classifier.network.base.suffix(after: layer) }
  }
}

/// Networks cut from the base, made when a layer is first explained.
private final class UpperParts: Sendable {
  private let networks = Mutex<[String: Network]>([:])

  func network(above layer: String, _ cut: () throws -> Network) throws -> Network {
    try networks.withLock { networks in
      if let network = networks[layer] { return network }
      let network = try cut()
      networks[layer] = network
      return network
    }
  }
}
