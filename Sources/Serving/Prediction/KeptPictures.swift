import Foundation
import Synchronization

/// The files of the latest pictures, in memory, so that an answer can be explained. They are never written to a disk.
final class KeptPictures: Sendable {
  private let capacity: Int
  private let state = Mutex(State())

  private struct State {
    var files: [String: Data] = [:]
    /// The oldest first.
    var order: [String] = []
    var bytes = 0
  }

  /// - Parameter capacity: in bytes.
  init(capacity: Int) { self.capacity = capacity }

  /// Keeps a copy of a picture's file, which may be a part of a large body; the oldest ones make room. One that is larger
  /// than all the room is not kept.
  func keep(_ part: Data, for result: String) {
    guard part.count <= capacity else { return }
    let file = part.withUnsafeBytes { Data($0) }
    state.withLock { state in
      state.files[result] = file
      state.order.append(result)
      state.bytes += file.count
      var gone = 0
      while state.bytes > capacity {
        if let old = state.files.removeValue(forKey: state.order[gone]) { state.bytes -= old.count }
        gone += 1
      }
      state.order.removeFirst(gone)
    }
  }

  func file(of result: String) -> Data? { state.withLock { $0.files[result] } }
}
