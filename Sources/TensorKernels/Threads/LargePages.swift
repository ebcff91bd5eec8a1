#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory for kernels that are read from end to end at every run, in pages of 2 MiB where the system has them.
///
/// With pages of 4 KiB a kernel of 36 MiB is nine thousand of them, more than the processor keeps translations of,
/// and its prefetchers stop at each one's end.
package enum LargePages {
  package static let size = 2 << 20

  /// Floats to be given back with `deallocate()`. From one large page on they start at one, and all workers together
  /// touch the pages, since the first touch makes the system fill them with zeros. What is left behind the last whole
  /// large page stays in small ones, so no more memory becomes resident than asked for.
  package static func allocate(count: Int, pool: ThreadPool) -> UnsafeMutablePointer<Float> {
    let pages = count * 4 / size
    guard pages > 0 else { return allocateFloats(count) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: size)
    #if canImport(Glibc) || canImport(Musl)
      // Advice: a system without large pages refuses, and the memory is as good as any other.
      _ = madvise(memory, pages * size, Int32(MADV_HUGEPAGE))
    #endif
    let values = memory.bindMemory(to: Float.self, capacity: count)
    pool.run(count: pages) { page, _ in values[page * (size / 4)] = 0 }
    return values
  }
}
