import Digests
import Foundation
import MedicalImages

/// Decodes, resizes, augments and scales pictures on threads of its own, some batches ahead of whoever computes with
/// them.
///
/// What a batch holds depends on the data, the settings, the seed and the epoch alone, not on threads or timing.
public struct PictureFeeder: Sendable {
  let data: DataSet
  /// From a decoded picture to the values in a batch.
  public let preprocessing: PreprocessingSpecification
  /// How far pictures are changed at random; nil for pictures as they are.
  public let augmentation: AugmentationSettings?
  /// Of order and augmentation.
  public let seed: UInt64
  let decoded: DecodedPictures
  let threads: Int
  /// Memory for batches, which stays from one epoch to the next.
  let shelf: PixelBufferShelf

  private static let bytesAhead = 16 << 20

  /// - Parameters:
  ///   - augmentation: nil for pictures as they are.
  ///   - seed: of order and augmentation.
  ///   - decoded: where decoded pictures are kept; several feeders may share one.
  ///   - threads: that decode; as many as processors by default.
  public init(
    data: DataSet, preprocessing: PreprocessingSpecification, augmentation: AugmentationSettings? = nil,
    seed: UInt64 = 0, decoded: DecodedPictures = DecodedPictures(),
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    precondition(threads > 0, "someone must decode")
    self.init(
      data: data, preprocessing: preprocessing, augmentation: augmentation, seed: seed, decoded: decoded,
      threads: threads, shelf: PixelBufferShelf())
  }

  private init(
    data: DataSet, preprocessing: PreprocessingSpecification, augmentation: AugmentationSettings?, seed: UInt64,
    decoded: DecodedPictures, threads: Int, shelf: PixelBufferShelf
  ) {
    self.data = data
    self.preprocessing = preprocessing
    self.augmentation = augmentation
    self.seed = seed
    self.decoded = decoded
    self.threads = threads
    self.shelf = shelf
  }

  /// A feeder of the same pictures that changes them in another way, with the same decoded pictures and the same memory
  /// for batches.
  ///
  /// - Parameters:
  ///   - augmentation: nil for pictures as they are.
  ///   - seed: of order and augmentation.
  public func with(augmentation: AugmentationSettings?, seed: UInt64) -> PictureFeeder {
    PictureFeeder(
      data: data, preprocessing: preprocessing, augmentation: augmentation, seed: seed, decoded: decoded,
      threads: threads, shelf: shelf)
  }

  /// The number by which augmentation knows a picture: from its content, so that it does not change when pictures are
  /// added to a data set.
  public static func augmentationKey(of record: PictureRecord) -> UInt64 {
    record.sha256.hex.utf8.prefix(16).reduce(0) { key, digit in
      key << 4 | UInt64(digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10)
    }
  }

  /// The batches of an epoch, made while they are taken.
  ///
  /// - Parameters:
  ///   - indices: places in the manifest; one may occur several times.
  ///   - shuffled: whether their order is drawn anew for this epoch.
  ///   - ahead: how many batches are in memory at most, the one that is taken next included, besides those that were
  ///     taken and are still in use. Nil is as many as 16 MiB hold, between one and three: a network takes longer for a
  ///     batch than the next one's making, so one is enough to keep it busy where pictures are large.
  public func batches(
    of indices: [Int], epoch: Int = 0, batchSize: Int, shuffled: Bool, ahead: Int? = nil
  ) -> PictureBatches {
    let batchBytes = max(1, min(batchSize, indices.count)) * preprocessing.valueCount * MemoryLayout<Float>.stride
    let ahead = ahead ?? max(1, min(3, Self.bytesAhead / batchBytes))
    precondition(ahead > 0, "at least one batch is in the making")
    return PictureBatches(
      feeder: self, epoch: epoch, ahead: ahead,
      plan: BatchPlan.batches(of: indices, batchSize: batchSize, shuffled: shuffled, seed: seed, epoch: epoch))
  }

  /// - Parameter values: shape [height, width, 3]; it gets the picture's scaled values.
  /// - Throws: `MedicalImageError` for a picture that cannot be read, `KidneyDataError.pictureChanged` for one that
  ///   is not the manifest's.
  func write(_ index: Int, epoch: Int, into values: UnsafeMutableBufferPointer<Float>) throws {
    let record = data.manifest.pictures[index]
    let key = DecodedPictures.Key(content: record.sha256, preprocessing: preprocessing.identity)
    if let known = decoded.place(of: key) {
      write(known.pixels, channels: known.channels, of: record, epoch: epoch, into: values)
    } else {
      let resized = try resizedPicture(index, record: record)
      resized.pixels.withUnsafeBufferPointer {
        write($0, channels: resized.channels, of: record, epoch: epoch, into: values)
      }
      decoded.keep(resized, as: key)
    }
  }

  /// - Parameter pixels: of the resized picture. Shape: [height, width, channels].
  private func write(
    _ pixels: UnsafeBufferPointer<UInt8>, channels: Int, of record: PictureRecord, epoch: Int,
    into values: UnsafeMutableBufferPointer<Float>
  ) {
    guard let augmentation else {
      return preprocessing.writeTensorValues(ofResized: pixels, channels: channels, into: values)
    }
    let (height, width) = (preprocessing.height, preprocessing.width)
    let draw = Augmentation.draw(
      settings: augmentation, height: height, width: width, seed: seed, epoch: epoch,
      picture: Self.augmentationKey(of: record))
    Augmentation.warp(pixels, channels: channels, into: values, height: height, width: width, draw: draw)
    preprocessing.writeScaled(UnsafeBufferPointer(values), into: values)
  }

  private func resizedPicture(_ index: Int, record: PictureRecord) throws -> Picture {
    let file = data.url(of: index)
    let content: Data
    do {
      content = try Data(contentsOf: file)
    } catch {
      throw MedicalImageError.unreadable(name: file.path, reason: error.localizedDescription)
    }
    let digest = ContentDigest(of: content)
    guard digest == record.sha256 else {
      throw KidneyDataError.pictureChanged(
        path: file.path, expected: "SHA-256 \(record.sha256.short)…", actual: "\(digest.short)…")
    }
    // Resizing gives equal channels equal values, so one of them is enough.
    return preprocessing.resized(try PictureReader.decode(content, name: file.path).picture.withoutEqualChannels)
  }
}
