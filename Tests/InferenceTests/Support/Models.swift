import Backbones
import Digests
import Foundation
import Inference
import MedicalImages
import NeuralNetworks
import RandomStreams

/// Small classifiers and their files.
enum Models {
  static let baseDigest = ContentDigest(of: "a base")

  /// A base of one convolution and one pooling, from `[8, 8, 3]` to `[4, 4, 5]`, with drawn weights.
  static func base(seed: UInt64 = 1) throws -> Network {
    let convolution = Convolution2D(
      name: "block1_conv1", inputChannels: 3, outputChannels: 5, kernel: 3, padding: .same, activation: .relu)
    var stream = RandomStream(seed: seed, RandomStream.number(of: "base"))
    convolution.initialize(.heNormal, stream: &stream)
    return try Network(inputShape: [8, 8, 3], layers: [convolution, MaxPooling2D(name: "block1_pool", window: 2)])
  }

  static func network(
    _ head: HeadKind = .pooled, classCount: Int = 2, seed: UInt64 = 7
  ) throws -> ClassifierNetwork {
    let network = try ClassifierNetwork(
      base: base(), headKind: head, dropout: head == .pooled ? 0.5 : 0, classCount: classCount, seed: seed)
    network.standardization?.fit(
      (0..<3).map { row in Tensor(shape: [5], values: (0..<5).map { Float(row * $0) + 0.5 }) })
    return network
  }

  static func description(
    _ head: HeadKind = .pooled, classes: [String] = ["Normal", "Tumor"], side: Int = 8, network: String = "vgg16",
    baseDigest: ContentDigest = baseDigest, trainableFrom: String? = nil
  ) -> ModelDescription {
    ModelDescription(
      classes: classes,
      preprocessing: PreprocessingSpecification(height: side, width: side, scaling: .imagenet),
      base: .init(network: network, digest: baseDigest, trainableFrom: trainableFrom),
      head: .init(kind: head, dropout: head == .pooled ? 0.5 : 0),
      training: .init(
        parameters: ["EPOCHS": "5", "LEARNING_RATE": "0.01"], seed: .max, dataDigest: ContentDigest(of: "data"),
        splitDigest: ContentDigest(of: "split"), epochs: 5, version: "1.2.3"))
  }

  /// Writes the model that most tests begin with.
  @discardableResult
  static func write(to url: URL) throws -> ContentDigest {
    try ModelFile.write(network(), description: description(), to: url)
  }

  /// Changes a model file's tensors and gives it the digest of what it then holds, as if it had been written like that.
  static func rewrite(_ url: URL, _ change: (inout [String: Tensor]) throws -> Void) throws {
    let file = try SafetensorsFile(url)
    var tensors = Dictionary(uniqueKeysWithValues: try file.names.map { ($0, try file.tensor($0)) })
    try change(&tensors)
    var metadata = file.metadata
    // As the format defines it: its name, the description, then each tensor's name, shape and bytes.
    var content = Data("nefro-model-1\n\(metadata["nefro.description"] ?? "")\n".utf8)
    let sorted = tensors.sorted { $0.key < $1.key }
    for (name, tensor) in sorted {
      content.append(Data("\(name) \(tensor.shape)\n".utf8))
      tensor.withUnsafeValues { content.append(Data(UnsafeRawBufferPointer($0))) }
    }
    metadata["nefro.digest"] = ContentDigest(of: content).hex
    _ = try SafetensorsFile.write(to: url, tensors: sorted.map { ($0.key, $0.value) }, metadata: metadata)
  }

  /// A picture that has no symmetry; `number` makes another one.
  static func picture(_ number: Int, side: Int = 40) -> Picture {
    Picture(
      width: side, height: side, channels: 3,
      pixels: (0..<side * side * 3).map { UInt8(($0 * (7 + number) + $0 / (side + number) * 31) % 256) })
  }

  /// A stored base that holds next to nothing: the locator looks at what a file says of itself.
  static func storeBase(_ digest: ContentDigest, network: String = "vgg16", at url: URL) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try SafetensorsFile.write(
      to: url, tensors: [("digest/\(digest.short)", Tensor(shape: [1]))],
      metadata: [
        "format": "nefro-weights-1", "network": network, "base_digest": digest.hex, "whole_digest": digest.hex,
        "source": "file", "source_location": "weights.h5", "source_sha256": digest.hex, "importer": "keras-hdf5",
        "date": "2024-01-01T00:00:00Z",
      ])
  }
}
