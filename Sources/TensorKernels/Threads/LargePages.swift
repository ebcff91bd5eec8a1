#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory for kernels that are read from end to end at every run, in pages of 2 MiB where the system has them.
///
/// With pages of 4 KiB a kernel of 36 MiB is nine thousand of them, more than the processor keeps translations of,
/// and its prefetchers stop at each one's end.
///
/// From one large page on the memory is asked of the system and goes back to it: the C library would keep what was
/// freed, and with it the advice to use large pages, for whatever small things come next.
package struct LargePages {
  package static let size = 2 << 20

  /// The elements are undefined until written. The first one lies at a multiple of 64 bytes, from one large page on at
  /// one's start.
  package let values: UnsafeMutablePointer<Float>
  /// Of the system's memory behind `values`; 0 if it is the C library's.
  private let mappedBytes: Int

  /// All workers together touch the pages, since the first touch makes the system fill them with zeros. What is left
  /// behind the last whole large page stays in small ones, so no more memory becomes resident than asked for.
  ///
  /// - Parameter count: elements.
  package init(count: Int, pool: ThreadPool) {
    let pages = count * 4 / Self.size
    guard pages > 0, let mapped = Self.map(byteCount: count * 4) else {
      values = allocateFloats(count)
      mappedBytes = 0
      return
    }
    #if canImport(Glibc) || canImport(Musl)
      // Advice: a system without large pages refuses, and the memory is as good as any other.
      _ = madvise(mapped.start, pages * Self.size, Int32(MADV_HUGEPAGE))
    #endif
    let values = mapped.start.bindMemory(to: Float.self, capacity: count)
    pool.run(count: pages) { page, _ in values[page * (Self.size / 4)] = 0 }
    self.values = values
    mappedBytes = mapped.byteCount
  }

  /// To be called once, when nobody uses the values any more.
  package func free() {
    guard mappedBytes > 0 else { return values.deallocate() }
    #if canImport(Glibc) || canImport(Musl)
      munmap(values, mappedBytes)
    #endif
  }

  /// Memory of the system from the start of a large page on; nil if there is none, or it cannot be asked here.
  private static func map(byteCount: Int) -> (start: UnsafeMutableRawPointer, byteCount: Int)? {
    #if canImport(Glibc) || canImport(Musl)
      let small = Int(sysconf(Int32(_SC_PAGESIZE)))
      let wanted = (byteCount + small - 1) / small * small
      // One large page more than needed has a large page's start in it; what lies before and behind goes back.
      let whole = mmap(nil, wanted + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let whole, whole != MAP_FAILED else { return nil }
      let before = (size - Int(bitPattern: whole) % size) % size
      if before > 0 { munmap(whole, before) }
      if before < size { munmap(whole + before + wanted, size - before) }
      return (whole + before, wanted)
    #else
      return nil
    #endif
  }
}
