import RandomStreams

/// Iliac bones and upper thighs: coronal slices reach down to them.
struct Pelvis: Sendable {
  private let wings: [Tube]
  private let thighs: [Tube]
  private let heads: [Ellipsoid]
  private let bladder: Ellipsoid
  private let texture: LatticeNoise

  init(torso: Torso, spine: Spine, from stream: inout RandomStream) {
    let top = spine.sacrumTop
    let width = torso.halfWidth
    let back = spine.center(at: top).y
    let crest = [
      BodyPoint(0.36 * width, back + 36, top - 34), BodyPoint(0.52 * width, back + 33, top + 4),
      BodyPoint(0.7 * width, back + 18, top + 27), BodyPoint(0.84 * width, back - 8, top + 34),
      BodyPoint(0.9 * width, back - 36, top + 20), BodyPoint(0.88 * width, back - 58, top - 8),
    ]
    let socket = BodyPoint(0.6 * width, back - 16, top - 94)
    var wings: [Tube] = []
    // A fan of struts closes to a plate.
    let edge = Tube(crest, radius: 5).smoothed(steps: 4).points
    for point in edge {
      let middle = (point + socket) * 0.5 + BodyPoint(-0.07 * width, 4, 0)
      wings.append(Tube([point, middle, socket], radii: [4.6, 3.6, 9]))
    }
    // The seat bone below the socket.
    wings.append(
      Tube(
        [socket, BodyPoint(0.47 * width, back + 12, top - 120), BodyPoint(0.36 * width, back + 14, top - 150)],
        radii: [14, 12, 13]))
    let head = BodyPoint(0.64 * width, back - 18, top - 112)
    let knee = BodyPoint(0.78 * width, back - 8, top - 300)
    let trochanter = BodyPoint(0.94 * width, back - 4, top - 132)
    thighs = Self.both([
      Tube([head, trochanter], radii: [15, 16]),
      Tube([trochanter, BodyPoint(0.9 * width, back - 6, top - 175), knee], radii: [17, 15, 14]),
    ])
    heads = [1, -1].map { side in
      Ellipsoid(center: BodyPoint(side * head.x, head.y, head.z), radii: BodyPoint(repeating: 23))
    }
    self.wings = Self.both(wings)
    bladder = Ellipsoid(
      center: BodyPoint(stream.around(0, 4), back - 62, top - 84),
      radii: BodyPoint(stream.between(26, 44), stream.between(22, 36), stream.between(20, 38)))
    texture = LatticeNoise(seed: stream.next())
  }

  private static func both(_ tubes: [Tube]) -> [Tube] {
    tubes + tubes.map { Tube($0.points.map(\.mirrored), radii: $0.radii) }
  }

  func draw(on raster: inout SliceRaster, densities: TissueDensities) {
    raster.fill(bladder.grown(by: 3), densities.muscle - 10)
    raster.fill(bladder, densities.urine)
    drawBone(wings, on: &raster, shell: 1.8, inner: 240)
    drawBone(thighs, on: &raster, shell: 3.6, inner: 150)
    let grid = raster.grid
    for head in heads {
      raster.paint(head.box) { site, value in
        let place = site.place
        let distance = head.distance(place)
        let bone = mix(330 + 120 * texture(place / 2.5), 700, bell(distance + 1, width: 1.6))
        value = mix(value, bone, grid.coverage(distance))
      }
    }
  }

  /// Struts that overlap are one bone: the inside of one hides the shell of the next.
  private func drawBone(_ tubes: [Tube], on raster: inout SliceRaster, shell: Float, inner: Float) {
    let grid = raster.grid
    for tube in tubes { raster.fill(tube, 640) }
    for tube in tubes {
      let marrow = Tube(tube.points, radii: tube.radii.map { max($0 - shell, 0.5) })
      for segment in marrow.segments {
        raster.paint(marrow.box(of: segment)) { site, value in
          let place = site.place
          let distance = marrow.distance(place, segment: segment).distance
          value = mix(value, inner + 150 * texture(place / 2.4), grid.coverage(distance))
        }
      }
    }
  }
}
