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
  /// Batches of features by their size, to be filled again: an epoch has one size, and a last batch of another.
  private var buffers: [Int: [Tensor]] = [:]

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
  ///   - body: gets the batch's number and its features. Shape: [pictures, ...], in the batch's order. Their memory is
  ///     used again for later batches, unless `body` keeps the tensor.
  /// - Throws: what reading a picture throws, and what `body` throws.
  public func forEach(
    _ batches: [[Int]], augmentation: FeatureKey.Augmented?, _ body: (Int, Tensor) throws -> Void
  ) throws {
    let shelf = shelf(for: augmentation)
    defer { try? shelf?.flush() }
    var missing: [Int] = []
    var requested: Set<Int> = []
    for picture in batches.joined() where requested.insert(picture).inserted {
      if shelf?.features(of: data.manifest.pictures[picture].sha256, shape: shape) == nil { missing.append(picture) }
    }
    let feeder = PictureFeeder(
      data: data, preprocessing: preprocessing, augmentation: augmentation?.settings, seed: augmentation?.seed ?? 0,
      decoded: decoded)
    let fed = feeder.batches(
      of: missing, epoch: augmentation?.epoch ?? 0, batchSize: batches.map(\.count).max() ?? 1, shuffled: false)
    if fed.plan == batches {
      try forEachFed(fed, shelf: shelf, body)
    } else {
      try forEachGathered(batches, from: fed, shelf: shelf, body)
    }
  }

  /// Where the feeder's batches are those that are wanted, features go from the network to `body` without a copy.
  private func forEachFed(
    _ batches: PictureBatches, shelf: FeatureShelf?, _ body: (Int, Tensor) throws -> Void
  ) throws {
    var source = batches.makeIterator()
    for number in batches.plan.indices {
      try withFeatures(of: try fed(&source)) { pictures, features in
        if shelf != nil {
          for (place, picture) in pictures.enumerated() { keep(features.row(place), of: picture, on: shelf) }
        }
        try body(number, features)
      }
    }
  }

  private func forEachGathered(
    _ batches: [[Int]], from fed: PictureBatches, shelf: FeatureShelf?, _ body: (Int, Tensor) throws -> Void
  ) throws {
    // What is computed is kept until its last use, shelved or not.
    var waiting: [Int: Tensor] = [:]
    var remaining = batches.joined().reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    var source = fed.makeIterator()
    for (number, batch) in batches.enumerated() {
      try withBuffer(rows: batch.count) { features in
        for (place, picture) in batch.enumerated() {
          let digest = data.manifest.pictures[picture].sha256
          var row = waiting[picture] ?? shelf?.features(of: digest, shape: shape)
          while row == nil {
            try withFeatures(of: try self.fed(&source)) { pictures, computed in
              for (place, picture) in pictures.enumerated() {
                let row = computed.row(place)
                waiting[picture] = row
                keep(row, of: picture, on: shelf)
              }
            }
            row = waiting[picture] ?? shelf?.features(of: digest, shape: shape)
          }
          features.setRow(place, to: row!)
          row!.dropMappedPages()
          remaining[picture]! -= 1
          if remaining[picture] == 0 { waiting[picture] = nil }
        }
      } then: { features in
        try body(number, features)
      }
    }
  }

  private func fed(_ source: inout PictureBatches.Iterator) throws -> PictureBatch {
    guard let next = try source.next() else {
      preconditionFailure("the feeder delivers every picture it was asked for")
    }
    return next
  }

  /// - Parameter body: gets the batch's pictures and their features.
  private func withFeatures(of batch: PictureBatch, _ body: ([Int], Tensor) throws -> Void) throws {
    guard let start = batch.buffer.values.baseAddress else { return }
    let pixels = Tensor(shape: batch.shape, viewing: start, owner: batch.buffer)
    guard let frozen = split.frozen else { return try body(batch.indices, pixels) }
    try withBuffer(rows: batch.indices.count) { features in
      try frozen.run(pixels, into: &features, pool: pool)
    } then: { features in
      try body(batch.indices, features)
    }
  }

  /// Lends the memory for a batch of features.
  private func withBuffer(
    rows: Int, _ fill: (inout Tensor) throws -> Void, then body: (Tensor) throws -> Void
  ) throws {
    var features = buffers[rows, default: []].popLast() ?? Tensor(shape: [rows] + shape)
    try fill(&features)
    try body(features)
    buffers[rows, default: []].append(features)
  }

  /// A cache may forget: where its disk is full, the training goes on without it.
  private func keep(_ row: Tensor, of picture: Int, on shelf: FeatureShelf?) {
    try? shelf?.add(row, of: data.manifest.pictures[picture].sha256)
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
