import Synchronization
import TensorKernels

/// The memory of one run of a plan.
///
/// Unchecked because it holds a pointer: a run takes it off its shelf before use and nobody else has it meanwhile.
final class Arena: IdleMemory, @unchecked Sendable {
  private let storage: TensorStorage

  init(count: Int) {
    storage = TensorStorage(count: count, zeroed: false)
  }

  var count: Int { storage.count }
  var start: UnsafeMutablePointer<Float> { storage.start }
}

/// Arenas that wait for the next run, since getting memory from the system takes a tenth of the time of a picture.
///
/// Runs at the same time have one each, so there are as many as there have been callers at once.
final class ArenaShelf: Sendable {
  private let idle = Mutex<[Arena]>([])

  /// The smallest arena that is large enough, else a new one in place of the largest that is too small.
  func take(count: Int) -> Arena {
    // What is outgrown goes before the new one comes.
    let fitting = idle.withLock { $0.take(count: count).fitting }
    return fitting ?? Arena(count: count)
  }

  func giveBack(_ arena: Arena) {
    idle.withLock { $0.append(arena) }
  }

  /// How many wait.
  var count: Int { idle.withLock { $0.count } }

  /// Frees the arenas that wait.
  func clear() {
    idle.withLock { $0 = [] }
  }
}

/// An arena in use; it goes back to its shelf when the last user is done with it.
final class ArenaLease: Sendable {
  let arena: Arena
  private let shelf: ArenaShelf

  init(from shelf: ArenaShelf, count: Int) {
    self.shelf = shelf
    arena = shelf.take(count: count)
  }

  deinit { shelf.giveBack(arena) }
}
