import NeuralNetworks
import Testing

@Suite struct BatchDivisionTests {
  /// The elements of a picture before each layer of VGG-16's base and after the last, at 224 x 224.
  static let vgg16: [Int] = {
    var sizes = [224 * 224 * 3]
    var side = 224
    for (convolutions, channels) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)] {
      sizes += Array(repeating: side * side * channels, count: convolutions)
      side /= 2
      sizes.append(side * side * channels)
    }
    return sizes
  }()

  @Test func `VGG-16 on sixteen pictures takes wide blocks one by one and late ones together`() {
    let division = BatchDivision(sizes: Self.vgg16, batch: 16, budget: 32 << 20)
    #expect(division.groups.map(\.layers) == [0..<3, 3..<6, 6..<10, 10..<14, 14..<18])
    #expect(division.groups.map(\.chunk) == [1, 2, 4, 8, 16])
  }

  @Test(arguments: [1, 5, 16, 33], [1, 200, 5000, 100_000])
  func `any division covers every layer once, in chunks that grow`(batch: Int, budget: Int) {
    let sizes = [30, 400, 380, 100, 220, 60, 60, 15, 700, 3]
    let division = BatchDivision(sizes: sizes, batch: batch, budget: budget)
    #expect(division.groups.flatMap { Array($0.layers) } == Array(0..<9))
    for group in division.groups {
      #expect((1...batch).contains(group.chunk))
      let bytes = group.layers.map { (sizes[$0] + sizes[$0 + 1]) * 4 * group.chunk }.max()!
      #expect(bytes <= budget || group.chunk == 1)
    }
    #expect(zip(division.groups, division.groups.dropFirst()).allSatisfy { $0.chunk <= $1.chunk })
  }

  @Test func `chunks are as equal as can be`() {
    let division = BatchDivision(sizes: [10, 10], batch: 16, budget: 80 * 10)
    #expect(division.groups.map(\.chunk) == [8])
  }
}
