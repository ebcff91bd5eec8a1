import RandomStreams

/// The long muscles beside the spine: erectors behind, psoas and quadratus lumborum in front, iliacus below.
struct BackMuscles: Sendable {
  private let psoas: [Tube]
  private let quadratus: [Tube]
  private let erectors: [Tube]
  private let iliacus: [Tube]
  private let noise: LatticeNoise

  init(torso: Torso, spine: Spine, from stream: inout RandomStream) {
    let bulk = stream.between(0.82, 1.18)
    func both(_ heights: [Float], _ radii: [Float], _ place: (Float) -> SIMD2<Float>) -> [Tube] {
      [1, -1].map { (side: Float) in
        Tube(
          heights.map { z in
            let p = place(z)
            return BodyPoint(spine.center(at: max(z, -110)).x + side * p.x, p.y, z)
          }, radii: radii)
      }
    }
    let half = spine.halfWidth
    psoas = both([62, 25, -20, -60, -100, -150, -225], [4, 8, 14, 19, 21, 17, 12].map { $0 * bulk }) { z in
      let apart = half + 2 + 9 * smoothStep(-z, from: -20, to: 70) + 34 * smoothStep(-z, from: 90, to: 220)
      return SIMD2(apart, spine.center(at: max(z, -100)).y + 2 - 22 * smoothStep(-z, from: 100, to: 220))
    }
    // Flat muscles, made of round ones side by side.
    quadratus = (0..<3).flatMap { strip in
      both([48, 0, -50, -100], [6, 9, 10.5, 9].map { $0 * bulk }) { z in
        let apart = half + 26 + 9 * Float(strip) + 14 * smoothStep(-z, from: 0, to: 90)
        return SIMD2(apart, torso.frame(at: z).y - 34 - Float(strip))
      }
    }
    let top = spine.sacrumTop
    iliacus = (0..<3).flatMap { strip in
      both([top + 16, top - 30, top - 80, top - 130], [7, 13, 12, 8].map { $0 * bulk }) { z in
        let down = smoothStep(-z, from: -top - 16, to: -top + 120)
        let apart = mix(0.66 - 0.06 * Float(strip), 0.46, down) * torso.halfWidth
        return SIMD2(apart, spine.center(at: top).y + mix(16 - 16 * Float(strip), -34, down))
      }
    }
    erectors = both([300, 120, 40, -60, -120, -160], [13, 17, 21, 23, 20, 12]) { z in
      SIMD2(27 + 8 * smoothStep(-z, from: -100, to: 20), torso.frame(at: z).y - 25)
    }
    noise = LatticeNoise(seed: stream.next())
  }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    let grid = raster.grid
    for tubes in [erectors, quadratus, iliacus, psoas] {
      for tube in tubes {
        guard let found = raster.distances(to: tube, within: 4) else { continue }
        raster.paint(found) { site, distance, _, value in
          let place = site.place
          guard site.depth.muscle < -2 else { return }
          let lumpy = distance + 2 * noise(place / 18)
          let strands = noise(BodyPoint(place.x / 2.6, place.y / 2.6, place.z / 26))
          // A thin seam of fat around each; it comes and goes.
          let seam = 0.75 * unitClamped(0.3 + 2 * noise(place / 24 + 70))
          value = mix(value, densities.fat, seam * grid.coverage(abs(lumpy - 0.6) - 0.4))
          value = mix(value, densities.muscle - 9 * max(0, strands), grid.coverage(lumpy))
        }
      }
    }
  }
}
