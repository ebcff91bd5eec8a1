import Synchronization

/// Memory that lives for one call and is kept for the next: after the first calls nothing is allocated.
enum ScratchMemory {
  /// A whole cache line of floats.
  static let lineLength = 16

  /// Unchecked because it holds a pointer: whoever took it off the shelf is its only user.
  private struct Block: IdleMemory, @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    let count: Int
  }

  private struct Shelf: Sendable {
    var blocks: [Block] = []
  }

  private static let shelf = Mutex(Shelf())

  /// Lends `count` floats, aligned to 64 bytes, with anything in them.
  static func with<Result>(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
    let block = take(count)
    defer { shelf.withLock { $0.blocks.append(block) } }
    return body(block.base)
  }

  private static func take(_ count: Int) -> Block {
    let (fitting, outgrown) = shelf.withLock { $0.blocks.take(count: count) }
    if let fitting { return fitting }
    outgrown?.base.deallocate()
    return Block(base: allocateFloats(count), count: count)
  }
}

/// Uninitialised floats, aligned to 64 bytes: a cache line, two AVX registers.
func allocateFloats(_ count: Int) -> UnsafeMutablePointer<Float> {
  UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64).bindMemory(
    to: Float.self, capacity: count)
}
