/// Smooth random numbers that fill space: one at each place of a lattice, blended between (Perlin 1985, value noise).
///
/// Fixed by its seed, so that all slices of a patient cut the same texture.
struct LatticeNoise: Sendable {
  private let seed: UInt32

  init(seed: UInt64) {
    self.seed = UInt32(truncatingIfNeeded: seed ^ seed >> 32)
  }

  /// - Parameter place: one unit is one cell of the lattice.
  /// - Returns: -1…1, about 0 on average, with a standard deviation of about 0.3.
  @inline(__always)
  func callAsFunction(_ place: BodyPoint) -> Float {
    let floor = place.rounded(.down)
    let f = place - floor
    let s = f * f * (3 - 2 * f)
    let x = UInt32(bitPattern: Int32(floor.x)) &* 0x8DA6_B343
    let y = UInt32(bitPattern: Int32(floor.y)) &* 0xD816_3841
    let z = UInt32(bitPattern: Int32(floor.z)) &* 0xCB1A_B31F
    let (x1, y1, z1) = (x &+ 0x8DA6_B343, y &+ 0xD816_3841, z &+ 0xCB1A_B31F)
    let low = mix(
      mix(node(x ^ y ^ z), node(x1 ^ y ^ z), s.x), mix(node(x ^ y1 ^ z), node(x1 ^ y1 ^ z), s.x), s.y)
    let high = mix(
      mix(node(x ^ y ^ z1), node(x1 ^ y ^ z1), s.x), mix(node(x ^ y1 ^ z1), node(x1 ^ y1 ^ z1), s.x), s.y)
    return mix(low, high, s.z)
  }

  /// Two layers of noise, the finer one at half the strength.
  @inline(__always)
  func rough(_ place: BodyPoint) -> Float {
    (self(place) + 0.5 * self(place * 2.03 + 17)) / 1.5
  }

  @inline(__always)
  private func node(_ mixed: UInt32) -> Float {
    var h = mixed ^ seed
    h = (h ^ h >> 16) &* 0x7FEB_352D
    h = (h ^ h >> 15) &* 0x846C_A68B
    h ^= h >> 16
    return Float(Int32(bitPattern: h)) * 0x1p-31
  }
}
