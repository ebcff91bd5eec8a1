import Synchronization

/// What callbacks on any thread reported, in order.
final class Collected<Item: Sendable>: Sendable {
  private let storage = Mutex<[Item]>([])

  func add(_ item: Item) { storage.withLock { $0.append(item) } }
  var items: [Item] { storage.withLock { $0 } }
}
