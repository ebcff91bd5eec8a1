/// An ellipsoid at any tilt.
struct Ellipsoid: Sendable {
  let center: BodyPoint
  /// Orthonormal.
  let axes: (BodyPoint, BodyPoint, BodyPoint)
  /// In mm, along the axes.
  let radii: BodyPoint

  init(
    center: BodyPoint, radii: BodyPoint,
    axes: (BodyPoint, BodyPoint, BodyPoint) = (BodyPoint(1, 0, 0), BodyPoint(0, 1, 0), BodyPoint(0, 0, 1))
  ) {
    self.center = center
    self.radii = radii
    self.axes = axes
  }

  var box: BodyBox {
    let (a, b, c) = axes
    func reach(_ i: Int) -> Float {
      let r = radii * BodyPoint(a[i], b[i], c[i])
      return r.length
    }
    return BodyBox(around: center, reach: BodyPoint(reach(0), reach(1), reach(2)))
  }

  /// A place in the ellipsoid's own axes, in mm.
  @inline(__always)
  func local(_ point: BodyPoint) -> BodyPoint {
    let p = point - center
    return BodyPoint(p.dot(axes.0), p.dot(axes.1), p.dot(axes.2))
  }

  /// The place with these coordinates in the ellipsoid's own axes.
  func global(_ local: BodyPoint) -> BodyPoint {
    center + axes.0 * local.x + axes.1 * local.y + axes.2 * local.z
  }

  /// About the distance to the surface in mm, negative inside: exact to first order near the surface.
  @inline(__always)
  func distance(_ point: BodyPoint) -> Float { distance(local: local(point)) }

  @inline(__always)
  func distance(local p: BodyPoint) -> Float {
    let q = p / radii
    let k0 = q.length
    let gradient = (q / radii).length
    return gradient < 1e-6 ? -radii.min() : k0 * (k0 - 1) / gradient
  }

  func grown(by margin: Float) -> Ellipsoid {
    Ellipsoid(center: center, radii: radii + margin, axes: axes)
  }
}
