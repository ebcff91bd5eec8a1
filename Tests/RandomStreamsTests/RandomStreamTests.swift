import RandomStreams
import Testing

@Suite struct RandomStreamTests {
  /// Known answers of the Random123 distribution (`kat_vectors`, philox4x32 10).
  @Test(arguments: [
    (UInt32(0), UInt32(0), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8] as [UInt32]),
    (UInt32.max, UInt32.max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
  ])
  func `Philox gives the published known answers`(counter: UInt32, key: UInt32, expected: [UInt32]) {
    let block = RandomStream.philox(counter: (counter, counter, counter, counter), key: (key, key))
    #expect([block.0, block.1, block.2, block.3] == expected)
  }

  @Test func `the same seed and path give the same numbers`() {
    var first = RandomStream(seed: 7, 1, 2)
    var second = RandomStream(seed: 7, path: [1, 2])
    #expect((0..<100).map { _ in first.next() } == (0..<100).map { _ in second.next() })
  }

  @Test func `another seed, path or path length gives other numbers`() {
    var streams = [
      RandomStream(seed: 7, 1, 2), RandomStream(seed: 8, 1, 2), RandomStream(seed: 7, 2, 1),
      RandomStream(seed: 7, 1), RandomStream(seed: 7, 1, 0), RandomStream(seed: 7),
    ]
    let firsts = Set(streams.indices.map { streams[$0].next() })
    #expect(firsts.count == streams.count)
  }

  @Test func `uniform numbers lie in the half-open range with the right mean`() {
    var stream = RandomStream(seed: 1)
    let numbers = (0..<20_000).map { _ in stream.uniform(in: -2..<4) }
    #expect(numbers.allSatisfy { $0 >= -2 && $0 < 4 })
    // The standard error of the mean is 6 / sqrt(12 * 20,000) = 0.012.
    #expect(abs(numbers.reduce(0, +) / 20_000 - 1) < 0.06)
  }

  @Test func `normal numbers have mean 0 and variance 1`() {
    var stream = RandomStream(seed: 2)
    let numbers = (0..<20_000).map { _ in stream.normal() }
    let mean = numbers.reduce(0, +) / 20_000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19_999
    #expect(abs(mean) < 0.035)
    #expect(abs(variance - 1) < 0.05)
  }

  @Test func `a permutation holds every index once and puts each in every place`() {
    var stream = RandomStream(seed: 3)
    var counts = [[Int]](repeating: [0, 0, 0, 0], count: 4)
    for _ in 0..<4_000 {
      let order = stream.permutation(of: 4)
      #expect(order.sorted() == [0, 1, 2, 3])
      for (place, index) in order.enumerated() { counts[place][index] += 1 }
    }
    // Expected 1,000 each, standard deviation 27.
    #expect(counts.joined().allSatisfy { abs($0 - 1_000) < 140 })
  }
}
