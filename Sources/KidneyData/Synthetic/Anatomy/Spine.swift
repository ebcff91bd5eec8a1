import RandomStreams

/// Vertebrae with canal and processes, the discs between them, and the sacrum.
struct Spine: Sendable {
  /// The height of the disc between the first and the second lumbar vertebra, in mm.
  private let origin: Float
  /// From one vertebra to the next, in mm.
  private let period: Float
  /// Half width and half depth of a lumbar vertebral body, in mm.
  private let bodyRadii: SIMD2<Float>
  private let depthBehind: Float
  private let sideBend: Float
  private let lordosis: Float
  private let spongiosa: Float
  private let cortical: Float
  private let texture: LatticeNoise

  init(torso: Torso, from stream: inout RandomStream) {
    origin = stream.between(-8, 10)
    period = stream.between(33, 37)
    let halfWidth = stream.between(22, 25.5)
    bodyRadii = SIMD2(halfWidth, halfWidth * stream.between(0.7, 0.78))
    depthBehind = torso.halfDepth - stream.between(60, 64)
    sideBend = stream.around(0, 4)
    lordosis = stream.between(5, 11)
    spongiosa = stream.between(140, 240)
    cortical = stream.between(420, 640)
    texture = LatticeNoise(seed: stream.next())
  }

  /// The middle of the vertebral bodies at a height: x and y in mm.
  func center(at z: Float) -> SIMD2<Float> {
    let y = depthBehind - lordosis * bell(z + 60, width: 62) + 10 * smoothStep(z, from: 40, to: 190)
    return SIMD2(sideBend * bell(z - 20, width: 90), y)
  }

  /// The front of the vertebral bodies at a height, in mm.
  func front(at z: Float) -> Float { center(at: z).y - bodyRadii.y }

  /// Half the width of the vertebral bodies, in mm.
  var halfWidth: Float { bodyRadii.x }

  /// The height of the disc below the fifth lumbar vertebra, where the sacrum begins.
  var sacrumTop: Float { origin - 4 * period }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    let box = BodyBox(low: BodyPoint(-62, -200, sacrumTop), high: BodyPoint(62, 200, 1000))
    raster.paint(box) { site, value in
      let place = site.place
      let level = ((place.z - origin) / period).rounded(.down)
      // Height above the middle of this level's body.
      let h = place.z - origin - (level + 0.5) * period
      let middle = center(at: place.z)
      let size = 1 - 0.22 * smoothStep(place.z, from: 30, to: 190)
      let p = BodyPoint(abs(place.x - middle.x), place.y - middle.y, h) / BodyPoint(size, size, 1)
      guard p.y > -30, p.y < 75 else { return }
      drawDisc(p, &value, grid)
      drawArch(p, place, &value, grid, densities)
      drawBody(p, place, &value, grid)
    }
    drawSacrum(on: &raster)
  }

  /// Distance to the outline of a vertebral body in its plane: an ellipse, flattened and hollowed behind.
  @inline(__always)
  private func outline(_ p: BodyPoint) -> Float {
    let q = SIMD2(p.x, p.y) / bodyRadii
    let k = (q * q).sum().squareRoot()
    let ellipse = (k - 1) * bodyRadii.y
    let behind = p.y - bodyRadii.y * (0.8 + 0.1 * unitClamped(p.x / 14))
    return max(ellipse, behind)
  }

  @inline(__always)
  private func drawDisc(_ p: BodyPoint, _ value: inout Float, _ grid: SliceGrid) {
    let inPlane = outline(p)
    guard inPlane < 3 else { return }
    value = mix(value, 82 - 8 * unitClamped(-inPlane / 12), grid.coverage(inPlane - 0.8))
  }

  @inline(__always)
  private func drawBody(_ p: BodyPoint, _ place: BodyPoint, _ value: inout Float, _ grid: SliceGrid) {
    let inPlane = outline(p)
    // Bodies are waisted between their end plates.
    let waisted = inPlane + 2.2 * (1 - abs(p.z) / (0.4 * period))
    let distance = max(waisted, abs(p.z) - 0.385 * period)
    guard distance < grid.softness else { return }
    let grain = texture(place / 2.4)
    let inner = spongiosa + 60 * grain + 70 * texture(place / 9)
    let shell = bell(distance + 0.8, width: 1.5)
    value = mix(value, mix(inner, cortical, shell), grid.coverage(distance))
  }

  /// Pedicles, laminae, joints and processes, and the canal they close.
  @inline(__always)
  private func drawArch(
    _ p: BodyPoint, _ place: BodyPoint, _ value: inout Float, _ grid: SliceGrid, _ densities: TissueDensities
  ) {
    let b = bodyRadii.y
    guard p.y > 0.3 * b else { return }
    let canal = SIMD2(p.x / 12, (p.y - b - 8) / 8.5)
    let canalDistance = ((canal * canal).sum().squareRoot() - 1) * 9
    // The soft parts between the arches.
    value = mix(value, densities.muscle - 25, grid.coverage(canalDistance - 3))
    // The arch above hangs down to this level.
    let above = BodyPoint(p.x, p.y, p.z - period)
    let distance = min(arch(p, b), arch(above, b)) + 0.9 * texture(place / 5)
    if distance < grid.softness {
      let bone = mix(spongiosa + 120, cortical, bell(distance + 0.6, width: 1.8))
      value = mix(value, bone, grid.coverage(max(distance, -canalDistance)))
    }
    value = mix(value, 26, grid.coverage(canalDistance))
  }

  /// Distance to one vertebra's arch; z is the height above the middle of its body.
  @inline(__always)
  private func arch(_ p: BodyPoint, _ b: Float) -> Float {
    let pedicle = max(abs(p.x - 14.5) - 4.4, max(abs(p.y - b - 3) - 12, abs(p.z - 5) - 8))
    let plane = BodyPoint(p.x, p.y, 0)
    let roof = capsule(plane, from: BodyPoint(17, b + 11, 0), to: BodyPoint(0, b + 22, 0), radius: 3.2)
    let lamina = max(roof, abs(p.z + 9) - 14)
    let upperJoint = capsule(p, from: BodyPoint(20, b + 8, 4), to: BodyPoint(21, b + 7.5, 17), radius: 4.6)
    let lowerJoint = capsule(p, from: BodyPoint(15, b + 13, -6), to: BodyPoint(15.5, b + 15, -23), radius: 4.8)
    let transverse = capsule(p, from: BodyPoint(15, b + 4, 3), to: BodyPoint(39, b + 12, 1), radius: 3.9)
    let lean = 0.22 * (p.y - b - 33)
    let spinous = max(abs(p.x) - 2.3 - 0.05 * (p.y - b - 20), max(abs(p.y - b - 32) - 14, abs(p.z + 12 + lean) - 11.5))
    return min(min(min(pedicle, lamina), min(upperJoint, lowerJoint)), min(transverse, spinous))
  }

  private func drawSacrum(on raster: inout SliceRaster) {
    let grid = raster.grid
    let top = sacrumTop
    let box = BodyBox(low: BodyPoint(-70, -100, top - 105), high: BodyPoint(70, 200, top))
    raster.paint(box) { site, value in
      let place = site.place
      let depth = top - place.z
      let share = unitClamped(depth / 105)
      let middle = center(at: top).y + 14 + 52 * share - 26 * share * share
      let halfWidth = mix(58, 14, share)
      let thickness = mix(21, 7, share)
      // Its wings bend back.
      let q = SIMD2(place.x / halfWidth, (place.y - middle - 0.008 * place.x * place.x) / thickness)
      var distance = ((q * q).sum().squareRoot() - 1) * thickness
      distance = max(distance, max(-depth, depth - 105))
      // The holes the nerves leave by, and the canal.
      let hole = SIMD2(abs(place.x) - mix(25, 12, share), place.z - top + 20 + 22 * ((depth - 8) / 22).rounded(.down))
      let holes = 5.5 - (hole * hole).sum().squareRoot()
      let canal = 5 - SIMD2(place.x / 1.6, place.y - middle - 0.5 * thickness).length
      guard distance < grid.softness else { return }
      let bone = mix(spongiosa + 90 * texture(place / 2.4), cortical, bell(distance + 0.8, width: 1.6))
      value = mix(value, bone, grid.coverage(max(distance, max(holes, canal))))
    }
  }
}

extension SIMD2<Float> {
  var length: Float { (self * self).sum().squareRoot() }
}

@inline(__always)
private func capsule(_ p: BodyPoint, from start: BodyPoint, to end: BodyPoint, radius: Float) -> Float {
  let axis = end - start
  let t = unitClamped((p - start).dot(axis) / axis.dot(axis))
  return (p - start - axis * t).length - radius
}
