import TensorKernels
import Testing

struct LargePagesTests {
  @Test(arguments: [1, 2])
  func `memory of some large pages starts at one, and all of it can be used`(threads: Int) {
    let pool = ThreadPool(threads: threads)
    let page = LargePages.size / 4
    for count in [0, 1, page - 1, page, 3 * page + 5] {
      let memory = LargePages(count: count, pool: pool)
      defer { memory.free() }
      let values = memory.values
      #expect(Int(bitPattern: values) % (count < page ? 64 : LargePages.size) == 0)
      for index in 0..<count { values[index] = Float(index) }
      #expect((0..<count).allSatisfy { values[$0] == Float($0) })
    }
  }

  /// The advice stands in the system's list whether or not it has large pages to give at the moment.
  @Test(.enabled(if: MemoryMap.knowsLargePages, "NOT TESTED: this system has no large pages, or no /proc/self/smaps"))
  func `the system is told to use large pages for the whole ones and not behind them`() throws {
    let pages = 5
    let memory = LargePages(count: (pages * LargePages.size + 5000) / 4, pool: ThreadPool(threads: 2))
    defer { memory.free() }
    let start = UnsafeRawPointer(memory.values)
    let map = try #require(MemoryMap.now())
    for page in 0..<pages {
      #expect(map.mapping(of: start + page * LargePages.size)?.flags.contains("hg") == true, "page \(page)")
    }
    let behind = try #require(map.mapping(of: start + pages * LargePages.size))
    #expect(!behind.flags.contains("hg"))
  }

  /// In a process of its own, or another test's memory might take the place.
  @Test(.enabled(if: MemoryMap.knowsLargePages, "NOT TESTED: this system has no large pages, or no /proc/self/smaps"))
  func `what is freed goes back to the system, and nothing is left before or behind`() async {
    await #expect(processExitsWith: .success) {
      let pool = ThreadPool(threads: 1)
      let count = (3 * LargePages.size + 5000) / 4
      LargePages(count: count, pool: pool).free()
      let before = try #require(MemoryMap.now()).total
      let memory = LargePages(count: count, pool: pool)
      let held = try #require(MemoryMap.now())
      // Whole small pages, and a reader's buffers may come and go.
      #expect((count * 4..<count * 4 + (1 << 19)).contains(held.total - before), "\(held.total - before)")
      let place = UnsafeRawPointer(memory.values)
      #expect(held.mapping(of: place) != nil)
      memory.free()
      #expect(try #require(MemoryMap.now()).mapping(of: place) == nil)
    }
  }
}
