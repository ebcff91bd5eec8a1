import Backbones
import NeuralNetworks
import RandomStreams
import TensorKernels

/// A classifier's network: a convolution base and a head that ends in one logit a class.
public struct ClassifierNetwork: Sendable {
  /// Input shape: `[height, width, 3]`, preprocessed pixels. Under a linear head it ends at the last layer that is looked
  /// at.
  public let base: Network
  /// To `[classes]`, from the base's output, or from the features of a linear head.
  public let head: Network
  public let headKind: HeadKind
  /// What a linear head looks at; nil for the others, which look at the base's output.
  public let features: FeatureExtractor?

  /// The names of the head's layers, in which its tensors are stored.
  public static let denseName = "head"
  public static let standardizationName = "standardization"

  /// A network whose head sits on the base's last layer.
  ///
  /// - Parameters:
  ///   - base: the convolution base.
  ///   - headKind: what comes behind it; one of `HeadKind.trainable`.
  ///   - dropout: share of the pooled head's inputs dropped in training.
  ///   - classCount: number of classes, at least 2.
  ///   - seed: of the dense layer's Glorot-uniform first weights; its bias is zero.
  /// - Throws: `NeuralNetworkError` if the head cannot follow the base.
  public init(base: Network, headKind: HeadKind, dropout: Double, classCount: Int, seed: UInt64) throws {
    self.base = base
    self.headKind = headKind
    features = nil
    let inputs: Int
    var layers: [any Layer]
    switch headKind {
    case .flatten:
      inputs = base.outputShape.reduce(1, *)
      layers = [Flatten(name: "flatten")]
    case .pooled:
      inputs = base.outputShape.last ?? 0
      layers = [
        GlobalAveragePooling2D(name: "global_average_pooling"),
        Standardization(name: Self.standardizationName, features: inputs),
      ]
      if dropout > 0 { layers.append(Dropout(name: "dropout", rate: dropout)) }
    case .linear: preconditionFailure("a linear head needs the recipe of its features")
    }
    let dense = Dense(name: Self.denseName, inputs: inputs, outputs: classCount)
    var stream = RandomStream(seed: seed, RandomStream.number(of: "head"))
    dense.initialize(.glorotUniform, stream: &stream)
    layers.append(dense)
    head = try Network(inputShape: base.outputShape, layers: layers)
  }

  /// A network with a linear head on features, whose weights are zero until they are assigned.
  ///
  /// - Parameters:
  ///   - base: the whole convolution base; what lies behind the last layer that is looked at is left out.
  ///   - features: what the head looks at.
  ///   - classCount: number of classes, at least 2.
  /// - Throws: `InferenceError.noSuchFeatures`, `NeuralNetworkError.unknownLayer`.
  public init(base: Network, features recipe: FeatureRecipe, classCount: Int) throws {
    let features = try FeatureExtractor(recipe, base: base)
    self.features = features
    self.base = features.network
    headKind = .linear
    head = try Network(
      inputShape: [features.count],
      layers: [Dense(name: Self.denseName, inputs: features.count, outputs: classCount)])
  }

  /// A network as a model file describes it, before its tensors are loaded.
  ///
  /// - Throws: as the other two.
  init(base: Network, description: ModelDescription) throws {
    if let features = description.features {
      self = try ClassifierNetwork(base: base, features: features, classCount: description.classes.count)
    } else {
      self = try ClassifierNetwork(
        base: base, headKind: description.head.kind, dropout: description.head.dropout,
        classCount: description.classes.count, seed: 0)
    }
  }

  /// - Parameter pixels: shape [batch, height, width, 3], preprocessed.
  /// - Returns: shape [batch, classes].
  /// - Throws: `NeuralNetworkError.networkInput` for another shape.
  public func logits(of pixels: Tensor, pool: ThreadPool = .shared) throws -> Tensor {
    try head(features.map { try $0(pixels, pool: pool) } ?? base(pixels, pool: pool), pool: pool)
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
