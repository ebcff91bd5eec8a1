import Backbones
import Digests
import Foundation
import Inference
import KidneyData
import LocalFiles
import NeuralNetworks

/// What `prepare` wrote.
public struct PreparedModel: Sendable {
  /// The file of the base as it came.
  public var base: URL
  /// The file of the base with a new, untrained head.
  public var updated: URL
  /// What identifies the base: SHA-256 of its convolutions' tensors.
  public var baseDigest: ContentDigest
}

extension Project {
  /// Writes the base, and the base with its new, untrained head, where the configuration says.
  ///
  /// - Throws: what opening the stored weights or writing the files throws.
  public func prepare() throws -> PreparedModel {
    let input = [parameters.imageHeight, parameters.imageWidth, 3]
    let weights = try baseWeights()
    let base = try parameters.network.convolutionBase(weights: weights.file(), inputShape: input)
    let network = try ClassifierNetwork(
      base: base, headKind: parameters.head, dropout: parameters.effectiveDropout, classCount: parameters.classCount,
      seed: parameters.seed)
    try copy(weights.url, to: [configuration.baseModel, configuration.baseModelCopy])
    // Class names are the data's business; a fresh head knows their number only.
    let names = (0..<parameters.classCount).map { "class \($0)" }
    let description = ModelDescription(
      classes: names, preprocessing: parameters.preprocessingSpecification,
      base: .init(network: parameters.network.name, digest: weights.digest, trainableFrom: nil),
      head: .init(kind: parameters.head, dropout: parameters.effectiveDropout),
      training: .init(
        parameters: Dictionary(uniqueKeysWithValues: parameters.record), seed: parameters.seed,
        dataDigest: ContentDigest(of: ""), splitDigest: ContentDigest(of: ""), epochs: 0, version: version))
    try ModelFile.write(network, description: description, to: configuration.updatedBaseModel)
    try copy(configuration.updatedBaseModel, to: [configuration.updatedBaseModelCopy])
    return PreparedModel(
      base: configuration.baseModel, updated: configuration.updatedBaseModel, baseDigest: weights.digest)
  }

  /// The network that training starts from, as `prepare` left it, with a new head at each call.
  ///
  /// - Parameter sharing: a base from an earlier call to build on, since its packed weights take much memory; it must not
  ///   have been trained. Nil opens a new one.
  /// - Throws: `TrainingError.notPrepared`, or `preparedDiffers` if the parameters have changed since.
  func startingNetwork(
    sharing base: Network? = nil
  ) throws -> (network: ClassifierNetwork, baseDigest: ContentDigest) {
    let url = configuration.updatedBaseModel
    for file in [configuration.baseModel, url] where !FileManager.default.fileExists(atPath: file.path) {
      throw TrainingError.notPrepared(path: shown(file))
    }
    let file = try ModelFile(url)
    let description = file.description
    func check(_ what: String, _ prepared: String, _ wanted: String) throws {
      guard prepared == wanted else {
        throw TrainingError.preparedDiffers(path: shown(url), what: what, prepared: prepared, wanted: wanted)
      }
    }
    try check("the network", description.base.network, parameters.network.name)
    try check("HEAD", description.head.kind.rawValue, parameters.head.rawValue)
    try check("DROPOUT", String(description.head.dropout), String(parameters.effectiveDropout))
    try check("CLASSES", String(description.classes.count), String(parameters.classCount))
    try check("preprocessing", description.preprocessingIdentity, parameters.preprocessingSpecification.identity)
    try check("SEED", String(description.training.seed), String(parameters.seed))
    try check("WEIGHTS", description.training.parameters["WEIGHTS"] ?? "", parameters.record.first { $0.key == "WEIGHTS" }?.value ?? "")
    let weights = try StoredWeights(reading: configuration.baseModel)
    guard weights.digest == description.base.digest else {
      throw InferenceError.otherBase(
        path: shown(url), expected: description.base.digest, actual: weights.digest)
    }
    if base == nil { try weights.verify(parameters.network) }
    let opened =
      try base
      ?? parameters.network.convolutionBase(
        weights: weights.file(), inputShape: [parameters.imageHeight, parameters.imageWidth, 3])
    let network = try ClassifierNetwork(
      base: opened, headKind: parameters.head, dropout: parameters.effectiveDropout, classCount: parameters.classCount,
      seed: parameters.seed)
    try file.load(into: network)
    return (network, weights.digest)
  }

  /// The weights that the parameters name: the stored ones, or those that the seed draws.
  func baseWeights() throws -> StoredWeights {
    switch parameters.weights {
    case .imagenet: try store.open(parameters.network.name)
    case .random:
      try StoredWeights.drawn(
        seed: parameters.seed, of: parameters.network,
        to: configuration.prepareFolder.appending(path: "random_base.safetensors"))
    }
  }

  /// Puts a file at each place, as a second name of the same bytes where the file system can, else as a copy.
  func copy(_ source: URL, to targets: [URL]) throws {
    for target in targets where target != source {
      try AtomicFile.replace(target, withContentsOf: source)
    }
  }
}

extension TrainingParameters {
  /// The report's head has no dropout.
  var effectiveDropout: Double { head == .pooled ? dropout : 0 }
}
