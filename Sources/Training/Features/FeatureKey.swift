import Digests
import KidneyData
import MedicalImages
import TensorKernels

/// What a base feature depends on, besides the picture's own bytes.
public struct FeatureKey: Hashable, Sendable {
  public var baseDigest: ContentDigest
  /// The layer whose output it is, such as "block5_pool".
  public var layer: String
  public var preprocessing: PreprocessingSpecification
  public var augmentation: Augmented?

  /// The random change made to the picture; it follows from these three and the picture.
  public struct Augmented: Hashable, Sendable {
    public var settings: AugmentationSettings
    public var seed: UInt64
    public var epoch: Int
  }

  public init(
    baseDigest: ContentDigest, layer: String, preprocessing: PreprocessingSpecification, augmentation: Augmented?
  ) {
    self.baseDigest = baseDigest
    self.layer = layer
    self.preprocessing = preprocessing
    self.augmentation = augmentation
  }

  /// The same key as one line of text.
  public var text: String {
    let change = augmentation.map { "\($0.settings.identity) seed \($0.seed) epoch \($0.epoch)" } ?? "none"
    return "base \(baseDigest.hex), layer \(layer), preprocessing \(preprocessing.identity), augmentation \(change), "
      + "kernels \(KernelPath.current.rawValue) revision \(KernelPath.arithmeticRevision)"
  }
}
