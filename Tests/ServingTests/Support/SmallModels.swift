import Digests
import Foundation
import Inference
import MedicalImages
import NeuralNetworks
import RandomStreams
import Serving

/// Classifiers that answer within a millisecond.
enum SmallModels {
  static let classes = ["Normal", "Tumor"]

  /// - Parameters:
  ///   - seed: of all weights; another one gives another model.
  ///   - layers: convolutions of the base; more take longer.
  static func classifier(seed: UInt64 = 1, decision: DecisionRule? = rule) throws -> Classifier {
    var stream = RandomStream(seed: seed, RandomStream.number(of: "serving tests"))
    let convolution = Convolution2D(
      name: "block1_conv1", inputChannels: 3, outputChannels: 5, kernel: 3, padding: .same, activation: .relu)
    convolution.initialize(.heNormal, stream: &stream)
    let base = try Network(
      inputShape: [8, 8, 3], layers: [convolution, MaxPooling2D(name: "block1_pool", window: 2)])
    let network = try ClassifierNetwork(base: base, headKind: .pooled, dropout: 0.5, classCount: 2, seed: seed)
    network.standardization?.fit(
      (0..<3).map { row in Tensor(shape: [5], values: (0..<5).map { Float(row * $0 * 20) + 0.5 }) })
    let description = ModelDescription(
      classes: classes, preprocessing: PreprocessingSpecification(height: 8, width: 8, scaling: .imagenet),
      base: .init(network: "vgg16", digest: ContentDigest(of: "a base"), trainableFrom: nil),
      head: .init(kind: .pooled, dropout: 0.5),
      training: .init(
        parameters: [:], seed: seed, dataDigest: ContentDigest(of: "data"), splitDigest: ContentDigest(of: "split"),
        epochs: 5, version: "1.2.3"),
      decision: decision)
    return Classifier(description: description, modelDigest: ContentDigest(of: "model \(seed)"), network: network)
  }

  static let rule = DecisionRule(
    operatingPoint: .init(positiveClass: "Tumor", probability: 0.4, rule: "for a test", images: 10, series: 3),
    abstention: nil, notes: [])

  static func source(seed: UInt64 = 1) -> ModelSource {
    .provided { try ServedModel(classifier(seed: seed), name: "small") }
  }

  /// A picture that has no symmetry; `number` makes another one.
  static func picture(_ number: Int, side: Int = 24, channels: Int = 3) -> Picture {
    Picture(
      width: side, height: side, channels: channels,
      pixels: (0..<side * side * channels).map { UInt8(($0 * (7 + number) + $0 / (side + number) * 31) % 256) })
  }

  static func png(_ number: Int, side: Int = 24) throws -> Data { try PictureWriter.png(picture(number, side: side)) }
}
