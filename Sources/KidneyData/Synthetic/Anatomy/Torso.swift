import RandomStreams

/// The trunk without its organs: skin, fat under it, muscle, and the fat-filled cavity inside.
struct Torso: Sendable {
  /// Half the width and half the depth of the muscles' outer surface at the height of the kidneys, in mm.
  let halfWidth: Float
  let halfDepth: Float
  /// The fat under the skin, in mm, on average.
  let fatThickness: Float
  /// 0 lean … 1 obese: how much fat lies between the organs.
  let innerFat: Float
  private let waist: Float
  private let marbling: Float
  /// No part of the body lies farther out, in mm.
  private let outerReach: SIMD2<Float>
  private let noise: LatticeNoise

  init(from stream: inout RandomStream) {
    halfWidth = stream.between(126, 156)
    halfDepth = halfWidth * stream.between(0.65, 0.79)
    let fatness = Float(stream.uniform())
    fatThickness = 6 + 26 * fatness * fatness
    innerFat = unitClamped(0.75 * fatness + stream.between(0, 0.45))
    waist = stream.between(0.02, 0.09)
    outerReach = SIMD2(halfWidth, halfDepth) + (1.7 * fatThickness + 24)
    marbling = stream.between(4, 14)
    noise = LatticeNoise(seed: stream.next())
  }

  /// Where a place lies between skin and cavity: distances in mm, negative inside.
  struct Depth {
    var skin: Float
    /// To the outer surface of the muscles.
    var muscle: Float
    /// To the inner one.
    var cavity: Float
    /// -1 at the front … 1 at the back.
    var back: Float
  }

  /// Half width and half depth of the muscles' outer surface at a height.
  @inline(__always)
  func frame(at z: Float) -> SIMD2<Float> {
    let hips = smoothStep(-z, from: 110, to: 210)
    let chest = smoothStep(z, from: 60, to: 190)
    let width = halfWidth * (1 - waist * bell(z + 45, width: 70)) + 12 * hips - 10 * chest
    let depth = halfDepth - 5 * bell(z + 90, width: 80) + 5 * hips + 6 * chest
    return SIMD2(width, depth)
  }

  var box: BodyBox {
    BodyBox(
      low: BodyPoint(-outerReach.x, -outerReach.y, -1000), high: BodyPoint(outerReach.x, outerReach.y, 1000))
  }

  /// The depth of the back's skin in the midline, where the table touches it.
  func backOfSkin(at z: Float) -> Float {
    let depth = frame(at: z).y
    var y = depth
    while self.depth(BodyPoint(0.35 * halfWidth, y, z)).skin < 0 { y += 1 }
    return y
  }

  @inline(__always)
  func depth(_ place: BodyPoint) -> Depth {
    let frame = frame(at: place.z)
    let (x, y, z) = (abs(place.x), place.y, place.z)
    guard x < outerReach.x, abs(y) < outerReach.y else { return Depth(skin: 100, muscle: 100, cavity: 100, back: 0) }
    let radius = max((x * x + y * y).squareRoot(), 1)
    let (ux, uy) = (x / radius, y / radius)
    // A superellipse of exponent 2.5: a trunk is fuller than an ellipse.
    let (sx, sy) = (ux / frame.x, abs(uy) / frame.y)
    let sum = sx * sx * sx.squareRoot() + sy * sy * sy.squareRoot()
    var surface = 1 / power0p4(sum)
    let back = smoothStep(uy, from: 0.1, to: 0.75)
    let front = smoothStep(-uy, from: 0.2, to: 0.85)
    if uy > 0 { surface -= 5 * bell(x, width: 15) * back }
    // Radial distance to true distance, as far as the slope of the surface allows.
    let muscle = (radius - surface) * (0.86 + 0.14 * max(ux, abs(uy)))

    let chest = smoothStep(z, from: 5, to: 90)
    let hips = smoothStep(-z, from: 70, to: 190)
    var fat = fatThickness * (0.8 + 0.45 * front + 0.1 * back + 0.55 * hips * (1 - front) - 0.4 * chest)
    fat += 0.18 * fatThickness * noise(BodyPoint(place.x / 90, place.y / 90, z / 130))
    if uy < 0 { fat -= 0.4 * fatThickness * bell(x, width: 12) * bell(z + 82, width: 16) * front }

    let flank = 1 - front - back
    let rectus = 4 + 6.5 * bell(x - 31, width: 25) - 1.5 * bell(x, width: 5)
    let belly = mix(rectus, 10, chest)
    let side = mix(19, 11, chest) + 44 * hips * smoothStep(ux, from: 0.5, to: 0.95)
    let loin = mix(29, 22, chest)
    let wall = front * belly + flank * side + back * mix(side, loin, smoothStep(uy, from: 0.3, to: 0.7))
    return Depth(skin: muscle - fat, muscle: muscle, cavity: muscle + wall, back: uy)
  }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    raster.paint(box) { site, value in
      let place = site.place
      let depth = site.depth
      guard depth.skin < grid.softness else { return }
      value = mix(value, densities.skin, grid.coverage(depth.skin))
      guard depth.skin < -1 + grid.softness else { return }
      value = mix(value, densities.fat, grid.coverage(depth.skin + 1.8))
      guard depth.muscle < grid.softness else {
        // Strands in the fat under the skin.
        value += 14 * max(0, noise(place / 11) - 0.35)
        return
      }
      let marble = noise(BodyPoint(place.x / 3.2, place.y / 3.2, place.z / 24))
      var muscle = densities.muscle - marbling * (0.4 + marble + 2.5 * max(0, marble - 0.45))
      if depth.back > 0.5 {
        // Fat between the bundles of the back.
        muscle -= 55 * bell(noise(BodyPoint(place.x / 13, place.y / 13, place.z / 70)), width: 0.045)
      } else if place.z < 70 {
        // The fat between the three muscles of the flank; it comes and goes.
        let wall = depth.cavity - depth.muscle
        let part = -depth.muscle / max(wall, 1) + 0.1 * noise(place / 21 + 50)
        let seam = max(bell(part - 0.33, width: 0.045), bell(part - 0.68, width: 0.045))
        let flank = smoothStep(wall, from: 11, to: 17) * smoothStep(-wall, from: -34, to: -24)
        let fading = unitClamped(0.55 + 1.1 * noise(place / 33 + 90))
        muscle -= 75 * seam * flank * fading * smoothStep(depth.back, from: -0.8, to: -0.5)
      }
      value = mix(value, muscle, grid.coverage(depth.muscle))
      value = mix(value, densities.fat + 5 + 6 * marble, grid.coverage(depth.cavity))
    }
  }
}

/// `value` to the power 0.4, for positive numbers: by two Newton steps for the fifth root of its square.
@inline(__always)
private func power0p4(_ value: Float) -> Float {
  let square = value * value
  // The exponent divided by five gives a start within a tenth.
  var root = Float(bitPattern: square.bitPattern / 5 &+ 0x32CC_CCCC)
  for _ in 0..<2 {
    let fourth = root * root * root * root
    root += (square / fourth - root) / 5
  }
  return root
}
