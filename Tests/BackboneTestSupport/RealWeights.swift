import Backbones
import Foundation

/// The stored base weights of the real network: `NEFRO_WEIGHTS` names the store's folder, else the user's cache.
public enum RealWeights {
  public static let stored: StoredWeights? = {
    let named = ProcessInfo.processInfo.environment["NEFRO_WEIGHTS"].map { URL(filePath: $0) }
    return try? (named.map { WeightStore(folder: $0) } ?? WeightStore()).open("vgg16")
  }()

  /// What a test says when it is skipped for want of them.
  public static let absent =
    "SKIPPED, VGG-16's weights are not here: run `nefro weights fetch vgg16`, or name their folder in NEFRO_WEIGHTS"
}
