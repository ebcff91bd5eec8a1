import Foundation
import Synchronization

/// Memory for a batch's values, aligned to 64 bytes; it goes back to where it came from with the object.
public final class PixelBuffer: @unchecked Sendable {
  // Written by the feeder's threads, each its own part, before anyone else sees the object; only read afterwards.
  let mutableValues: UnsafeMutableBufferPointer<Float>
  /// The values are its beginning.
  private let block: UnsafeMutableBufferPointer<Float>
  private let shelf: PixelBufferShelf

  /// Valid as long as this object.
  public var values: UnsafeBufferPointer<Float> { UnsafeBufferPointer(mutableValues) }

  init(count: Int, from shelf: PixelBufferShelf) {
    self.shelf = shelf
    block = shelf.take(count: count)
    mutableValues = UnsafeMutableBufferPointer(rebasing: block[..<count])
  }

  deinit { shelf.giveBack(block) }
}

/// The memory of a feeder's batches, used again for later ones, epoch after epoch.
///
/// A last batch that is shorter lies at the beginning of a block of the longer ones. All comes from the system and goes
/// back to it: from the C library, blocks of this size would be kept after their use, with holes between them.
final class PixelBufferShelf: Sendable {
  private struct Blocks: @unchecked Sendable {
    var idle: [UnsafeMutableBufferPointer<Float>] = []
  }

  private let blocks = Mutex(Blocks())

  /// - Returns: a block of at least `count` values.
  func take(count: Int) -> UnsafeMutableBufferPointer<Float> {
    let idle = blocks.withLock { blocks in
      blocks.idle.firstIndex { $0.count >= count }.map { blocks.idle.remove(at: $0) }
    }
    return idle ?? Self.allocate(count)
  }

  func giveBack(_ block: UnsafeMutableBufferPointer<Float>) {
    blocks.withLock { $0.idle.append(block) }
  }

  deinit {
    for block in blocks.withLock({ $0.idle }) { munmap(block.baseAddress!, Self.byteCount(block.count)) }
  }

  private static func byteCount(_ count: Int) -> Int { max(count, 1) * MemoryLayout<Float>.stride }

  private static func allocate(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
    let pages = mmap(nil, byteCount(count), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages, pages != MAP_FAILED else {
      preconditionFailure("the system has no \(byteCount(count)) bytes of memory left for a batch of pictures")
    }
    return UnsafeMutableBufferPointer(start: pages.bindMemory(to: Float.self, capacity: count), count: count)
  }
}
