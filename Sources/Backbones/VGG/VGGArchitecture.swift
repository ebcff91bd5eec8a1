/// The family of networks by Simonyan and Zisserman (arXiv 1409.1556): blocks of 3x3 convolutions, each block ending in
/// a 2x2 maximum pooling.
///
/// The layer table is data, so that the same code reads, checks and builds VGG-16 and the tiny networks of the tests.
public struct VGGArchitecture: Sendable, Equatable {
  /// A 3 x 3 convolution: its name and its channels.
  public struct Convolution: Sendable, Equatable {
    /// Keras's name, such as `block3_conv2`.
    public let name: String
    /// Channels of the pictures or features that come in.
    public let inputChannels: Int
    /// Channels that go out, the number of filters.
    public let outputChannels: Int
  }

  /// A layer of the classifier: its name, inputs and outputs.
  public struct DenseLayer: Sendable, Equatable {
    /// Keras's name, such as `fc1`.
    public let name: String
    /// Numbers that come in for a picture.
    public let inputs: Int
    /// Units.
    public let outputs: Int
  }

  /// A tensor that a weight file must hold.
  public struct TensorSpecification: Sendable, Equatable {
    /// Keras's name of the layer.
    public let layer: String
    /// What the tensor is in its layer.
    public let role: Role
    /// Keras's order: [height, width, inputs, outputs] for a convolution's kernel, [inputs, outputs] for a dense one, [outputs] for a
    /// bias.
    public let shape: [Int]

    /// What the tensor is in its layer.
    public enum Role: String, Sendable { case kernel, bias }

    /// Its name in a stored file: `block1_conv1/kernel`.
    public var key: String { "\(layer)/\(role.rawValue)" }
  }

  /// Such as `vgg16`, the name in the store and in model files.
  public let name: String
  /// Output channels of the convolutions, block by block.
  public let blocks: [[Int]]
  /// Those of a picture.
  public let inputChannels = 3
  /// The units of `fc1`, `fc2` and `predictions`.
  public let topUnits: [Int]
  /// Height and width of the pictures that the top was made for.
  public let topInputSide: Int

  /// - Parameters:
  ///   - blocks: output channels of each block's convolutions; a pooling follows each block.
  ///   - topInputSide: in pixels, a multiple of two for each block.
  public init(name: String, blocks: [[Int]], topUnits: [Int], topInputSide: Int) {
    self.name = name
    self.blocks = blocks
    self.topUnits = topUnits
    self.topInputSide = topInputSide
  }

  /// Configuration D of the paper; thirteen convolutions, 14,714,688 parameters without the top.
  public static let vgg16 = VGGArchitecture(
    name: "vgg16",
    blocks: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]],
    topUnits: [4096, 4096, 1000], topInputSide: 224)

  /// The networks that a model file may name as its base: those whose weights the store knows.
  public static let known = WeightCatalogueEntry.all.map(\.architecture)

  /// - Throws: `BackboneError.unknownNetwork` naming those known.
  public static func named(_ name: String) throws -> VGGArchitecture {
    guard let architecture = known.first(where: { $0.name == name }) else {
      throw BackboneError.unknownNetwork(name: name, known: known.map(\.name))
    }
    return architecture
  }

  /// Keras's names of the classifier's layers, from below.
  public static let topLayerNames = ["fc1", "fc2", "predictions"]

  /// The names of convolutions and poolings.
  public var layerNames: [String] { convolutions.map(\.name) + blocks.indices.map(Self.poolingName) }

  /// The name of the pooling that ends a block, counted from 0.
  static func poolingName(ofBlock block: Int) -> String { "block\(block + 1)_pool" }

  /// In the order in which they are run.
  public var convolutions: [Convolution] { blockConvolutions.flatMap { $0 } }

  var blockConvolutions: [[Convolution]] {
    var channels = inputChannels
    return blocks.enumerated().map { block, outputs in
      outputs.enumerated().map { index, output in
        defer { channels = output }
        return Convolution(
          name: "block\(block + 1)_conv\(index + 1)", inputChannels: channels, outputChannels: output)
      }
    }
  }

  /// The classifier's layers, from below.
  public var denseLayers: [DenseLayer] {
    let side = topInputSide >> blocks.count
    var inputs = side * side * (blocks.last?.last ?? inputChannels)
    return zip(Self.topLayerNames, topUnits).map { name, outputs in
      defer { inputs = outputs }
      return DenseLayer(name: name, inputs: inputs, outputs: outputs)
    }
  }

  /// Kernels, shape `[3, 3, in, out]`, and biases, shape `[out]`, of every convolution.
  public var convolutionTensors: [TensorSpecification] {
    convolutions.flatMap { layer in
      [
        TensorSpecification(layer: layer.name, role: .kernel, shape: [3, 3, layer.inputChannels, layer.outputChannels]),
        TensorSpecification(layer: layer.name, role: .bias, shape: [layer.outputChannels]),
      ]
    }
  }

  /// Kernels, shape `[in, out]`, and biases, shape `[out]`, of the top.
  public var topTensors: [TensorSpecification] {
    denseLayers.flatMap { layer in
      [
        TensorSpecification(layer: layer.name, role: .kernel, shape: [layer.inputs, layer.outputs]),
        TensorSpecification(layer: layer.name, role: .bias, shape: [layer.outputs]),
      ]
    }
  }
}
