import Digests
import Foundation
import LocalFiles
import NeuralNetworks

/// Base features on disk, by content: the same picture, base, layer, preprocessing and augmentation are
/// computed once, whatever run asks.
///
/// One folder a `FeatureKey`, in it safetensors files whose tensors are named by their picture's digest.
/// Several processes may write at once: each adds files of its own, whole or not at all. A process sees what others
/// wrote before it took the key's shelf.
public struct FeatureCache: Sendable {
  /// Holds one folder for each key; it need not exist.
  public let folder: URL
  /// The size in bytes to which `trim` brings the cache. Between two trims it may grow beyond.
  public let maximumBytes: Int64

  /// 4 GiB.
  public static let defaultMaximumBytes: Int64 = 4 << 30

  /// - Parameters:
  ///   - folder: need not exist.
  ///   - maximumBytes: what `trim` leaves at most.
  public init(
    folder: URL = UserFolders().cache.appending(path: "features"), maximumBytes: Int64 = defaultMaximumBytes
  ) {
    self.folder = folder
    self.maximumBytes = maximumBytes
  }

  /// The shelf of one key, created empty if it is new.
  ///
  /// - Throws: `LocalFileError` if its folder cannot be created.
  public func shelf(for key: FeatureKey) throws -> FeatureShelf {
    try FeatureShelf(folder: folder.appending(path: String(ContentDigest(of: key.text).hex.prefix(32))), key: key)
  }

  /// Removes whole shelves, those first whose key was used longest ago, until the cache is within `maximumBytes`.
  ///
  /// A key is used when its shelf is taken and when a file is added to it. Whoever has taken a shelf that is removed
  /// keeps what was mapped. What cannot be read or removed is left: a cache too large is no reason to stop.
  public func trim() {
    let files = FileManager.default
    guard
      let shelves = try? files.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: [.contentModificationDateKey], options: .skipsHiddenFiles)
    else { return }
    var aged = shelves.map { shelf in
      let date = (try? shelf.resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate
      let contents = (try? files.contentsOfDirectory(at: shelf, includingPropertiesForKeys: [.fileSizeKey])) ?? []
      let size = contents.reduce(Int64(0)) {
        $0 + Int64((try? $1.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0)
      }
      return (url: shelf, date: date ?? .distantPast, size: size)
    }
    aged.sort { $0.date > $1.date }
    var total = aged.reduce(0) { $0 + $1.size }
    while total > maximumBytes, let oldest = aged.popLast() {
      try? files.removeItem(at: oldest.url)
      total -= oldest.size
    }
  }
}
