import Foundation
import RandomStreams

/// Colon with gas and stool, and loops of small bowel.
struct Bowel: Sendable {
  /// What a loop holds.
  private struct Filling: Sendable {
    /// Gas in front of this depth, in radii; -2 for none.
    var gasLevel: Float
    /// 0 full of fluid … 1 empty, so that it looks like its wall.
    var collapse: Float
  }

  private let colon: [Tube]
  private let loops: [Tube]
  private let fillings: [Filling]
  private let gas: Float
  private let stool: Float
  /// Fat around each part, in mm.
  private let coat: Float
  private let noise: LatticeNoise

  init(torso: Torso, spine: Spine, from stream: inout RandomStream) {
    let (w, d) = (torso.halfWidth, torso.halfDepth)
    func jitter(_ place: BodyPoint, _ reach: Float) -> BodyPoint {
      place + stream.direction() * stream.between(0, reach)
    }
    let wide = stream.between(15, 22)
    let lateral = w - 20 - wide
    let right = Tube(
      [
        jitter(BodyPoint(-lateral * 0.86, -0.2 * d, -125), 8), jitter(BodyPoint(-lateral, -0.08 * d, -85), 5),
        jitter(BodyPoint(-lateral, -0.08 * d, -55), 5), jitter(BodyPoint(-lateral * 0.8, -0.4 * d, -26), 6),
      ], radii: [wide * 1.1, wide * 1.1, wide, wide * 0.9]
    ).smoothed(steps: 8)
    let sag = stream.between(-62, -8)
    let across = Tube(
      [
        jitter(BodyPoint(-lateral * 0.78, -0.45 * d, -24), 5),
        jitter(BodyPoint(-0.45 * w, -0.58 * d, mix(-16, sag, 0.5)), 8),
        jitter(BodyPoint(-0.1 * w, -0.62 * d, sag), 8), jitter(BodyPoint(0.35 * w, -0.55 * d, mix(10, sag, 0.45)), 8),
        jitter(BodyPoint(0.66 * w, -0.3 * d, 36), 6), jitter(BodyPoint(0.8 * w, 0, 52), 5),
      ], radii: [wide * 0.9, wide * 0.95, wide, wide * 0.9, wide * 0.8, wide * 0.72]
    ).smoothed(steps: 9)
    let left = Tube(
      [
        BodyPoint(0.8 * w, 0, 52), jitter(BodyPoint(w - 20 - 0.7 * wide, 0.12 * d, 10), 4),
        jitter(BodyPoint(w - 22 - 0.7 * wide, 0.16 * d, -60), 4), jitter(BodyPoint(w - 30 - 0.7 * wide, 0, -115), 6),
        jitter(BodyPoint(0.4 * w, -0.1 * d, -150), 8), jitter(BodyPoint(0, 0.2 * d, -165), 8),
        BodyPoint(0, 0.55 * d, -205), BodyPoint(0, 0.6 * d, -260),
      ], radii: [0.72, 0.66, 0.6, 0.66, 0.75, 0.75, 0.85, 0.7].map { wide * $0 }
    ).smoothed(steps: 8)
    colon = [right, across, left]
    gas = stream.between(-0.75, 0.5)
    coat = 0.6 + 2.4 * torso.innerFat
    stool = stream.between(-0.15, 0.35)

    var loops: [Tube] = []
    var fillings: [Filling] = []
    for index in 0..<38 {
      loops.append(Self.loop(isUpper: index % 2 == 0, width: w, depth: d, from: &stream))
      fillings.append(
        Filling(
          gasLevel: stream.chance(0.25) ? stream.between(-0.6, 0.2) : -2,
          collapse: Float(stream.uniform()).squareRoot()))
    }
    // The duodenum: down beside the head of the pancreas, then across.
    let front = spine.front(at: -20)
    loops.append(
      Tube(
        [
          BodyPoint(-44, front - 24, 26), BodyPoint(-50, front - 12, 0), BodyPoint(-42, front - 8, -30),
          BodyPoint(-12, front - 32, -38), BodyPoint(26, front - 26, -30), BodyPoint(40, front - 22, -8),
        ], radius: stream.between(9, 12)
      ).smoothed(steps: 6))
    fillings.append(Filling(gasLevel: -2, collapse: 0.6))
    self.loops = loops
    self.fillings = fillings
    noise = LatticeNoise(seed: stream.next())
  }

  /// A loop that wanders in the front part of the cavity; the upper ones lie on the left.
  private static func loop(
    isUpper: Bool, width w: Float, depth d: Float, from stream: inout RandomStream
  ) -> Tube {
    let heights: (low: Float, high: Float) = isUpper ? (-55, 48) : (-155, -20)
    let right: Float = isUpper ? 0 : -0.55
    var place = BodyPoint(
      stream.between(right, 0.72) * w, stream.between(-0.7, -0.12) * d, stream.between(heights.low, heights.high))
    var heading = stream.direction()
    var points = [place]
    for _ in 0..<9 {
      heading = (heading + stream.direction() * 0.9).normalized
      // Turned back where it would leave.
      let beyond = [
        place.x > 0.66 * w && heading.x > 0 || place.x < right * w && heading.x < 0,
        place.y > -0.12 * d && heading.y > 0 || place.y < -0.64 * d && heading.y < 0,
        place.z > heights.high && heading.z > 0 || place.z < heights.low && heading.z < 0,
      ]
      for axis in 0..<3 where beyond[axis] { heading[axis] = -heading[axis] }
      place += heading * 18
      points.append(place)
    }
    let radius = stream.between(8, 12.5)
    return Tube(points, radii: points.map { _ in radius * stream.between(0.85, 1.15) }).smoothed(steps: 3)
  }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    for (loop, filling) in zip(loops, fillings) {
      guard let found = raster.distances(to: loop, within: coat + 1.5) else { continue }
      let radius = loop.radii[0]
      raster.paint(found) { site, distance, along, value in
        let place = site.place
        let within = max(distance, site.depth.cavity + 2.2)
        let center = loop.points[min(Int(along), loop.points.count - 1)]
        // Folds of the lining.
        let folds = 1.1 * noise(place / 2.6)
        var inside = mix(densities.bowelContent, densities.bowelWall - 8, filling.collapse) + 14 * noise(place / 4)
        inside = mix(inside, -900, grid.coverage(place.y - center.y - filling.gasLevel * radius))
        value = mix(value, densities.fat + 6, grid.coverage(max(distance - coat, site.depth.cavity + 1)))
        value = mix(value, densities.bowelWall, grid.coverage(within))
        value = mix(value, inside, grid.coverage(within + 3 + folds))
      }
    }
    for tube in colon { drawColon(tube, on: &raster, densities: densities) }
  }

  private func drawColon(_ tube: Tube, on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    guard let found = raster.distances(to: tube, within: coat + 4) else { return }
    raster.paint(found) { site, distance, along, value in
      let place = site.place
      let segment = min(Int(along), tube.segments.upperBound - 1)
      let center = tube.points[segment] + (tube.points[segment + 1] - tube.points[segment]) * (along - Float(segment))
      let radius = tube.radii[segment]
      // Pouches, about three centimetres each.
      let travelled = tube.length(upTo: along)
      let pouch = 0.13 * radius * (1 - 2 * abs(sin(travelled / 11 + 2 * noise(center / 60))))
      let within = max(distance - pouch + 2.5 * noise(place / 16), site.depth.cavity + 2.2)
      value = mix(value, densities.fat + 6, grid.coverage(max(distance - pouch - coat, site.depth.cavity + 1)))
      guard within < grid.softness else { return }
      let crumbs = noise.rough(place / 4.6) + 0.35 * noise(place / 11)
      var inside: Float = 38 + 50 * crumbs
      // Bubbles in the stool; a lake of gas where the colon is high.
      inside = mix(inside, -720, smoothStep(crumbs, from: 0.34 - stool, to: 0.5 - stool))
      let level = center.y + (gas + 0.9 * noise(center / 35)) * radius
      inside = mix(inside, -930, grid.coverage(place.y - level))
      value = mix(value, densities.bowelWall, grid.coverage(within))
      value = mix(value, inside, grid.coverage(within + 1.9))
    }
  }
}
