import Foundation
import RandomStreams

/// What is to be found in a synthetic patient's kidneys. The raw value is the class folder's name.
public enum SyntheticFinding: String, Codable, Sendable, CaseIterable, Comparable {
  case cyst = "Cyst"
  case normal = "Normal"
  case stone = "Stone"
  case tumor = "Tumor"

  public static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
}

/// A thing in a kidney that should not be there.
struct Lesion: Sendable {
  let shape: Ellipsoid
  let finding: SyntheticFinding
  /// The surface strays from the ellipsoid by so much, in mm, in lumps of so many mm.
  private let roughness: Float
  private let lumps: Float
  /// HU, of the whole or on average.
  private let density: Float
  private let spread: Float
  /// How much of a tumour has died, 0…1.
  private let necrosis: Float
  private let shell: Float
  /// A plane on the side of the spine that it does not cross: side of the body and x in mm.
  private let wall: (side: Float, x: Float, front: Float)
  private let noise: LatticeNoise

  /// A tumour that grows out of a kidney's contour.
  static func tumor(
    in kidney: Kidney, spine: Spine, densities: TissueDensities, from stream: inout RandomStream
  ) -> Lesion {
    let big = Float(stream.uniform())
    let radius = 28 + 32 * big
    let center = place(in: kidney, out: stream.between(0.85, 1.25), from: &stream)
    let radii = BodyPoint(stream.between(0.88, 1.12), stream.between(0.88, 1.12), stream.between(0.88, 1.15)) * radius
    return Lesion(
      shape: Ellipsoid(center: center, radii: radii, axes: kidney.shape.axes), finding: .tumor,
      roughness: 0.16 * radius, lumps: 0.62 * radius, density: densities.tumor, spread: densities.tumorSpread,
      necrosis: radius > 18 && stream.chance(0.6) ? stream.between(0.45, 1) : 0, shell: 0,
      kidney: kidney, spine: spine, from: &stream)
  }

  /// A simple cyst: round, water, a thin wall.
  static func cyst(
    in kidney: Kidney, spine: Spine, from stream: inout RandomStream
  ) -> Lesion {
    let big = Float(stream.uniform())
    let radius = 16 + 22 * big
    let center = place(in: kidney, out: stream.between(0.7, 1.02), from: &stream)
    let radii = BodyPoint(stream.between(0.96, 1.04), stream.between(0.96, 1.04), stream.between(0.96, 1.06)) * radius
    return Lesion(
      shape: Ellipsoid(center: center, radii: radii, axes: kidney.shape.axes), finding: .cyst,
      roughness: 0, lumps: 1, density: stream.between(3, 16), spread: 0, necrosis: 0, shell: 0.9,
      kidney: kidney, spine: spine, from: &stream)
  }

  /// Stones at the tips of one to four calyces or in the pelvis of a kidney.
  static func stones(
    in kidney: Kidney, spine: Spine, from stream: inout RandomStream
  ) -> [Lesion] {
    let count = 1 + stream.index(below: 4)
    let order = stream.permutation(of: kidney.calyces.count).prefix(count)
    let density = stream.between(480, 1250)
    return order.map { index in
      let calyx = kidney.calyces[index]
      let center = mix(calyx.points[0], calyx.points[1], stream.between(0, 0.45))
      let radius = stream.between(3.4, 7)
      let along = (calyx.points[1] - calyx.points[0]).normalized
      let across = along.cross(stream.direction()).normalized
      return Lesion(
        shape: Ellipsoid(
          center: center, radii: BodyPoint(radius * stream.between(1, 1.9), radius, radius * stream.between(0.8, 1)),
          axes: (along, across, along.cross(across))),
        finding: .stone, roughness: 0.9, lumps: 3.4, density: density, spread: 0.12 * density, necrosis: 0, shell: 0,
        kidney: kidney, spine: spine, from: &stream)
    }
  }

  /// At the surface of a kidney, but not at its hilum nor at its very poles.
  private static func place(in kidney: Kidney, out: Float, from stream: inout RandomStream) -> BodyPoint {
    while true {
      let direction = stream.direction()
      // In the kidney's axes x is the hilum's direction; spine and psoas lie there.
      guard direction.x < 0.3, abs(direction.z) < 0.75 else { continue }
      let center = kidney.shape.global(direction * kidney.shape.radii * out)
      // Behind the kidney the back's muscles leave no room.
      if center.y < kidney.shape.center.y + 0.25 * kidney.shape.radii.y { return center }
    }
  }

  private init(
    shape: Ellipsoid, finding: SyntheticFinding, roughness: Float, lumps: Float, density: Float, spread: Float,
    necrosis: Float, shell: Float, kidney: Kidney, spine: Spine, from stream: inout RandomStream
  ) {
    self.shape = shape
    self.finding = finding
    self.roughness = roughness
    self.lumps = lumps
    self.density = density
    self.spread = spread
    self.necrosis = necrosis
    self.shell = shell
    let middle = spine.center(at: shape.center.z)
    wall = (kidney.side, middle.x + kidney.side * (spine.halfWidth + 8), middle.y - 34)
    noise = LatticeNoise(seed: stream.next())
  }

  var box: BodyBox { shape.grown(by: roughness + 1).box }

  /// To the surface, in mm, negative inside. It stays within the cavity and on its side of the spine.
  @inline(__always)
  func distance(_ site: BodySite) -> Float {
    let place = site.place
    var distance = shape.distance(place)
    guard distance < roughness + 2 else { return distance }
    if roughness > 0 { distance += roughness * noise(place / lumps) }
    return confined(distance, site)
  }

  /// The part of a shape within the cavity and on the lesion's side of the spine.
  @inline(__always)
  private func confined(_ distance: Float, _ site: BodySite) -> Float {
    guard finding != .stone else { return distance }
    let spine = site.place.y > wall.front ? wall.side * (wall.x - site.place.x) : distance
    return max(distance, max(spine, site.depth.cavity + 1.2))
  }

  /// A margin of fat that keeps bowel, liver and spleen away.
  func drawFat(on raster: inout SliceRaster, densities: TissueDensities) {
    guard finding != .stone else { return }
    let grid = raster.grid
    raster.paint(shape.grown(by: roughness + 6).box) { site, value in
      let place = site.place
      let distance = confined(shape.distance(place) - 3.5 - roughness * 0.5, site)
      value = mix(value, densities.fat + 4, grid.coverage(distance))
    }
  }

  func draw(on raster: inout SliceRaster) {
    let grid = raster.grid
    raster.paint(box) { site, value in
      let place = site.place
      let distance = distance(site)
      guard distance < grid.softness else { return }
      value = mix(value, tissue(place, distance: distance), grid.coverage(distance))
    }
  }

  /// HU at a place inside.
  @inline(__always)
  private func tissue(_ place: BodyPoint, distance: Float) -> Float {
    switch finding {
    case .normal: return density
    case .cyst:
      return mix(density, 34, shell * smoothStep(distance, from: -1.7, to: -0.9))
    case .stone:
      return density + spread * noise(place / 1.7)
    case .tumor:
      let coarse = noise.rough(place / 11 + 31)
      let fine = noise.rough(place / 4.2 + 67)
      var value = density + spread * (0.85 * coarse + 0.9 * fine + 1.6 * max(0, fine - 0.3))
      let size = shape.radii.min()
      // Dead tissue in the middle, with a ragged edge.
      let core = -distance / size + 0.55 * noise.rough(place / (0.5 * size) + 5) - (1.05 - 0.75 * necrosis)
      let dead = necrosis > 0 ? smoothStep(core, from: -0.06, to: 0.1) : 0
      value = mix(value, 22 + 6 * fine, dead)
      // The capsule.
      return value + 0.25 * spread * bell(distance + 1, width: 1.2)
    }
  }
}

private func mix(_ first: BodyPoint, _ second: BodyPoint, _ share: Float) -> BodyPoint {
  first + (second - first) * share
}

extension Float {
  var cosine: Float { Float(Foundation.cos(Double(self))) }
  var sine: Float { Float(Foundation.sin(Double(self))) }
}
