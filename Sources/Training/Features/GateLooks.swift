import Digests
import NeuralNetworks

/// What a gate looks at, of the pictures of one training, gathered while their features are computed.
///
/// It is kept in the feature cache beside the features, under a key of its own: features that an earlier version kept
/// without it are computed again.
public final class GateLooks {
  /// One picture's.
  public struct Look: Equatable, Sendable {
    /// Of the means over positions. Shape: [channels].
    public var roots: [Float]
    /// In grey levels.
    public var colour: Double
  }

  /// The layer that is looked at.
  let layer: String
  /// Numbers a look has in the cache.
  private let count: Int
  /// By epoch of augmentation, nil for pictures as they are, and by picture.
  private var known: [Int?: [Int: Look]] = [:]
  private var epoch: Int?
  private var shelf: FeatureShelf?
  private var shelfKey: Int??

  /// From the pictures of so many epochs of augmentation a gate is fitted; later ones are not looked at.
  static let augmentedEpochs = 2

  /// - Parameters:
  ///   - layer: that is looked at.
  ///   - frozen: the part of the network whose passes are watched.
  /// - Returns: nil if the layer is not in that part.
  init?(layer: String, frozen: Network?) throws {
    guard let frozen, frozen.layers.contains(where: { $0.name == layer }) else { return nil }
    self.layer = layer
    count = (try frozen.outputShape(of: layer).last ?? 0) + 1
  }

  /// Itself, if pictures changed like that are wanted at all.
  ///
  /// - Parameter shelf: gives the cache's shelf for a layer's name.
  func ready(for augmentation: FeatureKey.Augmented?, shelf: (String) -> FeatureShelf?) -> GateLooks? {
    if let augmentation, augmentation.epoch >= Self.augmentedEpochs { return nil }
    epoch = augmentation?.epoch
    if shelfKey != .some(epoch) {
      self.shelf = shelf("roots of means of \(layer) and colour")
      shelfKey = .some(epoch)
    }
    return self
  }

  /// Whether a picture's look is here, or in the cache, from where it is then taken. Numbers that no picture has are
  /// damage, and computed again.
  func knows(_ picture: Int, digest: ContentDigest) -> Bool {
    if known[epoch]?[picture] != nil { return true }
    guard let row = shelf?.features(of: digest, shape: [count]) else { return false }
    let values = row.values
    guard values.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return false }
    known[epoch, default: [:]][picture] = Look(roots: Array(values.dropLast()), colour: Double(values[count - 1]))
    return true
  }

  func keep(_ roots: [Float], colour: Double, of picture: Int, digest: ContentDigest) {
    guard known[epoch]?[picture] == nil else { return }
    // As it would come from the cache, so that a second run fits the same gate.
    let colour = Float(colour)
    known[epoch, default: [:]][picture] = Look(roots: roots, colour: Double(colour))
    try? shelf?.add(Tensor(shape: [count], values: roots + [colour]), of: digest)
  }

  func flush() { try? shelf?.flush() }

  /// - Parameter epoch: of augmentation; nil for pictures as they are.
  func look(at picture: Int, epoch: Int?) -> Look? { known[epoch]?[picture] }
}
