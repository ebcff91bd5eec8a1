import RandomStreams

/// The table below the patient: a curved top and the shell that carries it.
struct ScannerTable: Sendable {
  private let top: Float
  private let curvature: Float
  private let halfWidth: Float
  private let depth: Float
  private let hasShell: Bool
  private let brightness: Float

  /// - Parameter backOfPatient: where the skin touches the mattress, in mm.
  init(backOfPatient: Float, from stream: inout RandomStream) {
    top = backOfPatient + stream.between(9, 26)
    curvature = 1 / (2 * stream.between(430, 760))
    halfWidth = stream.between(205, 265)
    depth = stream.between(48, 82)
    hasShell = stream.chance(0.75)
    brightness = stream.between(260, 620)
  }

  /// Paints it into the air of an axial slice. In coronal slices it is out of the picture.
  func draw(on raster: inout SliceRaster) {
    let grid = raster.grid
    let box = BodyBox(
      low: BodyPoint(-halfWidth - 20, top - 80, -1000), high: BodyPoint(halfWidth + 20, top + depth + 4, 1000))
    raster.paintAround(box) { place, value in
      let x = abs(place.x)
      let surface = abs(place.y - (top - x * x * curvature)) - 1.7
      value = mix(value, brightness, grid.coverage(max(surface, x - halfWidth)))
      // Foam between the sheets is hardly denser than air.
      guard hasShell else { return }
      let slant = max(0, x - 0.52 * halfWidth)
      let bottom = abs(place.y - (top + depth - 0.9 * slant)) - 1.6
      value = mix(value, 0.9 * brightness, grid.coverage(max(bottom, x - 0.97 * halfWidth)))
    }
  }
}
