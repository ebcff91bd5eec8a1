import RandomStreams

/// Aorta, vena cava, the kidneys' and the bowel's vessels.
struct Vessels: Sendable {
  private let arteries: [Tube]
  /// Within the kidneys: too thin to show their blood's full density.
  private let renalBranches: [Tube]
  private let veins: [Tube]
  private let renalVeins: [Tube]
  private let crura: [Tube]
  private let calcified: Float
  private let noise: LatticeNoise

  init(torso: Torso, spine: Spine, kidneys: [Kidney], from stream: inout RandomStream) {
    let radius = stream.between(8.5, 11.5)
    let cavaRadius = stream.between(9.5, 13)
    let wobble = stream.around(0, 3)
    let fork = spine.sacrumTop + stream.between(40, 52)
    func aortaPoint(_ z: Float) -> BodyPoint {
      let middle = spine.center(at: z)
      let x = middle.x + 9 + wobble * bell(z, width: 60) + 4 * smoothStep(z, from: 60, to: 190)
      let back = 10 * smoothStep(z, from: 70, to: 190)
      return BodyPoint(x, spine.front(at: z) - radius - 2 + back, z)
    }
    func cavaPoint(_ z: Float) -> BodyPoint {
      let middle = spine.center(at: z)
      return BodyPoint(middle.x - 19, spine.front(at: z) - cavaRadius + 4 - 26 * smoothStep(z, from: 20, to: 130), z)
    }
    let heights = stride(from: fork, through: 310, by: 18).map { $0 }
    let aorta = Tube(heights.map(aortaPoint), radii: heights.map { radius + 2.5 * smoothStep($0, from: 0, to: 160) })
    let cavaHeights = heights.filter { $0 < 170 }
    let cava = Tube(cavaHeights.map(cavaPoint), radius: cavaRadius)

    var arteries = [aorta]
    var veins = [cava]
    for side: Float in [1, -1] {
      let split = aortaPoint(fork)
      let thigh = BodyPoint(side * 0.42 * torso.halfWidth, split.y + 18, fork - 150)
      arteries.append(Tube([split, (split + thigh) * 0.5 + BodyPoint(side * 8, 10, 0), thigh], radii: [radius * 0.72, 5.5, 5]).smoothed(steps: 5))
      let join = cavaPoint(fork)
      veins.append(
        Tube([join, (join + thigh) * 0.5 + BodyPoint(side * 5, 18, 0), thigh + BodyPoint(-side * 8, 10, 0)], radii: [9, 7, 6])
          .smoothed(steps: 5))
    }

    var renalVeins: [Tube] = []
    var renalBranches: [Tube] = []
    for kidney in kidneys {
      let r = kidney.shape.radii
      let inside = kidney.shape.global(BodyPoint(0.5 * r.x, 0.1 * r.y, 0.06 * r.z))
      let hilum = kidney.shape.global(BodyPoint(1.12 * r.x, 0, 0.02 * r.z))
      let height = hilum.z + stream.between(-2, 8)
      let start = aortaPoint(height)
      let end = cavaPoint(height - 4)
      let behind = BodyPoint(hilum.x * 0.45 + start.x * 0.55, max(start.y, hilum.y - 18) + 4, height)
      arteries.append(Tube([start, behind, hilum + BodyPoint(0, 3, 2)], radii: [3, 2.6, 2.2]).smoothed(steps: 5))
      for branch in 0..<4 {
        let tip = kidney.calyces[branch % kidney.calyces.count].points[0] + BodyPoint(0, 0, stream.between(-6, 6))
        renalBranches.append(Tube([hilum + BodyPoint(0, 3, 2), tip], radii: [1.9, 1.1]))
        renalVeins.append(Tube([hilum + BodyPoint(0, -3, 0), tip + stream.direction() * 5], radii: [2.6, 1.4]))
      }
      // The left vein crosses in front of the aorta.
      let path =
        kidney.side > 0
        ? [inside, hilum + BodyPoint(0, -4, 0), start + BodyPoint(16, -radius, -4), start + BodyPoint(-4, -radius - 5, -4), end]
        : [inside, hilum + BodyPoint(0, -4, 0), (hilum + end) * 0.5 + BodyPoint(0, -4, 0), end]
      renalVeins.append(Tube(path, radii: path.map { _ in stream.between(3.6, 4.8) }).smoothed(steps: 5))
    }

    // The mesenteric vessels run down in front, their branches spread to the bowel.
    let root = aortaPoint(8)
    for (offset, tubeRadius, isArtery) in [(Float(4), Float(3.4), true), (-9, 5, false)] {
      let trunk = [
        root + BodyPoint(offset - 4, -8, 4), root + BodyPoint(offset - 3, -24, -12), root + BodyPoint(offset - 6, -27, -45),
        root + BodyPoint(offset - 16, -30, -92),
      ]
      let tube = Tube(trunk, radii: [tubeRadius, tubeRadius, tubeRadius * 0.8, tubeRadius * 0.5]).smoothed(steps: 5)
      if isArtery { arteries.append(tube) } else { veins.append(tube) }
      for _ in 0..<34 {
        let from = tube.points[5 + stream.index(below: tube.points.count - 6)]
        let to = BodyPoint(
          stream.between(-0.62, 0.68) * torso.halfWidth, stream.between(-0.68, -0.1) * torso.halfDepth,
          from.z - stream.between(-14, 55))
        let bends = [0.35, 0.7].map { (share: Float) in from + (to - from) * share + stream.direction() * 10 }
        let branch = Tube([from] + bends + [to], radii: [1.6, 1.3, 1, 0.7]).smoothed(steps: 4)
        if isArtery { arteries.append(branch) } else { veins.append(branch) }
      }
    }
    self.arteries = arteries
    self.veins = veins
    self.renalVeins = renalVeins
    self.renalBranches = renalBranches
    crura = [1, -1].map { (side: Float) in
      Tube(
        [-30, 20, 70, 110].map { z in
          BodyPoint(spine.center(at: z).x + side * (14 + 0.05 * z), spine.front(at: z) + (z < 0 ? 2 : -6 - 0.1 * z), z)
        }, radii: [2, 5, 5.5, 5])
    }
    calcified = stream.chance(0.35) ? stream.between(0.15, 0.35) : 0
    noise = LatticeNoise(seed: stream.next())
  }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    for muscle in crura { raster.fill(muscle, densities.muscle) }
    for vein in renalVeins { raster.fill(vein, densities.renalVein) }
    for vein in veins { raster.fill(vein, densities.vein) }
    for branch in renalBranches { raster.fill(branch, mix(densities.artery, densities.cortex, 0.7)) }
    for artery in arteries { raster.fill(artery, densities.artery) }
    guard calcified > 0, let found = raster.distances(to: arteries[0], within: 2) else { return }
    let grid = raster.grid
    raster.paint(found) { site, distance, _, value in
      let place = site.place
      // Chalk in the wall of the aorta, in flakes.
      let flake = smoothStep(noise(place / BodyPoint(7, 7, 12)), from: 0.55 - calcified, to: 0.75 - calcified)
      value = mix(value, 620, flake * grid.coverage(abs(distance) - 0.8))
    }
  }
}
