import Digests
import Foundation

extension StoredWeights {
  /// Writes VGG-16's base with drawn weights as a stored file, for training from nothing.
  ///
  /// The same seed gives the same bytes.
  ///
  /// - Throws: `LocalFileError` if the file cannot be written.
  public static func drawn(seed: UInt64, to url: URL) throws -> StoredWeights {
    let network = try VGG16.randomBase(seed: seed)
    let weights = try WeightTensors(.vgg16, path: url.path, importer: "draw", hasTop: false) { specification in
      try network.parameter(named: specification.key).value
    }
    let provenance = WeightProvenance(
      source: .drawn, location: "seed \(seed)", sourceDigest: weights.baseDigest, importer: weights.importer,
      date: Date(timeIntervalSince1970: 0))
    return try write(weights, provenance: provenance, to: url)
  }
}
