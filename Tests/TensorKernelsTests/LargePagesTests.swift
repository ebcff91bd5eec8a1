import TensorKernels
import Testing

struct LargePagesTests {
  @Test(arguments: [1, 2])
  func `memory of some large pages starts at one, and all of it can be used`(threads: Int) {
    let pool = ThreadPool(threads: threads)
    let page = LargePages.size / 4
    for count in [1, page - 1, page, 3 * page + 5] {
      let values = LargePages.allocate(count: count, pool: pool)
      defer { values.deallocate() }
      #expect(Int(bitPattern: values) % (count < page ? 64 : LargePages.size) == 0)
      for index in 0..<count { values[index] = Float(index) }
      #expect((0..<count).allSatisfy { values[$0] == Float($0) })
    }
  }
}
