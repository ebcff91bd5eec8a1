import Digests
import Inference
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
  /// Of pictures as they are.
  private let feeder: PictureFeeder
  private var shelves: [FeatureKey: FeatureShelf] = [:]
  /// What a gate looks at, gathered from the passes that compute features; nil gathers nothing.
  private let looks: GateLooks?
  /// Batches of features by their size, to be filled again: an epoch has one size, and a last batch of another.
  private var buffers: [Int: [Tensor]] = [:]

  /// Augmented features are used once a run, so they are kept on disk only where they are small.
  static let largestCachedAugmentedBytes = 128 << 10

  /// - Parameters:
  ///   - split: whose frozen part computes the features.
  ///   - baseDigest: of the base the frozen part is made of.
  ///   - cache: nil computes everything each time.
  ///   - decoded: where resized pictures are kept.
  ///   - looks: gets what a gate looks at, of each picture whose features are computed; its layer must be in the frozen
  ///     part.
  ///   - pool: the threads that compute; as many others decode.
  public init(
    data: DataSet, split: TrainableSplit, baseDigest: ContentDigest, preprocessing: PreprocessingSpecification,
    cache: FeatureCache?, decoded: DecodedPictures, looks: GateLooks? = nil, pool: ThreadPool = .shared
  ) {
    self.data = data
    self.split = split
    self.baseDigest = baseDigest
    self.preprocessing = preprocessing
    self.cache = cache
    self.looks = looks
    self.pool = pool
    feeder = PictureFeeder(data: data, preprocessing: preprocessing, decoded: decoded, threads: pool.threadCount)
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
    let looks = looks?.ready(for: augmentation) { try? cache?.shelf(for: key(layer: $0, augmentation: augmentation)) }
    defer {
      try? shelf?.flush()
      looks?.flush()
    }
    var missing: [Int] = []
    var requested: Set<Int> = []
    for picture in batches.joined() where requested.insert(picture).inserted {
      let digest = data.manifest.pictures[picture].sha256
      if shelf?.features(of: digest, shape: shape) == nil || looks?.knows(picture, digest: digest) == false {
        missing.append(picture)
      }
    }
    let fed = feeder(for: augmentation).batches(
      of: missing, epoch: augmentation?.epoch ?? 0, batchSize: batches.map(\.count).max() ?? 1, shuffled: false)
    if fed.plan == batches {
      try forEachFed(fed, shelf: shelf, looks: looks, body)
    } else {
      try forEachGathered(batches, from: fed, shelf: shelf, looks: looks, body)
    }
  }

  /// Where the feeder's batches are those that are wanted, features go from the network to `body` without a copy.
  private func forEachFed(
    _ batches: PictureBatches, shelf: FeatureShelf?, looks: GateLooks?, _ body: (Int, Tensor) throws -> Void
  ) throws {
    var source = batches.makeIterator()
    for number in batches.plan.indices {
      try withFeatures(of: try fed(&source), looks: looks) { pictures, features in
        if shelf != nil {
          for (place, picture) in pictures.enumerated() { keep(features.row(place), of: picture, on: shelf) }
        }
        try body(number, features)
      }
    }
  }

  private func forEachGathered(
    _ batches: [[Int]], from fed: PictureBatches, shelf: FeatureShelf?, looks: GateLooks?,
    _ body: (Int, Tensor) throws -> Void
  ) throws {
    // What is computed is kept until its last use, shelved or not.
    var waiting: [Int: Tensor] = [:]
    var remaining = batches.joined().reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    var source = fed.makeIterator()
    func compute(_ fed: PictureBatch) throws {
      try withFeatures(of: fed, looks: looks) { pictures, computed in
        for (place, picture) in pictures.enumerated() {
          let row = computed.row(place)
          // What was fed for the gate's sake alone may be past its last use.
          if remaining[picture, default: 0] > 0 { waiting[picture] = row }
          keep(row, of: picture, on: shelf)
        }
      }
    }
    for (number, batch) in batches.enumerated() {
      try withBuffer(rows: batch.count) { features in
        for (place, picture) in batch.enumerated() {
          let digest = data.manifest.pictures[picture].sha256
          var row = waiting[picture] ?? shelf?.features(of: digest, shape: shape)
          while row == nil {
            try compute(try self.fed(&source))
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
    // Pictures whose features are known, but not what the gate looks at.
    while looks != nil, let rest = try source.next() { try compute(rest) }
  }

  private func feeder(for augmentation: FeatureKey.Augmented?) -> PictureFeeder {
    feeder.with(augmentation: augmentation?.settings, seed: augmentation?.seed ?? 0)
  }

  private func fed(_ source: inout PictureBatches.Iterator) throws -> PictureBatch {
    guard let next = try source.next() else {
      preconditionFailure("the feeder delivers every picture it was asked for")
    }
    return next
  }

  /// - Parameter body: gets the batch's pictures and their features.
  private func withFeatures(
    of batch: PictureBatch, looks: GateLooks?, _ body: ([Int], Tensor) throws -> Void
  ) throws {
    guard let start = batch.buffer.values.baseAddress else { return }
    let pixels = Tensor(shape: batch.shape, viewing: start, owner: batch.buffer)
    guard let frozen = split.frozen else { return try body(batch.indices, pixels) }
    try withBuffer(rows: batch.indices.count) { features in
      guard let looks else { return try frozen.run(pixels, into: &features, pool: pool) }
      let roots = try frozen.run(pixels, into: &features, rootsAt: looks.layer, pool: pool)
      for (place, picture) in batch.indices.enumerated() {
        looks.keep(
          roots[place], colour: colour(of: batch, at: place), of: picture,
          digest: data.manifest.pictures[picture].sha256)
      }
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

  /// The roots and colour of pictures that no pass has given yet, with a network that may be another than the frozen
  /// part. Where the frozen part gives them, they are looked up in the cache and kept there, so that of several folds'
  /// trainings the first computes them for all.
  ///
  /// - Parameters:
  ///   - network: from pixels up to the layer looked at, or further.
  /// - Returns: one look for each picture, in their order.
  func looks(
    at pictures: [Int], augmentation: FeatureKey.Augmented?, by network: Network, layer: String, batchSize: Int
  ) throws -> [GateLooks.Look] {
    let kept = self.looks.flatMap { $0.layer == layer ? $0 : nil }
    let looks = kept?.ready(for: augmentation) { try? cache?.shelf(for: key(layer: $0, augmentation: augmentation)) }
    defer { looks?.flush() }
    var found: [Int: GateLooks.Look] = [:]
    if let looks {
      for picture in pictures where looks.knows(picture, digest: data.manifest.pictures[picture].sha256) {
        found[picture] = looks.look(at: picture, epoch: augmentation?.epoch)
      }
    }
    var source = feeder(for: augmentation).batches(
      of: pictures.filter { found[$0] == nil }, epoch: augmentation?.epoch ?? 0, batchSize: batchSize, shuffled: false
    ).makeIterator()
    while let batch = try source.next() {
      guard let start = batch.buffer.values.baseAddress else { continue }
      let roots = try network.roots(
        of: Tensor(shape: batch.shape, viewing: start, owner: batch.buffer), at: layer, pool: pool)
      for (place, picture) in batch.indices.enumerated() {
        let colour = colour(of: batch, at: place)
        looks?.keep(roots[place], colour: colour, of: picture, digest: data.manifest.pictures[picture].sha256)
        // Rounded as those that are kept.
        found[picture] = GateLooks.Look(roots: roots[place], colour: Double(Float(colour)))
      }
    }
    return pictures.map { found[$0]! }
  }

  /// In grey levels.
  private func colour(of batch: PictureBatch, at place: Int) -> Double {
    let count = preprocessing.valueCount
    return preprocessing.scaling.colour(
      of: UnsafeBufferPointer(rebasing: batch.buffer.values[place * count..<(place + 1) * count]))
  }

  private func key(layer: String, augmentation: FeatureKey.Augmented?) -> FeatureKey {
    FeatureKey(baseDigest: baseDigest, layer: layer, preprocessing: preprocessing, augmentation: augmentation)
  }

  /// A cache may forget: where its disk is full, the training goes on without it.
  private func keep(_ row: Tensor, of picture: Int, on shelf: FeatureShelf?) {
    let digest = data.manifest.pictures[picture].sha256
    // Features may be computed again for the gate's sake.
    guard let shelf, shelf.features(of: digest, shape: shape) == nil else { return }
    try? shelf.add(row, of: digest)
  }

  private func shelf(for augmentation: FeatureKey.Augmented?) -> FeatureShelf? {
    guard let cache, split.frozen != nil else { return nil }
    if augmentation != nil, shape.reduce(4, *) > Self.largestCachedAugmentedBytes { return nil }
    let key = key(layer: split.layer, augmentation: augmentation)
    if let shelf = shelves[key] { return shelf }
    guard let shelf = try? cache.shelf(for: key) else { return nil }
    // One epoch's augmented features are not needed beside the next one's.
    if augmentation != nil { shelves = shelves.filter { $0.key.augmentation == nil } }
    shelves[key] = shelf
    return shelf
  }
}
