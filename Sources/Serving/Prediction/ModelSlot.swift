import Dispatch
import Foundation
import Synchronization

/// The model that answers. Another one takes its place at once and whole: requests that are under way are answered by
/// the one they began with.
public final class ModelSlot: Sendable {
  private let source: ModelSource
  private let present: Mutex<ServedModel>
  /// Loading takes seconds and must not be done twice at a time.
  private let loading = DispatchQueue(label: "nefro.model")

  /// - Throws: what loading the model throws.
  public init(_ source: ModelSource) throws {
    self.source = source
    present = Mutex(try source.load(present: nil))
  }

  /// The model that answers a request that comes now. Hold it to the end: the next look may give another one.
  public var current: ServedModel { present.withLock { $0 } }

  /// Looks again which model answers, and puts it in place if it is another one.
  ///
  /// - Returns: the one before and the one now.
  /// - Throws: what loading throws; the present one goes on then.
  func refresh() async throws -> (before: ServedModel, now: ServedModel) {
    try await offload(on: loading) { [self] in
      let before = current
      let now = try source.load(present: before)
      if now.identity != before.identity { present.withLock { $0 = now } }
      return (before, now)
    }
  }

  /// Whether a promotion of a version, such as `kidney:3`, changes what answers here. A server of a file goes on with its
  /// file: what lies there by now, such as a training that nobody promoted, was not asked for.
  func follows(_ reference: String) -> Bool {
    guard case .registered(let name, _) = source else { return false }
    return reference.prefix { $0 != ":" } == name
  }
}
