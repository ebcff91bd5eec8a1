import Foundation
import Synchronization
import TensorKernels
import Testing

struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 8])
  func `each index is worked on once, whatever the number of threads`(threads: Int) {
    let pool = ThreadPool(threads: threads)
    #expect(pool.threadCount == threads)
    for count in [0, 1, 2, 7, 1000] {
      let visits = (0..<count).map { _ in Counter() }
      pool.run(count: count) { index, worker in
        #expect((0..<threads).contains(worker))
        visits[index].increment()
      }
      #expect(visits.allSatisfy { $0.value == 1 })
    }
  }

  @Test func `a worker has one call at a time`() {
    let pool = ThreadPool(threads: 4)
    let inside = (0..<4).map { _ in Counter() }
    let collisions = Counter()
    pool.run(count: 2000) { _, worker in
      if inside[worker].increment() != 1 { collisions.increment() }
      inside[worker].decrement()
    }
    #expect(collisions.value == 0)
  }

  @Test func `more than one thread works when work is long`() {
    let pool = ThreadPool(threads: 2)
    let met = Counter()
    // Each of two calls waits for the other: one thread alone would wait for ever, hence the limit.
    pool.run(count: 2) { _, _ in
      met.increment()
      let limit = Date(timeIntervalSinceNow: 10)
      while met.value < 2 && Date() < limit { usleep(100) }
    }
    #expect(met.value == 2)
  }

  @Test func `a nested call runs inline on its own thread`() {
    let pool = ThreadPool(threads: 3)
    let sum = Counter()
    let strangers = Counter()
    pool.run(count: 20) { _, _ in
      let here = pthread_self()
      pool.run(count: 10) { _, worker in
        if pthread_equal(pthread_self(), here) == 0 || worker != 0 { strangers.increment() }
        sum.increment()
      }
    }
    #expect(sum.value == 200)
    #expect(strangers.value == 0)
  }

  @Test func `several callers share a pool`() async {
    let pool = ThreadPool(threads: 3)
    let totals = await withTaskGroup(of: Int.self) { group in
      for caller in 0..<8 {
        group.addTask {
          var total = 0
          for round in 1...200 {
            let sum = Counter()
            pool.run(count: round % 17 + caller) { index, _ in sum.add(index + 1) }
            total += sum.value
          }
          return total
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let expected = (0..<8).map { caller in
      (1...200).reduce(0) { $0 + (($1 % 17 + caller) * ($1 % 17 + caller + 1)) / 2 }
    }
    #expect(totals.sorted() == expected.sorted())
  }

  @Test func `callers that share a pool get the bits that they get alone`() async {
    let shape = ConvolutionShape.same3x3(20, 20, 32, 32)
    let kernel = GuardedFloats(count: shape.kernelCount, seed: 2)
    let prepared = PreparedConvolution(shape: shape, kernel: kernel.pointer, bias: nil)
    let run: @Sendable (UInt64, ThreadPool) -> [Float] = { seed, pool in
      let input = GuardedFloats(count: shape.inputCount, seed: seed)
      let output = GuardedFloats(count: shape.outputCount)
      prepared.run(input: input.pointer, output: output.pointer, batch: 1, activation: .relu, pool: pool)
      return output.values
    }
    let wrong = await withTaskGroup(of: Int.self) { group in
      for caller in 0..<UInt64(6) {
        group.addTask {
          let alone = run(caller, singleThread)
          return (0..<20).count { _ in run(caller, fiveThreads) != alone }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  @Test func `helpers sleep and wake again`() {
    let pool = ThreadPool(threads: 2)
    for _ in 0..<5 {
      usleep(5_000)
      let sum = Counter()
      pool.run(count: 100) { index, _ in sum.add(index) }
      #expect(sum.value == 4950)
    }
  }

  @Test func `pools come and go`() {
    for _ in 0..<50 {
      let sum = Counter()
      ThreadPool(threads: 4).run(count: 8) { _, _ in sum.increment() }
      #expect(sum.value == 8)
    }
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .sequentiallyConsistent) }
  @discardableResult
  func increment() -> Int { add(1) }
  func decrement() { add(-1) }
  @discardableResult
  func add(_ amount: Int) -> Int { count.wrappingAdd(amount, ordering: .sequentiallyConsistent).newValue }
}
