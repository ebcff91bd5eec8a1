import KidneyData
import RandomStreams
import Testing

/// Gives out numbers whose `uniform()` is what the test says, and counts them.
private struct ScriptedGenerator: RandomNumberGenerator {
  var uniforms: [Double]
  var used = 0

  mutating func next() -> UInt64 {
    defer { used += 1 }
    return UInt64(uniforms[used] * 0x1p53) << 11
  }
}

struct AugmentationDrawTests {
  private let settings = AugmentationSettings()

  private func draws(_ settings: AugmentationSettings, count: Int) -> [AugmentationDraw] {
    (0..<UInt64(count)).map {
      Augmentation.draw(settings: settings, height: 100, width: 200, seed: 5, epoch: 3, picture: $0)
    }
  }

  @Test func `the order is rotation, height, width, shear, zooms, two flips`() {
    var generator = ScriptedGenerator(uniforms: [0.75, 0, 0.25, 0.5, 1 - 0x1p-53, 0.5, 0.25, 0.875])
    let draw = Augmentation.draw(settings: settings, height: 100, width: 200, from: &generator)
    #expect(generator.used == 8)
    #expect(draw.rotation == 20 * Double.pi / 180)
    #expect(draw.heightShift == -20)  // -0.2 of 100
    #expect(draw.widthShift == -20)  // -0.1 of 200
    #expect(draw.shear == 0)
    #expect(draw.zoomX > 1.199 && draw.zoomX <= 1.2)
    #expect(draw.zoomY == 1)
    #expect(draw.isFlipped)
  }

  @Test func `shear counts in radians, in Keras's way in degrees`() {
    var keras = settings
    keras.kerasCompatible = true
    let uniforms = [0.5, 0.5, 0.5, 0.75, 0.5, 0.5, 0.5, 0.5]
    var first = ScriptedGenerator(uniforms: uniforms)
    var second = ScriptedGenerator(uniforms: uniforms)
    let radians = Augmentation.draw(settings: settings, height: 9, width: 9, from: &first).shear
    let degrees = Augmentation.draw(settings: keras, height: 9, width: 9, from: &second).shear
    #expect(abs(radians - 0.1) < 1e-15)
    #expect(abs(degrees - 0.1 * Double.pi / 180) < 1e-15)
  }

  @Test func `a range of zero draws nothing, but the flips are always drawn`() {
    var still = settings
    (still.rotationDegrees, still.widthShift, still.heightShift, still.shear, still.zoom) = (0, 0, 0, 0, 0)
    still.horizontalFlip = false
    var generator = ScriptedGenerator(uniforms: [0.1, 0.1])
    let draw = Augmentation.draw(settings: still, height: 9, width: 9, from: &generator)
    #expect(generator.used == 2)
    #expect(draw == AugmentationDraw())
  }

  @Test func `draws fill their ranges and do not leave them`() throws {
    func expectUniform(_ values: [Double], within bound: Double, about center: Double, _ name: String) throws {
      let low = try #require(values.min())
      let high = try #require(values.max())
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(low >= center - bound && low < center - 0.98 * bound, "\(name)")
      #expect(high < center + bound && high > center + 0.98 * bound, "\(name)")
      #expect(abs(mean - center) < 0.05 * bound, "\(name)")
    }
    let drawn = draws(settings, count: 4000)
    try expectUniform(drawn.map(\.rotation), within: 40 * Double.pi / 180, about: 0, "rotation")
    try expectUniform(drawn.map(\.widthShift), within: 40, about: 0, "width shift")
    try expectUniform(drawn.map(\.heightShift), within: 20, about: 0, "height shift")
    try expectUniform(drawn.map(\.shear), within: 0.2, about: 0, "shear")
    try expectUniform(drawn.map(\.zoomX), within: 0.2, about: 1, "zoom along the width")
    try expectUniform(drawn.map(\.zoomY), within: 0.2, about: 1, "zoom along the height")
    #expect((1900...2100).contains(drawn.filter(\.isFlipped).count))
  }

  @Test func `seed, epoch and picture each give another draw, the same three the same`() {
    func draw(_ seed: UInt64, _ epoch: Int, _ picture: UInt64) -> AugmentationDraw {
      Augmentation.draw(settings: settings, height: 50, width: 50, seed: seed, epoch: epoch, picture: picture)
    }
    #expect(draw(1, 2, 3) == draw(1, 2, 3))
    #expect(Set([draw(1, 2, 3), draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4), draw(1, 3, 2)]).count == 5)
  }
}
