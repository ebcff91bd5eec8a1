import MedicalImages
import RandomStreams

/// A drawn patient in Hounsfield units: a body of random size, build and position, with one finding or none in its
/// kidneys.
///
/// The body is a function of the place, so that slices of any plane, position and size show the same patient. Nothing
/// in it is measured from a person. Two patients with the same seed and number and another finding differ only in that.
public struct SyntheticPatient: Sendable {
  public let seed: UInt64
  public let number: Int
  public let finding: SyntheticFinding
  public let site: SyntheticSite
  let anatomy: Anatomy
  let scan: ScanProtocol

  public init(seed: UInt64, number: Int, finding: SyntheticFinding, site: SyntheticSite = .first) {
    precondition(number >= 0, "patients are numbered from 0")
    self.seed = seed
    self.number = number
    self.finding = finding
    self.site = site
    anatomy = Anatomy(seed: seed, patient: number, finding: finding)
    var stream = RandomStream(seed: seed, patient: number, part: "scan")
    scan = ScanProtocol(site: site, anatomy: anatomy, from: &stream)
  }

  /// When the contrast medium was given; independent of the finding.
  public var phase: ContrastPhase { anatomy.densities.phase }

  /// How the site shows this patient's densities; independent of the finding.
  public var window: DisplayWindow { scan.window }

  /// A slice as the scanner makes it.
  ///
  /// - Parameters:
  ///   - position: in mm, a height for an axial slice, a depth for a coronal one; see `positions(plane:count:)`.
  ///   - size: in pixels; the field of view is the patient's, so a smaller picture is a coarser one.
  ///   - isNoisy: whether the scanner's noise is added.
  /// - Returns: shape [height, width], Float32, HU.
  public func slice(plane: SlicePlane, position: Float, size: SliceSize, isNoisy: Bool = true) -> [Float] {
    let grid = scan.grid(plane: plane, position: position, size: size)
    var raster = anatomy.raster(grid, filledWith: TissueDensities.air)
    if plane == .axial { scan.table.draw(on: &raster) }
    anatomy.draw(on: &raster)
    var values = raster.values
    ScannerNoise.blur(&values, width: size.width, height: size.height, weights: (0.74, 0.13))
    if isNoisy {
      var stream = RandomStream(
        seed: seed, UInt64(number), RandomStream.number(of: "noise"), RandomStream.number(of: plane.rawValue),
        UInt64(position.bitPattern))
      // A coarse pixel averages over more of the noise.
      let deviation = scan.noise * min(1, (0.75 / grid.spacing).squareRoot())
      ScannerNoise.add(to: &values, grid: grid, torso: anatomy.torso, deviation: deviation, from: &stream)
    }
    return values
  }

  /// A slice as the site's workstation shows it: grey at the first site, red-green-blue at the second.
  public func picture(plane: SlicePlane, position: Float, size: SliceSize) -> Picture {
    let window = scan.window
    let picture = Picture(
      width: size.width, height: size.height, channels: 1,
      pixels: slice(plane: plane, position: position, size: size).map(window.grey(of:)))
    return site == .first ? picture : picture.rgb()
  }

  /// Where a pixel of a slice lies, in mm: x to the patient's left, y to the back, z to the head.
  public func place(row: Int, column: Int, plane: SlicePlane, position: Float, size: SliceSize) -> SIMD3<Float> {
    scan.grid(plane: plane, position: position, size: size).point(row: row, column: column)
  }

  /// From one pixel of a slice to the next, in mm.
  public func spacing(plane: SlicePlane, size: SliceSize) -> Float {
    scan.grid(plane: plane, position: 0, size: size).spacing
  }

  /// Which pixels of `slice` show the finding; without a finding none.
  ///
  /// - Returns: shape [height, width].
  public func findingMask(plane: SlicePlane, position: Float, size: SliceSize) -> [Bool] {
    let grid = scan.grid(plane: plane, position: position, size: size)
    var raster = anatomy.raster(grid, filledWith: 0)
    for lesion in anatomy.lesions {
      raster.paint(lesion.box) { site, value in
        if lesion.distance(site) < 0 { value = 1 }
      }
    }
    return raster.values.map { $0 > 0 }
  }

  /// Positions, in mm, of slices that show the finding, or both kidneys where there is none.
  ///
  /// They are spread evenly over where the cross-section is at least 0.45 of its largest, from head to foot or from
  /// front to back, and no two are the same.
  public func positions(plane: SlicePlane, count: Int) -> [Float] {
    guard count > 0 else { return [] }
    let steps = 48
    let box = anatomy.targets.dropFirst().reduce(anatomy.targets[0].box) { $0.union($1.box) }
    let (low, high) = plane == .axial ? (box.low.z, box.high.z) : (box.low.y, box.high.y)
    let areas = (0..<steps).map { step in
      crossSection(plane: plane, position: mix(low, high, (Float(step) + 0.5) / Float(steps)))
    }
    let largest = areas.max() ?? 0
    let good = areas.indices.filter { areas[$0] > 0 && areas[$0] >= 0.45 * largest }
    precondition(!good.isEmpty, "every part of an anatomy fills some slice")
    // One patient's slices are cut evenly, another's begin elsewhere.
    var stream = RandomStream(seed: seed, patient: number, part: "positions \(plane.rawValue)")
    let phase = stream.between(0.15, 0.85)
    let found = (0..<count).map { index in
      let place = (Float(index) + phase) / Float(count) * Float(good.count)
      let step = good[min(Int(place), good.count - 1)]
      return mix(low, high, (Float(step) + place - place.rounded(.down)) / Float(steps))
    }
    return plane == .axial ? found.reversed() : found
  }

  /// The area of the target in a slice, in mm², from points of a grid over each of its parts.
  private func crossSection(plane: SlicePlane, position: Float) -> Float {
    let side = 20
    return anatomy.targets.reduce(0) { sum, target in
      let box = target.box
      let (low, high) =
        plane == .axial
        ? (SIMD2(box.low.x, box.low.y), SIMD2(box.high.x, box.high.y))
        : (SIMD2(box.low.x, box.low.z), SIMD2(box.high.x, box.high.z))
      let reach = plane == .axial ? box.low.z...box.high.z : box.low.y...box.high.y
      guard reach.contains(position) else { return sum }
      let cell = (high - low) / Float(side)
      var count = 0
      for row in 0..<side {
        for column in 0..<side {
          let at = low + cell * SIMD2(Float(column) + 0.5, Float(row) + 0.5)
          let place = plane == .axial ? BodyPoint(at.x, at.y, position) : BodyPoint(at.x, position, at.y)
          if anatomy.contains(place, in: target) { count += 1 }
        }
      }
      return sum + Float(count) * cell.x * cell.y
    }
  }
}
