import RandomStreams

/// Liver, gallbladder, spleen, stomach and pancreas.
struct Organs: Sendable {
  private let liverRight: Ellipsoid
  private let liverLeft: Ellipsoid
  private let liverTip: Ellipsoid
  private let liverVessels: [Tube]
  /// The hollow that duodenum and head of the pancreas lie in.
  private let liverHollow: Ellipsoid
  private let gallbladder: Ellipsoid
  private let spleen: Ellipsoid
  private let stomach: Ellipsoid
  private let stomachGas: Float
  private let stomachContent: Float
  private let pancreas: Tube
  /// Fat between an organ and the wall, in mm.
  private let gap: Float
  private let noise: LatticeNoise

  init(torso: Torso, cage: RibCage, spine: Spine, from stream: inout RandomStream) {
    let (w, d) = (torso.halfWidth, torso.halfDepth)
    gap = 0.2 + 1.6 * torso.innerFat
    let top = cage.domeHeights.x
    let length = stream.between(72, 96)
    liverRight = Ellipsoid(
      center: BodyPoint(-0.55 * w, -0.02 * d, top - 4 - length), radii: BodyPoint(0.56 * w, 0.98 * d, length + 8))
    liverLeft = Ellipsoid(
      center: BodyPoint(-0.08 * w, -0.5 * d, top - stream.between(46, 58)),
      radii: BodyPoint(stream.between(0.55, 0.78) * w, stream.between(0.34, 0.48) * d, stream.between(42, 54)))
    liverTip = Ellipsoid(
      center: BodyPoint(-0.72 * w, 0.08 * d, stream.between(-14, 34)),
      radii: BodyPoint(0.22 * w, 0.5 * d, stream.between(50, 62)))
    liverHollow = Ellipsoid(
      center: BodyPoint(-0.24 * w, spine.front(at: 0) - 22, stream.between(-12, 2)),
      radii: BodyPoint(stream.between(30, 38), stream.between(34, 44), stream.between(38, 48)))
    let porta = BodyPoint(-0.2 * w, -0.12 * d, top - 82)
    var vessels: [Tube] = []
    for _ in 0..<9 {
      let end = BodyPoint(stream.between(-0.95, -0.3) * w, stream.between(-0.6, 0.5) * d, top - stream.between(28, 120))
      let middle = (porta + end) * 0.5 + stream.direction() * 10
      vessels.append(Tube([porta, middle, end], radii: [5.5, 3.4, 1.2]).smoothed(steps: 4))
    }
    let cava = BodyPoint(-18, spine.front(at: top) - 14, top - 16)
    for _ in 0..<3 {
      let end = BodyPoint(stream.between(-0.9, -0.1) * w, stream.between(-0.6, 0.4) * d, top - stream.between(30, 90))
      let middle = (cava + end) * 0.5 + stream.direction() * 8
      vessels.append(Tube([cava, middle, end], radii: [5, 3.6, 1.4]).smoothed(steps: 4))
    }
    liverVessels = vessels
    gallbladder = Ellipsoid(
      center: BodyPoint(-0.4 * w, -0.42 * d, stream.between(8, 30)),
      radii: BodyPoint(stream.between(10, 16), stream.between(11, 18), stream.between(22, 32)))

    let tilt = BodyPoint(-0.28, -0.5, 0.82).normalized
    let across = BodyPoint(0.55, 0.78, 0)
    let flat = (across - tilt * across.dot(tilt)).normalized
    spleen = Ellipsoid(
      center: BodyPoint(0.7 * w, 0.3 * d, cage.domeHeights.y - stream.between(54, 70)),
      radii: BodyPoint(stream.between(25, 33), stream.between(42, 54), stream.between(54, 68)),
      axes: (flat, tilt.cross(flat), tilt))
    stomach = Ellipsoid(
      center: BodyPoint(stream.between(0.22, 0.42) * w, -0.42 * d, cage.domeHeights.y - stream.between(62, 84)),
      radii: BodyPoint(stream.between(36, 52), stream.between(24, 34), stream.between(42, 58)),
      axes: (BodyPoint(0.9, 0, 0.436), BodyPoint(0, 1, 0), BodyPoint(-0.436, 0, 0.9)))
    stomachGas = stream.between(-0.9, 0.3)
    stomachContent = stream.between(8, 45)

    let front = spine.front(at: 10)
    pancreas = Tube(
      [
        BodyPoint(-34, front - 14, -4), BodyPoint(-28, front - 22, 12), BodyPoint(0, front - 32, 22),
        BodyPoint(32, front - 22, 30), BodyPoint(0.46 * w, front + 4, 40),
      ], radii: [13, 13, 8, 8.5, 9]
    ).smoothed(steps: 4)
    noise = LatticeNoise(seed: stream.next())
  }

  func draw(on raster: inout SliceRaster, torso: Torso, cage: RibCage, densities: TissueDensities) {
    drawLiver(on: &raster, torso: torso, cage: cage, densities: densities)
    drawSpleen(on: &raster, torso: torso, cage: cage, densities: densities)
    drawStomach(on: &raster, torso: torso, cage: cage, densities: densities)
    raster.fill(gallbladder.grown(by: 1.5), mix(densities.bile, densities.liver, 0.6))
    raster.fill(gallbladder, densities.bile)
    let grid = raster.grid
    if let found = raster.distances(to: pancreas, within: 6) {
      raster.paint(found) { site, distance, _, value in
        let place = site.place
        let lobes = distance + 4 * noise(place / 6) + 1.5
        value = mix(value, densities.pancreas - 25 * max(0, noise(place / 4)), grid.coverage(lobes))
      }
    }
  }

  private func drawLiver(on raster: inout SliceRaster, torso: Torso, cage: RibCage, densities: TissueDensities) {
    let grid = raster.grid
    let box = liverRight.box.union(liverLeft.box).union(liverTip.box)
    raster.paint(box) { site, value in
      let place = site.place
      let lobes = smoothMinimum(
        smoothMinimum(liverRight.distance(place), liverTip.distance(place), 18), liverLeft.distance(place), 14)
      guard lobes < 8 else { return }
      // The fissure between the lobes.
      let fissure = 2.5 - abs(place.x + 14 + 0.2 * place.y) + 0.08 * (place.z - 40)
      var distance = lobes + 3 * noise(place / 30)
      distance = max(distance, -liverHollow.distance(place))
      distance = max(distance, min(fissure, -place.y - 0.35 * torso.halfDepth))
      distance = max(distance, max(site.depth.cavity + gap, 1.5 - cage.diaphragm(place, torso: torso)))
      guard distance < grid.softness else { return }
      value = mix(value, densities.liver + 4 * noise(place / 8), grid.coverage(distance))
    }
    for vessel in liverVessels { fillInLiver(vessel, on: &raster, densities: densities) }
  }

  private func fillInLiver(_ vessel: Tube, on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    for segment in vessel.segments {
      raster.paint(vessel.box(of: segment)) { site, value in
        let place = site.place
        guard abs(value - densities.liver) < 14 else { return }
        let distance = vessel.distance(place, segment: segment).distance
        value = mix(value, densities.liverVessel, 0.9 * grid.coverage(distance))
      }
    }
  }

  private func drawSpleen(on raster: inout SliceRaster, torso: Torso, cage: RibCage, densities: TissueDensities) {
    let grid = raster.grid
    raster.paint(spleen.box) { site, value in
      let place = site.place
      // Hollow on the side of stomach and kidney.
      let hollow = -spleen.local(place).x - 0.62 * spleen.radii.x + 2.5 * noise(place / 14)
      var distance = max(spleen.distance(place), hollow)
      distance = max(distance, max(site.depth.cavity + gap, 1.5 - cage.diaphragm(place, torso: torso)))
      guard distance < grid.softness else { return }
      // In the arterial phase the spleen is striped.
      let stripes: Float = densities.phase == .arterial ? 38 : 4
      value = mix(value, densities.spleen + stripes * noise(place / 9), grid.coverage(distance))
    }
  }

  private func drawStomach(on raster: inout SliceRaster, torso: Torso, cage: RibCage, densities: TissueDensities) {
    let grid = raster.grid
    let level = stomach.center.y + stomachGas * stomach.radii.y
    raster.paint(stomach.box) { site, value in
      let place = site.place
      let folds = 1.6 * noise(place / 5)
      let distance = max(
        stomach.distance(place), max(site.depth.cavity + gap, 1.5 - cage.diaphragm(place, torso: torso)))
      guard distance < grid.softness else { return }
      // What is swallowed lies behind, air above it.
      let food = stomachContent + 16 * noise(place / 6)
      let inside = mix(food, -940, grid.coverage(place.y - level))
      value = mix(value, densities.bowelWall, grid.coverage(distance))
      value = mix(value, inside, grid.coverage(distance + 4 + folds))
    }
  }
}

/// The smaller of two distances, with a fillet of `radius` mm where they meet (Quilez).
@inline(__always)
func smoothMinimum(_ a: Float, _ b: Float, _ radius: Float) -> Float {
  let h = max(radius - abs(a - b), 0) / radius
  return min(a, b) - 0.25 * h * h * radius
}
