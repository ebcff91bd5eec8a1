import Foundation
import KidneyData
import MedicalImages
import Testing

struct AugmentationSettingsTests {
  @Test func `the defaults are the report's`() throws {
    let settings = AugmentationSettings()
    try settings.validate()
    #expect(settings.identity == "rotation40.0-width0.2-height0.2-shear0.2-zoom0.2-flip-corrected-v1")
  }

  @Test func `every setting shows in the identity`() {
    let changes: [(inout AugmentationSettings) -> Void] = [
      { $0.rotationDegrees = 10 }, { $0.widthShift = 0.1 }, { $0.heightShift = 0.1 }, { $0.shear = 0.1 },
      { $0.zoom = 0.1 }, { $0.horizontalFlip = false }, { $0.kerasCompatible = true }, { _ in },
    ]
    let identities = changes.map { change in
      var settings = AugmentationSettings()
      change(&settings)
      return settings.identity
    }
    #expect(Set(identities).count == changes.count)
  }

  @Test func `values out of range are named with their range`() {
    let changes: [((inout AugmentationSettings) -> Void, MedicalImageError)] = [
      (
        { $0.rotationDegrees = 181 },
        .invalidSetting(key: "augmentation rotation", value: "181.0", allowed: "0 to 180 degrees")
      ),
      (
        { $0.widthShift = 1 },
        .invalidSetting(key: "augmentation width shift", value: "1.0", allowed: "0 to below 1, a part of the width")
      ),
      (
        { $0.heightShift = -0.1 },
        .invalidSetting(key: "augmentation height shift", value: "-0.1", allowed: "0 to below 1, a part of the height")
      ),
      ({ $0.shear = 1.5 }, .invalidSetting(key: "augmentation shear", value: "1.5", allowed: "0 to 1 radian")),
      ({ $0.zoom = .nan }, .invalidSetting(key: "augmentation zoom", value: "nan", allowed: "0 to below 1")),
    ]
    for (change, expected) in changes {
      var settings = AugmentationSettings()
      change(&settings)
      #expect(throws: expected) { try settings.validate() }
    }
  }

  @Test func `they survive JSON, and JSON out of range is refused`() throws {
    var settings = AugmentationSettings()
    settings.zoom = 0.3
    settings.kerasCompatible = true
    let json = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(AugmentationSettings.self, from: json) == settings)
    let wrong = String(decoding: json, as: UTF8.self).replacingOccurrences(of: "\"zoom\":0.3", with: "\"zoom\":3")
    #expect(throws: MedicalImageError.invalidSetting(key: "augmentation zoom", value: "3.0", allowed: "0 to below 1")) {
      try JSONDecoder().decode(AugmentationSettings.self, from: Data(wrong.utf8))
    }
  }
}
