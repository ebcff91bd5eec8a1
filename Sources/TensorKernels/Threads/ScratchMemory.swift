import Synchronization

/// Memory that lives for one call and is kept for the next: after the first calls nothing is allocated.
enum ScratchMemory {
  /// A whole cache line of floats.
  static let lineLength = 16

  private struct Block {
    let base: UnsafeMutablePointer<Float>
    let count: Int
  }

  private struct Shelf: @unchecked Sendable {
    var blocks: [Block] = []
  }

  private static let shelf = Mutex(Shelf())

  /// Lends `count` floats, aligned to 64 bytes, with anything in them.
  static func with<Result>(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
    let block = take(count)
    defer { shelf.withLock { $0.blocks.append(block) } }
    return body(block.base)
  }

  /// The smallest block that is large enough; else a new one in place of the largest that is too small. So there are never more blocks than calls at one time
  /// have needed.
  private static func take(_ count: Int) -> Block {
    let found: (fitting: Block?, outgrown: Block?) = shelf.withLock { shelf in
      let candidates = shelf.blocks.indices.filter { shelf.blocks[$0].count >= count }
      if let best = candidates.min(by: { shelf.blocks[$0].count < shelf.blocks[$1].count }) {
        return (shelf.blocks.remove(at: best), nil)
      }
      if let largest = shelf.blocks.indices.max(by: { shelf.blocks[$0].count < shelf.blocks[$1].count }) {
        return (nil, shelf.blocks.remove(at: largest))
      }
      return (nil, nil)
    }
    if let fitting = found.fitting { return fitting }
    found.outgrown?.base.deallocate()
    return Block(base: allocateFloats(count), count: count)
  }
}

/// Uninitialised floats, aligned to 64 bytes: a cache line, two AVX registers.
func allocateFloats(_ count: Int) -> UnsafeMutablePointer<Float> {
  UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64).bindMemory(
    to: Float.self, capacity: count)
}
