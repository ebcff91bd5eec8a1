import Digests
import Dispatch
import Foundation
import LocalFiles
import NeuralNetworks
import Synchronization

/// The features of one key.
public final class FeatureShelf {
  /// What the features depend on besides the pictures.
  public let key: FeatureKey
  /// Its modification date, which every file that is added renews, tells `trim` when the key was last used.
  private let folder: URL
  // Each by the picture's digest.
  private var stored: [String: SafetensorsFile] = [:]
  private var pending: [String: Tensor] = [:]
  private var pendingBytes = 0
  private var writing: FileWriting?
  /// Whether a write failed, as on a full disk: from then on nothing is kept, or everything would be gathered in memory
  /// and tried again at each picture.
  private var isClosed = false

  /// A file is written when so many bytes have gathered. As many more may be in memory while they are written.
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
      for name in file.names { stored[name] = file }
    }
  }

  /// - Returns: nil if the picture's features are not here, or have another shape.
  public func features(of picture: ContentDigest, shape: [Int]) -> Tensor? {
    let name = picture.hex
    let tensor = pending[name] ?? writing?.tensors[name] ?? stored[name].flatMap { try? $0.tensor(name) }
    return tensor?.shape == shape ? tensor : nil
  }

  /// Keeps a picture's features, now in memory and soon on disk; nothing more once a write has failed.
  ///
  /// - Throws: `LocalFileError` if a file that became due earlier could not be written.
  public func add(_ features: Tensor, of picture: ContentDigest) throws {
    guard !isClosed, pending[picture.hex] == nil else { return }
    pending[picture.hex] = features
    pendingBytes += features.count * MemoryLayout<Float>.stride
    if pendingBytes >= Self.bytesPerFile { try startWriting() }
  }

  /// Writes what is in memory only; nothing if there is nothing.
  ///
  /// - Throws: `LocalFileError` if a file cannot be written, as on a full disk, or read again. What was in memory is
  ///   then forgotten, and the shelf keeps nothing more.
  public func flush() throws {
    try startWriting()
    try finishWriting()
  }

  /// The file before must be done, so that no more than two files' features are in memory.
  private func startWriting() throws {
    try finishWriting()
    guard !pending.isEmpty else { return }
    let url = folder.appending(path: "\(UUID().uuidString.lowercased()).safetensors")
    writing = FileWriting(of: pending, to: url, metadata: ["key": key.text])
    forgetPending()
  }

  private func finishWriting() throws {
    guard let writing else { return }
    self.writing = nil
    do {
      let file = try writing.wait()
      for name in file.names { stored[name] = file }
    } catch {
      isClosed = true
      forgetPending()
      throw error
    }
  }

  private func forgetPending() {
    pending.removeAll()
    pendingBytes = 0
  }
}

/// A file that is written on another thread: until the disk has it, the network computes the next features.
private final class FileWriting: Sendable {
  let tensors: [String: Tensor]
  private let done = DispatchGroup()
  private let outcome = Mutex<Result<SafetensorsFile, any Error>?>(nil)

  init(of tensors: [String: Tensor], to url: URL, metadata: [String: String]) {
    self.tensors = tensors
    DispatchQueue.global(qos: .userInitiated).async(group: done) {
      let file = Result {
        try SafetensorsFile.write(
          to: url, tensors: tensors.map { (name: $0.key, tensor: $0.value) }, metadata: metadata)
        return try SafetensorsFile(url)
      }
      self.outcome.withLock { $0 = file }
    }
  }

  /// - Returns: the file, once it is whole.
  /// - Throws: what writing it, or reading it again, threw.
  func wait() throws -> SafetensorsFile {
    done.wait()
    guard let outcome = outcome.withLock({ $0 }) else { preconditionFailure("a file that is written has an outcome") }
    return try outcome.get()
  }
}
