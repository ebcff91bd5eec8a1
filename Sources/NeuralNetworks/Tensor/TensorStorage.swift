#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory behind tensors: allocated here, or a view of memory that an owner keeps alive.
///
/// Unchecked because it holds a pointer: values are written only through `Tensor`, and only while a single tensor
/// refers to this object; views are never written.
final class TensorStorage: @unchecked Sendable {
  private enum Memory {
    case heap
    case pages(byteCount: Int)
    case view(owner: any AnyObject & Sendable)
  }

  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let memory: Memory

  /// From here on, memory comes from the system and goes back to it at once when freed: the C library would keep freed
  /// activations, and its holes between them, for as long as the process lives.
  private static let pagesFrom = 1 << 20
  /// Below this size huge pages waste more than they save.
  private static let hugePagesFrom = 4 << 20

  /// - Parameter zeroed: whether the elements are zero; otherwise they are undefined until written.
  init(count: Int, zeroed: Bool) {
    self.count = count
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    precondition(!overflow, "a tensor of \(count) elements cannot be addressed")
    if byteCount >= Self.pagesFrom, let pages = Self.pages(byteCount: byteCount) {
      start = pages.bindMemory(to: Float.self, capacity: count)
      memory = .pages(byteCount: byteCount)
      return
    }
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
    if zeroed { memset(raw, 0, byteCount) }
    start = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    memory = .heap
  }

  init(viewing start: UnsafePointer<Float>, count: Int, owner: any AnyObject & Sendable) {
    self.start = UnsafeMutablePointer(mutating: start)
    self.count = count
    memory = .view(owner: owner)
  }

  /// What keeps the memory alive if it is not this object's own.
  var owner: (any AnyObject & Sendable)? {
    if case .view(let owner) = memory { owner } else { nil }
  }

  /// Pages of zeros, or nil if the system has none (the caller's ordinary allocation then reports it).
  private static func pages(byteCount: Int) -> UnsafeMutableRawPointer? {
    let pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages, pages != MAP_FAILED else { return nil }
    #if os(Linux)
      if byteCount >= hugePagesFrom { madvise(pages, byteCount, MADV_HUGEPAGE) }
    #endif
    return pages
  }

  deinit {
    switch memory {
    case .heap: UnsafeMutableRawPointer(start).deallocate()
    case .pages(let byteCount): munmap(start, byteCount)
    case .view: break
    }
  }
}
