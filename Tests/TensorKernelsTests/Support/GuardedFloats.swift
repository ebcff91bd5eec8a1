import RandomStreams

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Floats that end where a page without access begins, after a page without access: a kernel that reads
/// or writes beyond its operand stops the test at once.
///
/// Only the end is exact to the element; the beginning is exact where the size is whole pages.
final class GuardedFloats {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  /// Every element is `value`: not a number unless told, so that one that is not overwritten shows.
  init(count: Int, repeating value: Float = .nan) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let pages = (count * 4 + page - 1) / page
    self.count = count
    length = (pages + 2) * page
    #if canImport(Darwin)
      let anonymous = MAP_ANON
    #else
      let anonymous = MAP_ANONYMOUS
    #endif
    guard let mapping = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | anonymous, -1, 0),
      mapping != MAP_FAILED
    else { fatalError("no memory for a test") }
    self.mapping = mapping
    let end = mapping + page + pages * page
    mprotect(mapping, page, PROT_NONE)
    mprotect(end, page, PROT_NONE)
    pointer = (end - count * 4).bindMemory(to: Float.self, capacity: count)
    pointer.update(repeating: value, count: count)
  }

  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  /// Values in -1..<1 that depend on nothing but the arguments.
  convenience init(count: Int, seed: UInt64, in range: Range<Double> = -1..<1) {
    self.init(count: count)
    var stream = RandomStream(seed: seed, UInt64(count))
    for index in 0..<count { pointer[index] = Float(stream.uniform(in: range)) }
  }

  deinit {
    munmap(mapping, length)
  }

  var values: [Float] { [Float](UnsafeBufferPointer(start: pointer, count: count)) }
}
