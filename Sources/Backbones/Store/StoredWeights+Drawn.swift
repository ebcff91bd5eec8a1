import Digests
import Foundation

extension StoredWeights {
  /// Writes a network's base with drawn weights as a stored file, for training from nothing.
  ///
  /// The same seed gives the same bytes.
  ///
  /// - Throws: `LocalFileError` if the file cannot be written.
  public static func drawn(
    seed: UInt64, of architecture: VGGArchitecture = .vgg16, to url: URL
  ) throws -> StoredWeights {
    let side = architecture.topInputSide
    let network = try architecture.randomBase(seed: seed, inputShape: [side, side, architecture.inputChannels])
    let weights = try WeightTensors(
      architecture, path: url.path, importer: "draw", hasTop: false
    ) { specification in
      try network.parameter(named: specification.key).value
    }
    let provenance = WeightProvenance(
      source: .drawn, location: "seed \(seed)", sourceDigest: weights.baseDigest, importer: weights.importer,
      date: Date(timeIntervalSince1970: 0))
    return try write(weights, provenance: provenance, to: url)
  }
}
