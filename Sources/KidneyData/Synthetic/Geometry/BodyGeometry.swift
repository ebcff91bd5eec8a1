/// A place in a synthetic patient, in mm: x to the patient's left, y to the back, z to the head.
///
/// The origin lies in the midline, in the middle of the trunk, at the height of the kidneys. As radiologists look at a
/// patient, his left is on the right of a picture.
typealias BodyPoint = SIMD3<Float>

extension SIMD3<Float> {
  func dot(_ other: Self) -> Float { (self * other).sum() }

  var length: Float { dot(self).squareRoot() }

  var normalized: Self { self / length }

  func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The same place on the other side of the body.
  var mirrored: Self { Self(-x, y, z) }
}

/// A box in a patient, in mm.
struct BodyBox {
  var low: BodyPoint
  var high: BodyPoint

  init(low: BodyPoint, high: BodyPoint) {
    self.low = low
    self.high = high
  }

  init(around center: BodyPoint, reach: BodyPoint) {
    self.init(low: center - reach, high: center + reach)
  }

  func union(_ other: BodyBox) -> BodyBox {
    BodyBox(
      low: pointwiseMin(low, other.low), high: pointwiseMax(high, other.high))
  }

  func grown(by margin: Float) -> BodyBox {
    BodyBox(low: low - margin, high: high + margin)
  }
}

/// Clamped to 0…1.
@inline(__always)
func unitClamped(_ value: Float) -> Float { min(max(value, 0), 1) }

/// 0 below `low`, 1 above `high`, smooth between (Hermite).
@inline(__always)
func smoothStep(_ value: Float, from low: Float, to high: Float) -> Float {
  let t = unitClamped((value - low) / (high - low))
  return t * t * (3 - 2 * t)
}

@inline(__always)
func mix(_ first: Float, _ second: Float, _ share: Float) -> Float { first + (second - first) * share }

/// A bell of height 1 and the given width at 0.
@inline(__always)
func bell(_ value: Float, width: Float) -> Float {
  let t = value / width
  return 1 / (1 + t * t * t * t)
}
