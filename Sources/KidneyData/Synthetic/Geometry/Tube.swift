/// A round tube along a line of places, such as a vessel or a loop of bowel.
struct Tube: Sendable {
  let points: [BodyPoint]
  /// In mm, at each point.
  let radii: [Float]
  /// From the tube's beginning to each point, in mm.
  private let lengths: [Float]

  init(_ points: [BodyPoint], radii: [Float]) {
    precondition(points.count == radii.count && points.count > 1, "a tube has two ends and a radius at each point")
    self.points = points
    self.radii = radii
    var length: Float = 0
    lengths = points.indices.map { index in
      if index > 0 { length += (points[index] - points[index - 1]).length }
      return length
    }
  }

  /// From the tube's beginning to a place along it, given in segments; in mm.
  @inline(__always)
  func length(upTo along: Float) -> Float {
    let segment = min(Int(along), segments.upperBound - 1)
    return mix(lengths[segment], lengths[segment + 1], along - Float(segment))
  }

  init(_ points: [BodyPoint], radius: Float) {
    self.init(points, radii: points.map { _ in radius })
  }

  var segments: Range<Int> { 0..<points.count - 1 }

  func box(of segment: Int) -> BodyBox {
    BodyBox(around: points[segment], reach: BodyPoint(repeating: radii[segment]))
      .union(BodyBox(around: points[segment + 1], reach: BodyPoint(repeating: radii[segment + 1])))
  }

  /// The distance to the surface of one segment in mm, negative inside, and how far along it, 0…1.
  @inline(__always)
  func distance(_ point: BodyPoint, segment: Int) -> (distance: Float, along: Float) {
    let start = points[segment]
    let axis = points[segment + 1] - start
    let p = point - start
    let t = unitClamped(p.dot(axis) / max(axis.dot(axis), 1e-6))
    return ((p - axis * t).length - mix(radii[segment], radii[segment + 1], t), t)
  }

  /// The same tube through more points, smoothly (Catmull and Rom 1974).
  func smoothed(steps: Int) -> Tube {
    var smoothPoints: [BodyPoint] = []
    var smoothRadii: [Float] = []
    for segment in segments {
      let p0 = points[max(segment - 1, 0)]
      let p1 = points[segment]
      let p2 = points[segment + 1]
      let p3 = points[min(segment + 2, points.count - 1)]
      for step in 0..<steps {
        let t = Float(step) / Float(steps)
        let linear = (p2 - p0) * t
        let square = (p0 * 2 - p1 * 5 + p2 * 4 - p3) * (t * t)
        let cube = (p1 * 3 - p0 - p2 * 3 + p3) * (t * t * t)
        smoothPoints.append((p1 * 2 + linear + square + cube) * 0.5)
        smoothRadii.append(mix(radii[segment], radii[segment + 1], t))
      }
    }
    smoothPoints.append(points[points.count - 1])
    smoothRadii.append(radii[radii.count - 1])
    return Tube(smoothPoints, radii: smoothRadii)
  }
}
