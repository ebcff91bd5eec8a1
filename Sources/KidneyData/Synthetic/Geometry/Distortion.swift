import RandomStreams

/// A place in the body and how deep it lies.
struct BodySite {
  let place: BodyPoint
  let depth: Torso.Depth
}

/// A smooth random displacement of the whole body: no two sides are mirror images, nothing is quite an ellipsoid.
struct Distortion: Sendable {
  /// The farthest a place is moved along an axis, in mm.
  static let reach: Float = 6
  private static let cell: Float = 46

  private let noises: (LatticeNoise, LatticeNoise, LatticeNoise)

  init(from stream: inout RandomStream) {
    noises = (LatticeNoise(seed: stream.next()), LatticeNoise(seed: stream.next()), LatticeNoise(seed: stream.next()))
  }

  /// Where a place of the patient lies in the undistorted body.
  @inline(__always)
  func callAsFunction(_ place: BodyPoint) -> BodyPoint {
    let p = place / Self.cell
    return place + BodyPoint(noises.0(p), noises.1(p), noises.2(p)) * Self.reach
  }

  /// The same for all pixels of a slice, shape [height, width]: computed at some, blended between.
  func places(of grid: SliceGrid) -> [BodyPoint] {
    let (width, height) = (grid.size.width, grid.size.height)
    let step = max(1, Int(5 / grid.spacing))
    let (columns, rows) = ((width - 1) / step + 2, (height - 1) / step + 2)
    var nodes: [BodyPoint] = []
    nodes.reserveCapacity(columns * rows)
    for row in 0..<rows {
      for column in 0..<columns { nodes.append(self(grid.point(row: row * step, column: column * step))) }
    }
    return [BodyPoint](unsafeUninitializedCapacity: width * height) { places, count in
      for row in 0..<height {
        let (node, part) = (row / step, Float(row % step) / Float(step))
        for column in 0..<width {
          let first = node * columns + column / step
          let share = Float(column % step) / Float(step)
          let above = nodes[first] + (nodes[first + 1] - nodes[first]) * share
          let below = nodes[first + columns] + (nodes[first + columns + 1] - nodes[first + columns]) * share
          places[row * width + column] = above + (below - above) * part
        }
      }
      count = width * height
    }
  }
}
