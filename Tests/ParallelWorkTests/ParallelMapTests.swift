import ParallelWork
import Synchronization
import Testing

@Suite struct ParallelMapTests {
  struct Failure: Error, Equatable { var index: Int }

  @Test func `results stand in the order of their indices and progress rises to the count`() {
    let seen = Mutex<[Int]>([])
    let results = parallelMap(1000, finished: { done in seen.withLock { $0.append(done) } }) { $0 * $0 }
    #expect(results == (0..<1000).map { $0 * $0 })
    #expect(seen.withLock { $0 } == Array(1...1000))
  }

  @Test func `the error of the smallest index is thrown`() {
    #expect(throws: Failure(index: 300)) {
      try parallelMap(1000) { index in
        if index >= 300, index % 100 == 0 { throw Failure(index: index) }
        return index
      }
    }
  }

  @Test func `nothing to do gives nothing`() {
    #expect(parallelMap(0) { $0 }.isEmpty)
  }
}
