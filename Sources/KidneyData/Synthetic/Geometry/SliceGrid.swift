/// The plane a slice is cut in.
public enum SlicePlane: String, Codable, Sendable, CaseIterable {
  /// Across the body: the front is above, the patient's right is on the left. Its position is a height z in mm.
  case axial
  /// Along the body, as from the front: the head is above. Its position is a depth y in mm, rising to the back.
  case coronal
}

/// A picture's size in pixels.
public struct SliceSize: Hashable, Codable, Sendable {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  public init(_ side: Int) { self.init(width: side, height: side) }
}

/// Where the pixels of a slice lie in the patient.
struct SliceGrid {
  let plane: SlicePlane
  /// In mm: z of an axial slice, y of a coronal one.
  let position: Float
  let size: SliceSize
  /// Of the picture's middle, in mm: x and y, or x and z.
  let center: SIMD2<Float>
  /// From one pixel to the next, in mm.
  let spacing: Float
  /// Half the width of the ramp that a surface becomes, in mm: what pixel and slice thickness blur.
  let softness: Float

  /// How much of a pixel lies inside a surface at this distance (negative inside): 0…1.
  @inline(__always)
  func coverage(_ distance: Float) -> Float { unitClamped(0.5 - distance / (2 * softness)) }

  @inline(__always)
  func x(column: Int) -> Float { center.x + (Float(column) - 0.5 * Float(size.width - 1)) * spacing }

  /// The second coordinate of a row: y or z.
  @inline(__always)
  func second(row: Int) -> Float {
    let offset = (Float(row) - 0.5 * Float(size.height - 1)) * spacing
    return plane == .axial ? center.y + offset : center.y - offset
  }

  @inline(__always)
  func point(row: Int, column: Int) -> BodyPoint {
    plane == .axial
      ? BodyPoint(x(column: column), second(row: row), position)
      : BodyPoint(x(column: column), position, second(row: row))
  }

  /// The pixels that may lie in a box; nil if the slice misses it.
  func pixels(in box: BodyBox) -> (rows: Range<Int>, columns: Range<Int>)? {
    let box = box.grown(by: softness)
    let (low, high) = plane == .axial ? (box.low.z, box.high.z) : (box.low.y, box.high.y)
    guard low <= position, position <= high else { return nil }
    let columns = range(
      from: (box.low.x - center.x) / spacing, to: (box.high.x - center.x) / spacing, count: size.width)
    let rows =
      plane == .axial
      ? range(from: (box.low.y - center.y) / spacing, to: (box.high.y - center.y) / spacing, count: size.height)
      : range(from: (center.y - box.high.z) / spacing, to: (center.y - box.low.z) / spacing, count: size.height)
    return rows.isEmpty || columns.isEmpty ? nil : (rows, columns)
  }

  private func range(from low: Float, to high: Float, count: Int) -> Range<Int> {
    let middle = 0.5 * Float(count - 1)
    let limit = Float(count)
    let first = Int(min(max((low + middle).rounded(.up), 0), limit))
    let last = Int(min(max((high + middle).rounded(.down) + 1, 0), limit))
    return first..<max(first, last)
  }
}
