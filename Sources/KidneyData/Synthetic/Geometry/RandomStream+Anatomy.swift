import RandomStreams

extension RandomStream {
  /// The stream of one part of one patient: a part's random numbers do not move when another part draws more.
  init(seed: UInt64, patient: Int, part: String) {
    self.init(seed: seed, UInt64(patient), RandomStream.number(of: part))
  }

  /// A uniform number between two others.
  mutating func between(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * Float(uniform())
  }

  /// A normal number, cut off at two standard deviations.
  mutating func around(_ mean: Float, _ deviation: Float) -> Float {
    mean + deviation * Float(min(max(normal(), -2), 2))
  }

  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// A uniform direction.
  mutating func direction() -> BodyPoint {
    while true {
      let place = BodyPoint(between(-1, 1), between(-1, 1), between(-1, 1))
      if place.length <= 1, place.length > 0.1 { return place.normalized }
    }
  }
}
