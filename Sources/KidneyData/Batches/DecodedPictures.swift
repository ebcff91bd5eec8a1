import Digests
import MedicalImages
import Synchronization

/// Keeps pictures that were decoded and resized, up to a budget, so that later epochs need not decode them again.
///
/// What does not fit any more is decoded each time: an epoch takes every picture once, so throwing out the oldest would
/// throw out just the next one needed.
public final class DecodedPictures: Sendable {
  struct Key: Hashable {
    var content: ContentDigest
    var height: Int
    var width: Int
    var resampling: Resampling
  }

  private struct State {
    var pictures: [Key: Picture] = [:]
    var bytes = 0
  }

  /// In bytes.
  public let budget: Int
  private let state = Mutex(State())

  /// - Parameter budget: in bytes; a grey picture of 224 x 224 takes 49 KiB, one in colours 147 KiB. 0 keeps nothing.
  public init(budget: Int = 128 << 20) {
    self.budget = budget
  }

  /// What is kept, in bytes.
  public var bytes: Int { state.withLock { $0.bytes } }

  func picture(_ key: Key) -> Picture? { state.withLock { $0.pictures[key] } }

  func keep(_ picture: Picture, as key: Key) {
    state.withLock { state in
      guard state.bytes + picture.pixels.count <= budget, state.pictures[key] == nil else { return }
      state.pictures[key] = picture
      state.bytes += picture.pixels.count
    }
  }
}
