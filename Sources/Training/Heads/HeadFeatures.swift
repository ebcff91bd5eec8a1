import Backbones
import Digests
import Foundation
import Inference
import KidneyData
import MedicalImages
import NeuralNetworks
import TensorKernels

/// The features of a data set's pictures and of changed copies of them, from the cache where they are known.
///
/// What was computed is written every few pictures, so that an interrupted run goes on where it was.
final class HeadFeatures {
  let data: DataSet
  let recipe: HeadRecipe
  private let extractor: FeatureExtractor
  private let weights: StoredWeights
  private let cache: FeatureCache?
  private let pool: ThreadPool
  private var tables: [PictureChange: [Int: [Float]]] = [:]

  private static let batchSize = 8
  private static let picturesPerFile = 128

  var count: Int { extractor.count }
  /// Of the base.
  var baseDigest: ContentDigest { weights.digest }

  /// - Throws: what opening the base's weights throws, and `BackboneError.changed` if they are damaged.
  init(
    _ data: DataSet, recipe: HeadRecipe, store: WeightStore, cache: FeatureCache?, pool: ThreadPool
  ) throws {
    self.data = data
    self.recipe = recipe
    self.cache = cache
    self.pool = pool
    weights = try store.open("vgg16")
    try weights.verify()
    extractor = try FeatureExtractor(
      recipe.features,
      base: VGG16.convolutionBase(
        weights: weights.file(), inputShape: [recipe.preprocessing.height, recipe.preprocessing.width, 3]))
  }

  /// A linear head's network on the same base.
  func network(classCount: Int) throws -> ClassifierNetwork {
    try ClassifierNetwork(
      base: VGG16.convolutionBase(
        weights: weights.file(), inputShape: [recipe.preprocessing.height, recipe.preprocessing.width, 3]),
      features: recipe.features, classCount: classCount)
  }

  /// The places of each block's features.
  var blockRanges: [Range<Int>] { extractor.blockRanges }

  /// Which pictures a change changes, in rising order.
  func pictures(with change: PictureChange) -> [Int] {
    data.manifest.pictures.indices.filter {
      let record = data.manifest.pictures[$0]
      return change.applies(width: record.width, height: record.height, preprocessing: recipe.preprocessing)
    }
  }

  /// Those of them on which a trial is made.
  func triedPictures(with change: PictureChange) -> [Int] {
    let pictures = pictures(with: change)
    return stride(from: 0, to: pictures.count, by: HeadRecipe.trialStride).map { pictures[$0] }
  }

  /// Computes the features of pictures with a change, where they are not known.
  ///
  /// - Parameter progress: told how many of them are done.
  /// - Throws: what reading a picture throws.
  func prepare(_ pictures: [Int], _ change: PictureChange, progress: (_ done: Int, _ total: Int) -> Void) throws {
    var layer = recipe.features.identity
    if change != .none { layer += ", of pictures changed: \(change.identity)" }
    let key = FeatureKey(
      baseDigest: weights.digest, layer: layer, preprocessing: recipe.preprocessing, augmentation: nil)
    let shelf = try? cache?.shelf(for: key)
    defer { try? shelf?.flush() }
    var table = tables[change] ?? [:]
    for picture in pictures where table[picture] == nil {
      table[picture] = shelf?.features(of: data.manifest.pictures[picture].sha256, shape: [count])?.values
    }
    let missing = pictures.filter { table[$0] == nil }
    var unwritten = 0
    for start in stride(from: 0, to: missing.count, by: Self.batchSize) {
      let batch = Array(missing[start..<min(start + Self.batchSize, missing.count)])
      let features = try extractor(pixels(of: batch, change), pool: pool)
      for (place, picture) in batch.enumerated() {
        let row = features.row(place)
        table[picture] = row.values
        try? shelf?.add(row, of: data.manifest.pictures[picture].sha256)
      }
      unwritten += batch.count
      if unwritten >= Self.picturesPerFile {
        try? shelf?.flush()
        unwritten = 0
      }
      progress(pictures.count - missing.count + start + batch.count, pictures.count)
    }
    tables[change] = table
  }

  /// Features that were prepared. Shape: [pictures, count].
  func rows(of pictures: [Int], _ change: PictureChange = .none) -> [Float] {
    guard let table = tables[change] else { preconditionFailure("features are prepared before they are used") }
    var rows: [Float] = []
    rows.reserveCapacity(pictures.count * count)
    for picture in pictures {
      guard let row = table[picture] else { preconditionFailure("features are prepared before they are used") }
      rows += row
    }
    return rows
  }

  /// Decoded on all processors. Shape: [pictures, height, width, 3].
  private func pixels(of pictures: [Int], _ change: PictureChange) throws -> Tensor {
    let specification = recipe.preprocessing
    let (urls, size) = (pictures.map { data.url(of: $0) }, specification.valueCount)
    nonisolated(unsafe) var failures = [(any Error)?](repeating: nil, count: pictures.count)
    var pixels = Tensor(shape: [pictures.count, specification.height, specification.width, 3])
    pixels.withUnsafeMutableValues { values in
      failures.withUnsafeMutableBufferPointer { failures in
        nonisolated(unsafe) let (values, failures) = (values, failures)
        DispatchQueue.concurrentPerform(iterations: urls.count) { place in
          do {
            var picture = try PictureReader.read(urls[place]).picture
            var rest = specification
            if change != .none {
              picture = try change.applied(to: picture, preprocessing: specification)
              rest = specification.resizedItself
            }
            rest.writeTensorValues(
              of: picture, into: UnsafeMutableBufferPointer(rebasing: values[place * size..<(place + 1) * size]))
          } catch {
            failures[place] = error
          }
        }
      }
    }
    if let failure = failures.compactMap({ $0 }).first { throw failure }
    return pixels
  }
}
