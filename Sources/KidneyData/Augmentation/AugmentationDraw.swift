#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One picture's random change.
public struct AugmentationDraw: Hashable, Sendable {
  /// In radians; positive turns the content counter-clockwise, as seen.
  public var rotation: Double
  /// In pixels: the width shift's draw times the width.
  public var widthShift: Double
  /// In pixels: the height shift's draw times the height.
  public var heightShift: Double
  /// In radians.
  public var shear: Double
  /// Source pixels a target pixel along the width: below 1 enlarges.
  public var zoomX: Double
  /// The same along the height.
  public var zoomY: Double
  /// Whether left and right are exchanged, last of all.
  public var isFlipped: Bool
  /// Whether the numbers are used as Keras does; see `AugmentationSettings.kerasCompatible`.
  public var kerasCompatible: Bool

  public init(
    rotation: Double = 0, widthShift: Double = 0, heightShift: Double = 0, shear: Double = 0, zoomX: Double = 1,
    zoomY: Double = 1, isFlipped: Bool = false, kerasCompatible: Bool = false
  ) {
    self.rotation = rotation
    self.widthShift = widthShift
    self.heightShift = heightShift
    self.shear = shear
    self.zoomX = zoomX
    self.zoomY = zoomY
    self.isFlipped = isFlipped
    self.kerasCompatible = kerasCompatible
  }

  /// From where each pixel of the changed picture, before the flip, is taken.
  ///
  /// With the offset (u, v) of a target pixel from the centre, in columns and rows, rotation t, shear s, zooms zx, zy:
  ///
  ///     a = zx u - sin(s) zy v        source column = cos(t) a - sin(t) b + centre
  ///     b = cos(s) zy v               source row    = sin(t) a + cos(t) b + centre
  ///
  /// Corrected, the shifts are taken from (u, v) first, so that they move the changed picture along its own width and
  /// height by just that many pixels. Keras (`apply_affine_transform`, keras 2.12) adds the *height* shift to a and the
  /// *width* shift to b, and exchanges the centres of the two axes.
  func mapping(height: Int, width: Int) -> AffineMapping {
    let (sine, cosine) = (sin(rotation), cos(rotation))
    let (shearSine, shearCosine) = (sin(shear), cos(shear))
    let columnFromColumn = cosine * zoomX
    let columnFromRow = -(cosine * shearSine + sine * shearCosine) * zoomY
    let rowFromColumn = sine * zoomX
    let rowFromRow = (cosine * shearCosine - sine * shearSine) * zoomY
    let centerX = Double(kerasCompatible ? height : width) / 2 - 0.5
    let centerY = Double(kerasCompatible ? width : height) / 2 - 0.5
    let (originX, originY): (Double, Double)
    let (addedColumn, addedRow): (Double, Double)
    if kerasCompatible {
      (originX, originY) = (centerX, centerY)
      addedColumn = cosine * heightShift - sine * widthShift
      addedRow = sine * heightShift + cosine * widthShift
    } else {
      (originX, originY) = (centerX + widthShift, centerY + heightShift)
      (addedColumn, addedRow) = (0, 0)
    }
    return AffineMapping(
      columnFromColumn: columnFromColumn, columnFromRow: columnFromRow,
      columnOffset: centerX + addedColumn - columnFromColumn * originX - columnFromRow * originY,
      rowFromColumn: rowFromColumn, rowFromRow: rowFromRow,
      rowOffset: centerY + addedRow - rowFromColumn * originX - rowFromRow * originY)
  }
}

/// source column = columnFromColumn · column + columnFromRow · row + columnOffset; the row likewise. In pixels; 0 is
/// the centre of the first.
struct AffineMapping {
  var columnFromColumn: Double
  var columnFromRow: Double
  var columnOffset: Double
  var rowFromColumn: Double
  var rowFromRow: Double
  var rowOffset: Double
}
