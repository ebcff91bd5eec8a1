import NeuralNetworks
import Testing

@Suite struct ActivationPlanTests {
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
    let plan = ActivationPlan(sizes: Self.vgg16, batch: 16, budget: 32 << 20)
    #expect(plan.groups.map(\.layers) == [0..<3, 3..<6, 6..<10, 10..<14, 14..<18])
    #expect(plan.groups.map(\.chunk) == [1, 2, 4, 8, 16])
    #expect(plan.workspaceCount * 4 < 50 << 20)
  }

  @Test(arguments: [1, 2, 3, 16, 64, 1000])
  func `VGG-16 stays below a hundred megabytes for any batch`(batch: Int) {
    #expect(ActivationPlan(sizes: Self.vgg16, batch: batch, budget: 32 << 20).workspaceCount * 4 < 100_000_000)
  }

  @Test(arguments: [1, 5, 16, 33], [1, 200, 5000, 100_000])
  func `any plan covers every layer once and has room for every chunk`(batch: Int, budget: Int) {
    let sizes = [30, 400, 380, 100, 220, 60, 60, 15, 700, 3]
    let plan = ActivationPlan(sizes: sizes, batch: batch, budget: budget)
    #expect(plan.groups.flatMap { Array($0.layers) } == Array(0..<9))
    #expect(plan.groups.first?.inputOffset == nil)
    var end = 2 * plan.turnCount
    for group in plan.groups {
      #expect((1...batch).contains(group.chunk))
      #expect(group.layers.dropLast().allSatisfy { group.chunk * sizes[$0 + 1] <= plan.turnCount })
      if let offset = group.inputOffset {
        #expect(offset >= end)
        end = offset + group.chunk * sizes[group.layers.lowerBound]
      }
    }
    #expect(plan.workspaceCount >= end)
    #expect(zip(plan.groups, plan.groups.dropFirst()).allSatisfy { $0.chunk <= $1.chunk })
  }

  @Test func `chunks are as equal as can be`() {
    let plan = ActivationPlan(sizes: [10, 10], batch: 16, budget: 80 * 10)
    #expect(plan.groups.map(\.chunk) == [8])
  }
}
