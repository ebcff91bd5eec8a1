import RandomStreams

/// One kidney: cortex, medullary pyramids, and the fat-filled sinus with calyces and pelvis.
///
/// In its own axes x points to the hilum (towards the spine and forward), z along the kidney to its upper pole.
struct Kidney: Sendable {
  /// 1 for the left one, -1 for the right one.
  let side: Float
  let shape: Ellipsoid
  let sinus: Ellipsoid
  /// The fat around the kidney, up to its fascia.
  let capsuleOfFat: Ellipsoid
  /// From the calyces' tips to the pelvis.
  let calyces: [Tube]
  let ureter: Tube
  /// Unit vectors in the kidney's own axes, each divided by the radii.
  private let pyramids: [BodyPoint]
  private let cortexThickness: Float
  private let lobulation: Float
  private let noise: LatticeNoise

  init(side: Float, torso: Torso, spine: Spine, from stream: inout RandomStream) {
    self.side = side
    let height = side > 0 ? stream.between(-4, 18) : stream.between(-18, 6)
    let spineCenter = spine.center(at: height)
    let radii = BodyPoint(stream.between(27, 32), stream.between(21.5, 26), stream.between(49, 60))
    let out = spine.halfWidth + radii.x + stream.between(11, 18) + 6 * torso.innerFat
    // Not into the back wall: 28 mm of muscle stand there.
    let depth = min(spineCenter.y + stream.between(2, 9), torso.halfDepth - 32 - radii.y)
    let center = BodyPoint(spineCenter.x + side * out, depth, height)

    let turn = stream.between(0.45, 0.85)
    let lean = stream.between(0.14, 0.3)
    let tip = stream.between(0.1, 0.28)
    let long = BodyPoint(-side * lean, tip, 1).normalized
    let towardsHilum = BodyPoint(-side * turn.cosine, -turn.sine, 0)
    let hilum = (towardsHilum - long * towardsHilum.dot(long)).normalized
    let shape = Ellipsoid(center: center, radii: radii, axes: (hilum, long.cross(hilum), long))
    self.shape = shape
    sinus = Ellipsoid(
      center: shape.global(BodyPoint(0.58 * radii.x, 0, 0)),
      radii: BodyPoint(0.62 * radii.x, stream.between(0.22, 0.34) * radii.y, stream.between(0.42, 0.55) * radii.z),
      axes: shape.axes)
    capsuleOfFat = Ellipsoid(
      center: center, radii: radii + (2.5 + 11 * torso.innerFat), axes: shape.axes)

    noise = LatticeNoise(seed: stream.next())
    lobulation = stream.between(0.8, 3)
    cortexThickness = stream.between(5, 7)
    let pyramids = Self.spreadDirections(count: 17, from: &stream).filter { $0.x < 0.62 }
    self.pyramids = pyramids

    let pelvis = shape.global(BodyPoint(0.72 * radii.x, 0, -0.03 * radii.z))
    let width = stream.between(1.6, 3)
    calyces = pyramids.enumerated().filter { $0.offset % 2 == 0 }.map { _, direction in
      let tip = direction * radii * BodyPoint(0.22, 0.26, 0.42) + BodyPoint(0.34 * radii.x, 0, 0)
      return Tube([shape.global(tip), pelvis], radii: [width, width + 0.6])
    }
    let exit = shape.global(BodyPoint(1.2 * radii.x, 2, -0.2 * radii.z))
    let belowX = spineCenter.x + side * (spine.halfWidth + 15)
    ureter = Tube(
      [
        pelvis, exit, BodyPoint(belowX, spine.front(at: height - 60) + 6, height - 62),
        BodyPoint(belowX, spine.front(at: height - 110), height - 118),
      ], radii: [4.5, 3.6, 1.9, 1.9])
  }

  /// Directions that keep their distance from each other: of many candidates always the farthest.
  private static func spreadDirections(count: Int, from stream: inout RandomStream) -> [BodyPoint] {
    var chosen = [stream.direction()]
    while chosen.count < count {
      var best = (direction: stream.direction(), nearest: Float.infinity)
      for attempt in 0..<24 {
        let candidate = attempt == 0 ? best.direction : stream.direction()
        let nearest = chosen.map { $0.dot(candidate) }.max() ?? -1
        if attempt == 0 || nearest < best.nearest { best = (candidate, nearest) }
      }
      chosen.append(best.direction)
    }
    return chosen
  }

  func drawFat(on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    raster.paint(capsuleOfFat.grown(by: 2).box) { site, value in
      let place = site.place
      let distance = capsuleOfFat.distance(place) + 3 * noise(place / 20)
      let within = max(distance, site.depth.cavity + 1)
      value = mix(value, densities.fat + 4, grid.coverage(within))
      value = mix(value, 5, 0.45 * grid.coverage(abs(within) - 0.3))
    }
  }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    raster.fill(ureter, densities.urine + 14)
    raster.paint(shape.grown(by: 4).box) { site, value in
      let place = site.place
      let local = shape.local(place)
      let outer = shape.distance(local: local) + lobulation * noise(place / 16)
      let hollow = sinus.distance(place) + 4.5 * noise(place / 7.5)
      value = mix(value, densities.fat + 8, grid.coverage(max(hollow, outer - 3)))
      let parenchyma = max(outer, -hollow)
      guard parenchyma < grid.softness else { return }
      let direction = (local / shape.radii + 0.12 * BodyPoint(noise(place / 9), noise(place / 9 + 20), 0)).normalized
      var nearest: Float = -1
      for pyramid in pyramids { nearest = max(nearest, pyramid.dot(direction)) }
      let cone = smoothStep(nearest, from: 0.925, to: 0.965)
      let deep = smoothStep(-outer, from: cortexThickness - 1, to: cortexThickness + 1.2)
      var tissue = mix(densities.cortex, densities.medulla, deep * cone)
      tissue += 0.05 * abs(densities.cortex) * noise(place / 5)
      value = mix(value, tissue, grid.coverage(parenchyma))
    }
    for calyx in calyces { raster.fill(calyx, densities.urine) }
  }

  /// The box that all of the kidney lies in.
  var box: BodyBox { shape.grown(by: 3).box }
}
