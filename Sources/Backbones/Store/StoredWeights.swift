import Digests
import Foundation
import NeuralNetworks

/// The weights of a base network in the store: one safetensors file with its provenance.
///
/// Opening trusts what the file says of itself; `WeightStore.verify` reads all of it.
public struct StoredWeights: Sendable, Equatable {
  /// Such as "vgg16".
  public let network: String
  /// Of the safetensors file.
  public let url: URL
  /// What identifies the base: SHA-256 of its convolutions' tensors, the same from whichever source.
  public let digest: ContentDigest
  /// SHA-256 of all tensors, the classifier's included.
  public let wholeDigest: ContentDigest
  /// Whether the ImageNet classifier is there too.
  public let hasTop: Bool
  /// Where the weights came from, and when.
  public let provenance: WeightProvenance

  static let formatName = "nefro-weights-1"

  /// The file, memory-mapped.
  ///
  /// - Throws: `LocalFileError` or `NeuralNetworkError` if it cannot be opened or is malformed.
  public func file() throws -> SafetensorsFile { try SafetensorsFile(url) }

  /// Reads the convolutions to their end and compares them with the digest written down with them.
  ///
  /// - Parameter architecture: of the network that they are of.
  /// - Throws: `BackboneError.changed` if they differ, and what is wrong with a tensor.
  public func verify(_ architecture: VGGArchitecture = .vgg16) throws {
    let actual = try SafetensorsImporter.read(url, architecture: architecture).baseDigest
    guard actual == digest else { throw BackboneError.changed(path: url.path, expected: digest.hex, actual: actual.hex) }
  }

  /// Reads the metadata of a stored file.
  ///
  /// - Throws: `BackboneError.unreadable` if it was not written by a store.
  public init(reading url: URL) throws {
    let file = try SafetensorsFile(url)
    let metadata = file.metadata
    guard metadata["format"] == Self.formatName, let network = metadata["network"],
      let digest = metadata["base_digest"].flatMap(ContentDigest.init(hex:)),
      let wholeDigest = metadata["whole_digest"].flatMap(ContentDigest.init(hex:)),
      let provenance = WeightProvenance(metadata: metadata)
    else {
      throw BackboneError.unreadable(path: url.path, reason: "it does not say where its weights came from")
    }
    self.network = network
    self.url = url
    self.digest = digest
    self.wholeDigest = wholeDigest
    self.provenance = provenance
    hasTop = VGGArchitecture.topLayerNames.allSatisfy { file.names.contains("\($0)/kernel") }
  }

  /// Writes `weights` as a stored file, whole or not at all.
  static func write(_ weights: WeightTensors, provenance: WeightProvenance, to url: URL) throws -> StoredWeights {
    var metadata = provenance.metadata
    metadata["format"] = formatName
    metadata["network"] = weights.architecture.name
    metadata["base_digest"] = weights.baseDigest.hex
    metadata["whole_digest"] = weights.wholeDigest.hex
    try SafetensorsFile.write(to: url, tensors: weights.tensors, metadata: metadata)
    return try StoredWeights(reading: url)
  }
}
