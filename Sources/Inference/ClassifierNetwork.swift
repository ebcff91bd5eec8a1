import Backbones
import NeuralNetworks
import RandomStreams

/// A classifier's network: a convolution base and a head that ends in one logit a class.
public struct ClassifierNetwork: Sendable {
  /// Input shape: `[height, width, 3]`, preprocessed pixels.
  public let base: Network
  /// From the base's output to `[classes]`.
  public let head: Network
  public let headKind: HeadKind

  /// The names of the head's layers, in which its tensors are stored.
  public static let denseName = "head"
  public static let standardizationName = "standardization"

  /// - Parameters:
  ///   - base: the convolution base.
  ///   - headKind: what comes behind it.
  ///   - dropout: share of the pooled head's inputs dropped in training.
  ///   - classCount: number of classes, at least 2.
  ///   - seed: of the dense layer's Glorot-uniform first weights; its bias is zero.
  /// - Throws: `NeuralNetworkError` if the head cannot follow the base.
  public init(base: Network, headKind: HeadKind, dropout: Double, classCount: Int, seed: UInt64) throws {
    self.base = base
    self.headKind = headKind
    let features: Int
    var layers: [any Layer]
    switch headKind {
    case .flatten:
      features = base.outputShape.reduce(1, *)
      layers = [Flatten(name: "flatten")]
    case .pooled:
      features = base.outputShape.last ?? 0
      layers = [
        GlobalAveragePooling2D(name: "global_average_pooling"),
        Standardization(name: Self.standardizationName, features: features),
      ]
      if dropout > 0 { layers.append(Dropout(name: "dropout", rate: dropout)) }
    }
    let dense = Dense(name: Self.denseName, inputs: features, outputs: classCount)
    var stream = RandomStream(seed: seed, RandomStream.number(of: "head"))
    dense.initialize(.glorotUniform, stream: &stream)
    layers.append(dense)
    head = try Network(inputShape: base.outputShape, layers: layers)
  }

  /// The parameters a model file holds: the head's, and the base's from its first trained layer on.
  public func storedParameters(trainableFrom: String?) -> [Parameter] {
    var trained: [Parameter] = []
    if let first = trainableFrom, let index = base.layers.firstIndex(where: { $0.name == first }) {
      trained = base.layers[index...].flatMap(\.parameters)
    }
    return trained + head.parameters
  }

  /// The head's standardisation, if it has one.
  public var standardization: Standardization? {
    head.layers.lazy.compactMap { $0 as? Standardization }.first
  }
}
