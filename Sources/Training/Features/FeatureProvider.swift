import Digests
import KidneyData
import MedicalImages
import NeuralNetworks
import TensorKernels

/// Gives the frozen part's features of pictures, batch by batch: from the cache where they are known, else
/// computed from the pictures, which are decoded, resized and augmented ahead on other threads.
public final class FeatureProvider {
  /// Without the batch.
  public let shape: [Int]
  private let data: DataSet
  private let split: TrainableSplit
  private let baseDigest: ContentDigest
  private let preprocessing: PreprocessingSpecification
  private let cache: FeatureCache?
  private let pool: ThreadPool
  private let decoded: DecodedPictures
  private var shelves: [FeatureKey: FeatureShelf] = [:]

  /// Augmented features are used once a run, so they are kept on disk only where they are small.
  static let largestCachedAugmentedBytes = 128 << 10

  /// - Parameters:
  ///   - split: whose frozen part computes the features.
  ///   - baseDigest: of the base the frozen part is made of.
  ///   - cache: nil computes everything each time.
  public init(
    data: DataSet, split: TrainableSplit, baseDigest: ContentDigest, preprocessing: PreprocessingSpecification,
    cache: FeatureCache?, decoded: DecodedPictures, pool: ThreadPool = .shared
  ) {
    self.data = data
    self.split = split
    self.baseDigest = baseDigest
    self.preprocessing = preprocessing
    self.cache = cache
    self.decoded = decoded
    self.pool = pool
    shape = split.featureShape
  }

  /// Calls `body` with each batch's features, in order.
  ///
  /// - Parameters:
  ///   - batches: pictures of the data set; a picture may be in several.
  ///   - augmentation: nil for the pictures as they are.
  ///   - body: gets the batch's number and its features. Shape: [pictures, ...], in the batch's order.
  /// - Throws: what reading a picture throws, and what `body` throws.
  public func forEach(
    _ batches: [[Int]], augmentation: FeatureKey.Augmented?, _ body: (Int, Tensor) throws -> Void
  ) throws {
    let shelf = shelf(for: augmentation)
    defer { try? shelf?.flush() }
    var waiting: [Int: Tensor] = [:]
    var missing: [Int] = []
    var requested: Set<Int> = []
    for picture in batches.joined() where requested.insert(picture).inserted {
      if shelf?.features(of: data.manifest.pictures[picture].sha256, shape: shape) == nil { missing.append(picture) }
    }
    // What is computed is kept until its last use, shelved or not.
    var remaining = batches.joined().reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let feeder = PictureFeeder(
      data: data, preprocessing: preprocessing, augmentation: augmentation?.settings, seed: augmentation?.seed ?? 0,
      decoded: decoded)
    var source = feeder.batches(
      of: missing, epoch: augmentation?.epoch ?? 0, batchSize: batches.map(\.count).max() ?? 1, shuffled: false
    ).makeIterator()

    for (number, batch) in batches.enumerated() {
      var rows: [Tensor] = []
      for picture in batch {
        let digest = data.manifest.pictures[picture].sha256
        var row = waiting[picture] ?? shelf?.features(of: digest, shape: shape)
        while row == nil {
          guard let next = try source.next() else {
            preconditionFailure("the feeder delivers every picture it was asked for")
          }
          try compute(next, onto: shelf, waiting: &waiting)
          row = waiting[picture] ?? shelf?.features(of: digest, shape: shape)
        }
        rows.append(row!)
        remaining[picture]! -= 1
        if remaining[picture] == 0 { waiting[picture] = nil }
      }
      try body(number, Tensor(stacking: rows))
    }
  }

  private func compute(_ batch: PictureBatch, onto shelf: FeatureShelf?, waiting: inout [Int: Tensor]) throws {
    guard let start = batch.buffer.values.baseAddress else { return }
    let pixels = Tensor(shape: batch.shape, viewing: start, owner: batch.buffer)
    let features = try split.frozen.map { try $0(pixels, pool: pool) } ?? pixels
    for (place, picture) in batch.indices.enumerated() {
      let row = features.row(place)
      waiting[picture] = row
      // A cache may forget: where its disk is full, the training goes on without it.
      try? shelf?.add(row, of: data.manifest.pictures[picture].sha256)
    }
  }

  private func shelf(for augmentation: FeatureKey.Augmented?) -> FeatureShelf? {
    guard let cache, split.frozen != nil else { return nil }
    if augmentation != nil, shape.reduce(4, *) > Self.largestCachedAugmentedBytes { return nil }
    let key = FeatureKey(
      baseDigest: baseDigest, layer: split.layer, preprocessing: preprocessing, augmentation: augmentation)
    if let shelf = shelves[key] { return shelf }
    guard let shelf = try? cache.shelf(for: key) else { return nil }
    // One epoch's augmented features are not needed beside the next one's.
    if augmentation != nil { shelves = shelves.filter { $0.key.augmentation == nil } }
    shelves[key] = shelf
    return shelf
  }
}
