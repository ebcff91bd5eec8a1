import RandomStreams

/// Which scanner a synthetic patient lay in. Sites differ in picture size, colour, window and noise, not in patients.
public enum SyntheticSite: String, Codable, Sendable, CaseIterable {
  /// Square grey pictures, a soft-tissue window, fat nearly black.
  case first = "A"
  /// Wide red-green-blue pictures, a brighter window, less noise.
  case second = "B"
}

/// How Hounsfield units become grey levels.
public struct DisplayWindow: Hashable, Codable, Sendable {
  /// The density shown as middle grey, in HU.
  public var level: Float
  /// From black to white, in HU.
  public var width: Float

  public init(level: Float, width: Float) {
    self.level = level
    self.width = width
  }

  /// 0 (black) … 255 (white).
  @inline(__always)
  public func grey(of density: Float) -> UInt8 {
    UInt8(min(max((density - level) / width + 0.5, 0), 1) * 255 + 0.5)
  }
}

/// The settings of one patient's scan.
struct ScanProtocol: Sendable {
  let site: SyntheticSite
  /// The shorter side of an axial picture, in mm, and its middle.
  let axialField: Float
  let axialCenter: SIMD2<Float>
  /// The shorter side of a coronal picture, in mm, and its middle.
  let coronalField: Float
  let coronalCenter: SIMD2<Float>
  /// In mm.
  let sliceThickness: Float
  /// The standard deviation of the noise in a large body's middle, in HU, at 0.75 mm a pixel.
  let noise: Float
  let window: DisplayWindow
  let table: ScannerTable

  init(site: SyntheticSite, anatomy: Anatomy, from stream: inout RandomStream) {
    self.site = site
    let torso = anatomy.torso
    let bodyWidth = 2 * (torso.halfWidth + 0.9 * torso.fatThickness)
    let back = torso.backOfSkin(at: 0)
    let margin = stream.between(0, 1)
    axialField = bodyWidth * (1.05 + 0.28 * margin)
    axialCenter = SIMD2(stream.around(0, 5), stream.between(0, 0.5) * margin * (axialField - 2 * back))
    coronalField = stream.between(390, 500)
    coronalCenter = SIMD2(stream.around(0, 6), 218 - 0.5 * coronalField - stream.between(0, 30))
    sliceThickness = stream.between(1, 4)
    let lowFat = stream.between(0, 1)
    switch site {
    case .first:
      noise = stream.between(10, 22)
      let black = -172 + 92 * lowFat
      let width = stream.between(330, 440)
      window = DisplayWindow(level: black + 0.5 * width, width: width)
    case .second:
      noise = stream.between(8, 15)
      let black = -205 + 60 * lowFat
      let width = stream.between(380, 430)
      window = DisplayWindow(level: black + 0.5 * width, width: width)
    }
    table = ScannerTable(backOfPatient: back, from: &stream)
  }

  func grid(plane: SlicePlane, position: Float, size: SliceSize) -> SliceGrid {
    let field = plane == .axial ? axialField : coronalField
    let spacing = field / Float(min(size.width, size.height))
    return SliceGrid(
      plane: plane, position: position, size: size, center: plane == .axial ? axialCenter : coronalCenter,
      spacing: spacing, softness: 0.3 + 0.5 * spacing + 0.12 * sliceThickness)
  }
}
