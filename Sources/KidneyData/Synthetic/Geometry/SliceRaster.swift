/// A slice while it is painted, organ over organ, in Hounsfield units.
struct SliceRaster {
  let grid: SliceGrid
  /// Where each pixel lies in the undistorted body; shape [height, width].
  private let sites: [BodySite]
  /// Shape: [height, width], Float32, HU.
  var values: [Float]

  init(grid: SliceGrid, filledWith value: Float, torso: Torso, distortion: Distortion) {
    self.grid = grid
    values = Array(repeating: value, count: grid.size.width * grid.size.height)
    sites = distortion.places(of: grid).map { BodySite(place: $0, depth: torso.depth($0)) }
  }

  /// Calls `body` with each pixel of a box, where it lies and its value.
  @inline(__always)
  mutating func paint(_ box: BodyBox, _ body: (_ site: BodySite, _ value: inout Float) -> Void) {
    guard let (rows, columns) = grid.pixels(in: box.grown(by: Distortion.reach)) else { return }
    let width = grid.size.width
    sites.withUnsafeBufferPointer { sites in
      values.withUnsafeMutableBufferPointer { values in
        for row in rows {
          for column in columns {
            let index = row * width + column
            body(sites[index], &values[index])
          }
        }
      }
    }
  }

  /// The same for what is no part of the body and is not distorted with it; `body` gets the place.
  mutating func paintAround(_ box: BodyBox, _ body: (_ place: BodyPoint, _ value: inout Float) -> Void) {
    guard let (rows, columns) = grid.pixels(in: box) else { return }
    for row in rows {
      for column in columns {
        body(grid.point(row: row, column: column), &values[row * grid.size.width + column])
      }
    }
  }

  /// Paints an ellipsoid of one density.
  mutating func fill(_ shape: Ellipsoid, _ density: Float) {
    let grid = grid
    paint(shape.box) { site, value in
      value = mix(value, density, grid.coverage(shape.distance(site.place)))
    }
  }

  /// Paints a tube of one density.
  mutating func fill(_ tube: Tube, _ density: Float) {
    let grid = grid
    for segment in tube.segments {
      paint(tube.box(of: segment)) { site, value in
        value = mix(value, density, grid.coverage(tube.distance(site.place, segment: segment).distance))
      }
    }
  }

  /// The distance of every pixel near a tube to its surface, all segments joined, and the place along it.
  ///
  /// Painting segment by segment would draw a wall across the tube wherever two segments meet.
  func distances(to tube: Tube, within margin: Float) -> TubeDistances? {
    let boxes = tube.segments.compactMap { grid.pixels(in: tube.box(of: $0).grown(by: margin + Distortion.reach)) }
    guard let first = boxes.first else { return nil }
    var (rows, columns) = first
    for box in boxes.dropFirst() {
      rows = min(rows.lowerBound, box.rows.lowerBound)..<max(rows.upperBound, box.rows.upperBound)
      columns = min(columns.lowerBound, box.columns.lowerBound)..<max(columns.upperBound, box.columns.upperBound)
    }
    var found = TubeDistances(rows: rows, columns: columns, margin: margin)
    for segment in tube.segments {
      guard let box = grid.pixels(in: tube.box(of: segment).grown(by: margin + Distortion.reach)) else { continue }
      for row in box.rows {
        for column in box.columns {
          let (distance, along) = tube.distance(sites[row * grid.size.width + column].place, segment: segment)
          found.lower(row: row, column: column, to: distance, along: Float(segment) + along)
        }
      }
    }
    return found
  }

  /// Paints what `distances` found; `body` gets the site, the distance in mm and the place along the tube in segments.
  @inline(__always)
  mutating func paint(
    _ found: TubeDistances, _ body: (_ site: BodySite, _ distance: Float, _ along: Float, _ value: inout Float) -> Void
  ) {
    let width = grid.size.width
    values.withUnsafeMutableBufferPointer { values in
      for row in found.rows {
        for column in found.columns {
          let (distance, along) = found[row, column]
          guard distance < found.margin else { continue }
          let index = row * width + column
          body(sites[index], distance, along, &values[index])
        }
      }
    }
  }
}

/// Distances to a tube's surface, in mm, over a part of a slice.
struct TubeDistances {
  let rows: Range<Int>
  let columns: Range<Int>
  let margin: Float
  private var values: [(distance: Float, along: Float)]

  init(rows: Range<Int>, columns: Range<Int>, margin: Float) {
    self.rows = rows
    self.columns = columns
    self.margin = margin
    values = Array(repeating: (margin, 0), count: rows.count * columns.count)
  }

  subscript(row: Int, column: Int) -> (distance: Float, along: Float) {
    values[(row - rows.lowerBound) * columns.count + column - columns.lowerBound]
  }

  mutating func lower(row: Int, column: Int, to distance: Float, along: Float) {
    let index = (row - rows.lowerBound) * columns.count + column - columns.lowerBound
    if distance < values[index].distance { values[index] = (distance, along) }
  }
}
