/// Two pictures of a data set that are copies of each other.
public struct CopyPair: Codable, Hashable, Sendable {
  /// In what two pictures are the same.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The same bytes.
    case sameFile = "same_file"
    /// Other bytes that decode to the same grey values.
    case samePixels = "same_pixels"
    /// The same picture after it was encoded again, resized, cropped, mirrored or changed in brightness; or two slices so
    /// close that nothing tells them apart.
    case nearCopy = "near_copy"
  }

  /// Indices into the manifest's pictures, the smaller one first.
  public var first: Int
  /// Index of the other picture, larger than `first`.
  public var second: Int
  /// In what the two are the same.
  public var kind: Kind
  /// How the second lies on the first.
  public var flip: Flip
  /// The correlation of the structure of both at 128 x 128, laid over each other, -1…1.
  public var structure: Double
  /// The correlation of the finest detail alone.
  public var detail: Double
  /// Bits of 64 in which the perceptual hashes differ, in that mirror.
  public var hashDistance: Int
  /// The cosine distance of backbone features, 0…2; nil where none were computed.
  public var featureDistance: Double?

  /// - Precondition: `first` is smaller than `second`.
  /// - Parameters:
  ///   - first, second: indices into the manifest's pictures.
  ///   - structure, detail: correlations, -1…1.
  ///   - hashDistance: 0…64.
  ///   - featureDistance: 0…2; nil where no features were computed.
  public init(
    first: Int, second: Int, kind: Kind, flip: Flip, structure: Double, detail: Double, hashDistance: Int,
    featureDistance: Double? = nil
  ) {
    precondition(first < second, "the smaller index first")
    self.first = first
    self.second = second
    self.kind = kind
    self.flip = flip
    self.structure = structure
    self.detail = detail
    self.hashDistance = hashDistance
    self.featureDistance = featureDistance
  }

  enum CodingKeys: String, CodingKey {
    case first, second, kind, flip, structure, detail
    case hashDistance = "hash_distance"
    case featureDistance = "feature_distance"
  }
}
