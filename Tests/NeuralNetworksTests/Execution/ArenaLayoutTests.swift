import NeuralNetworks
import RandomStreams
import Testing

@Suite struct ArenaLayoutTests {
  @Test func `values that are never alive together share a place`() {
    let layout = ArenaLayout([
      .init(count: 100, lifetime: 0...1), .init(count: 50, lifetime: 1...2), .init(count: 100, lifetime: 2...3),
      .init(count: 50, lifetime: 3...4),
    ])
    #expect(layout.offsets == [0, 112, 0, 112])
    #expect(layout.count == 112 + 64)
  }

  @Test func `a small value goes into the gap that a dead one leaves`() {
    let layout = ArenaLayout([
      .init(count: 64, lifetime: 0...9), .init(count: 48, lifetime: 0...3), .init(count: 32, lifetime: 0...9),
      .init(count: 16, lifetime: 4...9),
    ])
    #expect(layout.offsets == [0, 64, 112, 64])
    #expect(layout.count == 144)
  }

  @Test func `nothing needs nothing`() {
    #expect(ArenaLayout([]).count == 0)
  }

  @Test(arguments: 0..<50)
  func `no two values that live at one time overlap, and each starts on a cache line`(seed: UInt64) {
    var stream = RandomStream(seed: seed)
    let values = (0..<30).map { _ in
      let start = stream.index(below: 40)
      return ArenaLayout.Value(count: stream.index(below: 300), lifetime: start...start + stream.index(below: 12))
    }
    let layout = ArenaLayout(values)
    for (index, value) in values.enumerated() {
      #expect(layout.offsets[index] % 16 == 0)
      #expect(layout.offsets[index] + value.count <= layout.count)
      for other in values[..<index].indices where values[other].lifetime.overlaps(value.lifetime) {
        let apart =
          layout.offsets[index] + value.count <= layout.offsets[other]
          || layout.offsets[other] + values[other].count <= layout.offsets[index]
        #expect(apart, "\(values[other]) and \(value)")
      }
    }
    #expect(layout.count <= values.reduce(0) { $0 + ($1.count + 15) / 16 * 16 })
  }
}
