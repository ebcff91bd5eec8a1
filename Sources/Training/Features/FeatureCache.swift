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

/// The features of one key.
public final class FeatureShelf {
  /// What the features depend on besides the pictures.
  public let key: FeatureKey
  /// Its modification date, which every file that is added renews, tells `trim` when the key was last used.
  private let folder: URL
  private var stored: [String: (file: SafetensorsFile, name: String)] = [:]
  private var pending: [(name: String, tensor: Tensor)] = []
  private var pendingNames: [String: Int] = [:]
  private var pendingBytes = 0
  /// Whether a write failed, as on a full disk: from then on nothing is kept, or everything would be gathered in memory
  /// and tried again at each picture.
  private var isClosed = false

  /// A file is written when so many bytes have gathered.
  private static let bytesPerFile = 8 << 20

  init(folder: URL, key: FeatureKey) throws {
    self.folder = folder
    self.key = key
    try AtomicFile.createFolder(folder)
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: folder.path)
    let contents = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    for url in contents where url.pathExtension == "safetensors" {
      // A cache may forget: a file that is damaged, or of another key, is as good as absent.
      guard let file = try? SafetensorsFile(url), file.metadata["key"] == key.text else {
        try? FileManager.default.removeItem(at: url)
        continue
      }
      for name in file.names { stored[name] = (file, name) }
    }
  }

  /// - Returns: nil if the picture's features are not here, or have another shape.
  public func features(of picture: ContentDigest, shape: [Int]) -> Tensor? {
    let tensor: Tensor?
    if let place = pendingNames[picture.hex] {
      tensor = pending[place].tensor
    } else if let place = stored[picture.hex] {
      tensor = try? place.file.tensor(place.name)
    } else {
      tensor = nil
    }
    return tensor?.shape == shape ? tensor : nil
  }

  /// Keeps a picture's features, now in memory and soon on disk; nothing more once a write has failed.
  ///
  /// - Throws: `LocalFileError` if a file that became due cannot be written.
  public func add(_ features: Tensor, of picture: ContentDigest) throws {
    guard !isClosed, pendingNames[picture.hex] == nil else { return }
    pendingNames[picture.hex] = pending.count
    pending.append((picture.hex, features))
    pendingBytes += features.count * MemoryLayout<Float>.stride
    if pendingBytes >= Self.bytesPerFile { try flush() }
  }

  /// Writes what is in memory only, as one file; nothing if there is nothing.
  ///
  /// - Throws: `LocalFileError` if the file cannot be written, as on a full disk, or read again. What was in memory is
  ///   then forgotten, and the shelf keeps nothing more.
  public func flush() throws {
    guard !pending.isEmpty else { return }
    let waiting = pending
    pending.removeAll()
    pendingNames.removeAll()
    pendingBytes = 0
    // Until the write has succeeded.
    isClosed = true
    let url = folder.appending(path: "\(UUID().uuidString.lowercased()).safetensors")
    try SafetensorsFile.write(
      to: url, tensors: waiting.sorted { $0.name < $1.name }, metadata: ["key": key.text])
    let file = try SafetensorsFile(url)
    for name in file.names { stored[name] = (file, name) }
    isClosed = false
  }
}
