import NeuralNetworks
import RandomStreams
import Testing

@Suite struct InitializerTests {
  private func draw(_ initializer: Initializer, seed: UInt64 = 1) -> [Double] {
    var stream = RandomStream(seed: seed)
    let tensor = initializer.tensor(shape: [200, 300], fanIn: 200, fanOut: 300, stream: &stream)
    #expect(tensor.shape == [200, 300])
    return tensor.values.map(Double.init)
  }

  private func moments(_ values: [Double]) -> (mean: Double, deviation: Double, largest: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance.squareRoot(), values.map(abs).max() ?? 0)
  }

  /// A uniform number in ±limit has a standard deviation of limit / √3. 60,000 draws give it within 1 %.
  @Test(arguments: [Initializer.glorotUniform, .heUniform, .heNormal])
  func `draws have the documented spread and limit`(initializer: Initializer) {
    // √(6 / 500), √(6 / 200) and 2 √(2 / 200) / 0.8796 with a spread of √(2 / 200).
    let (limit, deviation) =
      switch initializer {
      case .glorotUniform: (0.1095445115, 0.0632455532)
      case .heUniform: (0.1732050808, 0.1)
      default: (0.2273694, 0.1)
      }
    let found = moments(draw(initializer))
    #expect(abs(found.mean) < 0.02 * deviation)
    #expect(abs(found.deviation - deviation) < 0.01 * deviation)
    #expect(found.largest <= limit * 1.000001)
    #expect(found.largest > limit * 0.99)
  }

  @Test func `zeros are zeros and draw nothing`() {
    var stream = RandomStream(seed: 1)
    let tensor = Initializer.zeros.tensor(shape: [3], fanIn: 1, fanOut: 1, stream: &stream)
    #expect(tensor.values == [0, 0, 0])
    var fresh = RandomStream(seed: 1)
    #expect(stream.next() == fresh.next())
  }

  @Test(arguments: [Initializer.glorotUniform, .heNormal, .heUniform])
  func `a seed gives the same draw and another seed another`(initializer: Initializer) {
    #expect(draw(initializer) == draw(initializer))
    #expect(draw(initializer) != draw(initializer, seed: 2))
  }
}
