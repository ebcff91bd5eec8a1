import RandomStreams

/// Aorta, vena cava, the kidneys' and the bowel's vessels.
struct Vessels: Sendable {
  private let aorta: Tube
  private var arteries: [Tube] = []
  private var veins: [Tube] = []
  private var renalVeins: [Tube] = []
  /// Within the kidneys: too thin to show their blood's full density.
  private var renalBranches: [Tube] = []
  private let crura: [Tube]
  private let calcified: Float
  private let noise: LatticeNoise

  init(torso: Torso, spine: Spine, kidneys: [Kidney], from stream: inout RandomStream) {
    let trunks = Trunks(spine: spine, from: &stream)
    aorta = Tube(
      trunks.heights.map(trunks.aorta),
      radii: trunks.heights.map { trunks.aortaRadius + 2.5 * smoothStep($0, from: 0, to: 160) })
    crura = [1, -1].map { side in Self.crus(side: side, spine: spine) }
    calcified = stream.chance(0.35) ? stream.between(0.15, 0.35) : 0
    noise = LatticeNoise(seed: stream.next())

    arteries.append(aorta)
    veins.append(Tube(trunks.heights.filter { $0 < 170 }.map(trunks.cava), radius: trunks.cavaRadius))
    addLegs(trunks, torso: torso)
    for kidney in kidneys { addRenal(kidney, trunks, from: &stream) }
    addMesenteric(trunks, torso: torso, from: &stream)
  }

  /// The diaphragm's pillar on one side of the aorta.
  private static func crus(side: Float, spine: Spine) -> Tube {
    let heights: [Float] = [-30, 20, 70, 110]
    let points = heights.map { (z: Float) -> BodyPoint in
      let apart: Float = 14 + 0.05 * z
      let forward: Float = z < 0 ? -2 : 6 + 0.1 * z
      return BodyPoint(spine.center(at: z).x + side * apart, spine.front(at: z) - forward, z)
    }
    return Tube(points, radii: [2, 5, 5.5, 5])
  }

  /// The two great vessels in front of the spine.
  private struct Trunks {
    let spine: Spine
    let aortaRadius: Float
    let cavaRadius: Float
    /// Where the aorta divides, in mm.
    let fork: Float
    private let wobble: Float

    init(spine: Spine, from stream: inout RandomStream) {
      self.spine = spine
      aortaRadius = stream.between(8.5, 11.5)
      cavaRadius = stream.between(9.5, 13)
      wobble = stream.around(0, 3)
      fork = spine.sacrumTop + stream.between(40, 52)
    }

    var heights: [Float] { Array(stride(from: fork, through: 310, by: 18)) }

    func aorta(_ z: Float) -> BodyPoint {
      let x = spine.center(at: z).x + 9 + wobble * bell(z, width: 60) + 4 * smoothStep(z, from: 60, to: 190)
      return BodyPoint(x, spine.front(at: z) - aortaRadius - 2 + 10 * smoothStep(z, from: 70, to: 190), z)
    }

    func cava(_ z: Float) -> BodyPoint {
      let y = spine.front(at: z) - cavaRadius + 4 - 26 * smoothStep(z, from: 20, to: 130)
      return BodyPoint(spine.center(at: z).x - 19, y, z)
    }
  }

  private mutating func addLegs(_ trunks: Trunks, torso: Torso) {
    let (split, join) = (trunks.aorta(trunks.fork), trunks.cava(trunks.fork))
    for side: Float in [1, -1] {
      let groin = BodyPoint(side * 0.42 * torso.halfWidth, split.y + 18, trunks.fork - 150)
      let arteryBend = (split + groin) * 0.5 + BodyPoint(side * 8, 10, 0)
      arteries.append(
        Tube([split, arteryBend, groin], radii: [trunks.aortaRadius * 0.72, 5.5, 5]).smoothed(steps: 5))
      let veinBend = (join + groin) * 0.5 + BodyPoint(side * 5, 18, 0)
      veins.append(
        Tube([join, veinBend, groin + BodyPoint(-side * 8, 10, 0)], radii: [9, 7, 6]).smoothed(steps: 5))
    }
  }

  private mutating func addRenal(_ kidney: Kidney, _ trunks: Trunks, from stream: inout RandomStream) {
    let r = kidney.shape.radii
    let inside = kidney.shape.global(BodyPoint(0.5 * r.x, 0.1 * r.y, 0.06 * r.z))
    let hilum = kidney.shape.global(BodyPoint(1.12 * r.x, 0, 0.02 * r.z))
    let height = hilum.z + stream.between(-2, 8)
    let (start, end) = (trunks.aorta(height), trunks.cava(height - 4))
    let bend = BodyPoint(hilum.x * 0.45 + start.x * 0.55, max(start.y, hilum.y - 18) + 4, height)
    let entry = hilum + BodyPoint(0, 3, 2)
    arteries.append(Tube([start, bend, entry], radii: [3, 2.6, 2.2]).smoothed(steps: 5))
    for branch in 0..<4 {
      let calyx = kidney.calyces[branch % kidney.calyces.count].points[0]
      let tip = calyx + BodyPoint(0, 0, stream.between(-6, 6))
      renalBranches.append(Tube([entry, tip], radii: [1.9, 1.1]))
      renalVeins.append(Tube([hilum + BodyPoint(0, -3, 0), tip + stream.direction() * 5], radii: [2.6, 1.4]))
    }
    let exit = hilum + BodyPoint(0, -4, 0)
    // The left vein crosses in front of the aorta.
    let front = start + BodyPoint(0, -trunks.aortaRadius, -4)
    let path =
      kidney.side > 0
      ? [inside, exit, front + BodyPoint(16, 0, 0), front + BodyPoint(-4, -5, 0), end]
      : [inside, exit, (exit + end) * 0.5 + BodyPoint(0, -2, 0), end]
    renalVeins.append(Tube(path, radii: path.map { _ in stream.between(3.6, 4.8) }).smoothed(steps: 5))
  }

  /// The mesenteric vessels run down in front of the aorta; their branches spread to the bowel.
  private mutating func addMesenteric(_ trunks: Trunks, torso: Torso, from stream: inout RandomStream) {
    let root = trunks.aorta(8)
    let course = [BodyPoint(-4, -8, 4), BodyPoint(-3, -24, -12), BodyPoint(-6, -27, -45), BodyPoint(-16, -30, -92)]
    for (offset, radius, isArtery) in [(Float(4), Float(3.4), true), (-9, 5, false)] {
      let trunk = Tube(
        course.map { root + $0 + BodyPoint(offset, 0, 0) }, radii: [1, 1, 0.8, 0.5].map { $0 * radius }
      ).smoothed(steps: 5)
      var tubes = [trunk]
      for _ in 0..<34 {
        let from = trunk.points[5 + stream.index(below: trunk.points.count - 6)]
        let to = BodyPoint(
          stream.between(-0.62, 0.68) * torso.halfWidth, stream.between(-0.68, -0.1) * torso.halfDepth,
          from.z - stream.between(-14, 55))
        let bends = [0.35, 0.7].map { (share: Float) in from + (to - from) * share + stream.direction() * 10 }
        tubes.append(Tube([from] + bends + [to], radii: [1.6, 1.3, 1, 0.7]).smoothed(steps: 4))
      }
      if isArtery { arteries += tubes } else { veins += tubes }
    }
  }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    for muscle in crura { raster.fill(muscle, densities.muscle) }
    for vein in renalVeins { raster.fill(vein, densities.renalVein) }
    for vein in veins { raster.fill(vein, densities.vein) }
    for branch in renalBranches { raster.fill(branch, mix(densities.artery, densities.cortex, 0.7)) }
    for artery in arteries { raster.fill(artery, densities.artery) }
    guard calcified > 0, let found = raster.distances(to: aorta, within: 2) else { return }
    let grid = raster.grid
    raster.paint(found) { site, distance, _, value in
      // Chalk in the wall of the aorta, in flakes.
      let flake = smoothStep(noise(site.place / BodyPoint(7, 7, 12)), from: 0.55 - calcified, to: 0.75 - calcified)
      value = mix(value, 620, flake * grid.coverage(abs(distance) - 0.8))
    }
  }
}
