import Foundation
import RandomStreams

/// Ribs in the chest wall, and the lungs, heart and diaphragm within.
struct RibCage: Sendable {
  private let firstHeight: Float
  private let pitch: Float
  private let slope: Float
  private let lastAngles: [Float]
  /// The highest points of the diaphragm, right and left, in mm.
  let domeHeights: SIMD2<Float>
  private let marrow: Float
  private let noise: LatticeNoise
  private let heart: Ellipsoid

  init(torso: Torso, from stream: inout RandomStream) {
    firstHeight = stream.between(50, 66)
    pitch = stream.between(27, 31)
    slope = stream.between(60, 76)
    lastAngles = [stream.between(0.8, 1.15), stream.between(1.45, 1.75)]
    domeHeights = SIMD2(stream.between(118, 142), stream.between(104, 128))
    marrow = stream.between(180, 300)
    noise = LatticeNoise(seed: stream.next())
    heart = Ellipsoid(
      center: BodyPoint(24, -0.28 * torso.halfDepth, domeHeights.y + 46), radii: BodyPoint(58, 44, 50))
  }

  /// Lungs and heart: before the organs of the belly are painted over them.
  func drawChest(on raster: inout SliceRaster, torso: Torso, densities: TissueDensities) {
    let grid = raster.grid
    var box = torso.box
    box.low.z = 20
    raster.paint(box) { site, value in
      let place = site.place
      let depth = site.depth
      guard depth.cavity < -1 else { return }
      // The pleura hugs the wall; the mediastinum stays out.
      let mediastinum =
        mix(20, 40, smoothStep(-place.y, from: -20, to: 50)) + 6 * noise(place / 25) - abs(place.x - 5)
      let distance = max(max(depth.cavity + 2.5, mediastinum), diaphragm(place, torso: torso))
      if distance < 3 + grid.softness {
        value = mix(value, densities.muscle, grid.coverage(distance - 2.6))
      }
      if distance < grid.softness {
        var lung = densities.lung + 60 * noise(place / 14)
        let branch = abs(noise(place / 15)) + abs(noise(place / 15 + 40))
        lung = mix(lung, densities.vein, smoothStep(0.12 - branch, from: 0, to: 0.05))
        value = mix(value, lung, grid.coverage(distance))
      } else if mediastinum > 0 {
        // Gullet, vessels and fat.
        let chest = smoothStep(place.z, from: domeHeights.y - 20, to: domeHeights.y + 40)
        let soft = smoothStep(noise(place / 15), from: -0.25, to: 0.1)
        value = mix(value, densities.muscle - 8, chest * soft * grid.coverage(depth.cavity + 2))
      }
    }
    raster.paint(heart.box) { site, value in
      let place = site.place
      let distance = heart.distance(place) + 4 * noise(place / 22)
      let wall = densities.phase == .plain ? densities.artery : 0.45 * densities.artery + 20
      let blood = mix(densities.artery, densities.vein, place.x < 10 ? 0.6 : 0.1)
      let shell = smoothStep(distance, from: -13, to: -8)
      value = mix(value, mix(blood, wall, shell), grid.coverage(distance))
    }
  }

  /// How far below the diaphragm's upper surface a place lies, in mm (negative above it, in the chest).
  @inline(__always)
  func diaphragm(_ place: BodyPoint, torso: Torso) -> Float {
    let frame = torso.frame(at: place.z)
    let side = place.x < 0 ? domeHeights.x : domeHeights.y
    let q = SIMD2((abs(place.x) - 0.48 * frame.x) / (0.56 * frame.x), (place.y + 4) / (0.98 * frame.y))
    let r2 = (q * q).sum()
    // It falls steeply where it meets the wall, deeper behind than in front.
    let drop = (34 + 58 * smoothStep(place.y, from: -20, to: 50)) * min(r2 * r2, 1.4)
    return side - drop - place.z
  }

  func drawRibs(on raster: inout SliceRaster, torso: Torso) {
    let grid = raster.grid
    var box = torso.box
    box.low.z = firstHeight - 5 * slope
    raster.paint(box) { site, value in
      let place = site.place
      let depth = site.depth
      // The ribs lie within the wall, a finger's breadth under its surface behind and less in front.
      let inward = -depth.muscle - mix(5.5, 9, smoothStep(depth.back, from: -0.2, to: 0.7))
      guard abs(inward) < 8 else { return }
      let frame = torso.frame(at: place.z)
      let angle = atan2(abs(place.x) / frame.x, place.y / frame.y)
      guard angle > 0.3 else { return }
      // A rib falls on its way to the front; its cartilage turns up again there.
      let fall = slope * (angle - 0.3) - 14 * max(0, angle - 2) * max(0, angle - 2)
      let index = ((place.z + fall - firstHeight) / pitch).rounded()
      guard index >= 0 else { return }
      let end = index < 2 ? lastAngles[Int(index)] : Float(2.35)
      let offset = place.z + fall - firstHeight - index * pitch
      let cross = SIMD2(inward / 3.6, offset / 6.4).length
      let distance = max((cross - 1) * 3.6, (angle - end) * 60)
      guard distance < grid.softness else { return }
      let bone = mix(marrow, 620, bell(distance + 0.6, width: 1.5))
      value = mix(value, bone, grid.coverage(distance))
    }
  }
}
