import MedicalImages

/// How far a training picture may be changed at random. The defaults are the report's, given to Keras's
/// `ImageDataGenerator`.
public struct AugmentationSettings: Hashable, Sendable {
  /// Either way, in degrees: 0…180.
  public var rotationDegrees: Double = 40
  /// Either way, as a part of the width: 0..<1.
  public var widthShift: Double = 0.2
  /// Either way, as a part of the height: 0..<1.
  public var heightShift: Double = 0.2
  /// Either way, an angle: 0…1, in radians; with `kerasCompatible` Keras takes the same number for degrees.
  public var shear: Double = 0.2
  /// Factors are within 1 ± this, each axis its own: 0..<1.
  public var zoom: Double = 0.2
  /// Whether half the pictures are mirrored left to right.
  public var horizontalFlip = true
  /// Whether Keras's formulas are followed to the letter: the width shift moves rows and the height shift columns, both
  /// turned with the rotation, shear counts in degrees, and in a picture that is not square the turning point is off
  /// the centre.
  public var kerasCompatible = false

  public init() {}

  /// A text that is the same only for settings that draw and compute alike.
  public var identity: String {
    "rotation\(rotationDegrees)-width\(widthShift)-height\(heightShift)-shear\(shear)-zoom\(zoom)"
      + "\(horizontalFlip ? "-flip" : "")-\(kerasCompatible ? "keras" : "corrected")-v1"
  }

  /// - Throws: `MedicalImageError.invalidSetting` for the first value out of its range.
  public func validate() throws {
    try check("rotation", rotationDegrees, rotationDegrees <= 180, "0 to 180 degrees")
    try check("width shift", widthShift, widthShift < 1, "0 to below 1, a part of the width")
    try check("height shift", heightShift, heightShift < 1, "0 to below 1, a part of the height")
    try check("shear", shear, shear <= 1, "0 to 1 radian")
    try check("zoom", zoom, zoom < 1, "0 to below 1")
  }

  private func check(_ key: String, _ value: Double, _ isBelowTop: Bool, _ allowed: String) throws {
    guard value >= 0, isBelowTop else {
      throw MedicalImageError.invalidSetting(key: "augmentation \(key)", value: "\(value)", allowed: allowed)
    }
  }
}

extension AugmentationSettings: Codable {
  private enum CodingKeys: String, CodingKey {
    case rotationDegrees, widthShift, heightShift, shear, zoom, horizontalFlip, kerasCompatible
  }

  /// Every key must be there, and every value in its range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    rotationDegrees = try container.decode(Double.self, forKey: .rotationDegrees)
    widthShift = try container.decode(Double.self, forKey: .widthShift)
    heightShift = try container.decode(Double.self, forKey: .heightShift)
    shear = try container.decode(Double.self, forKey: .shear)
    zoom = try container.decode(Double.self, forKey: .zoom)
    horizontalFlip = try container.decode(Bool.self, forKey: .horizontalFlip)
    kerasCompatible = try container.decode(Bool.self, forKey: .kerasCompatible)
    try validate()
  }
}
