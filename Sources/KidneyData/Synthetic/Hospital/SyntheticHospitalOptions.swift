import Digests
import Foundation

/// What a synthetic hospital consists of. The same options give the same bytes.
public struct SyntheticHospitalOptions: Codable, Hashable, Sendable {
  public var patients: Int
  public var seed: UInt64
  /// One finding a patient, in turn, so that classes are as even as they can be.
  public var classes: [SyntheticFinding]
  /// How many slices a patient has, drawn evenly.
  public var slicesPerPatient: ClosedRange<Int>
  /// The share of coronal slices among a patient's, 0…1; the others are axial.
  public var coronalFraction: Double
  /// The side of the first site's square pictures and the height of the second site's, a quarter wider; in pixels.
  public var pictureSize: Int
  /// Of the JPEG files, 1…100.
  public var quality: Int
  /// The share of patients scanned at the second site, 0…1; independent of their findings.
  public var secondSiteFraction: Double
  /// Files repeated byte for byte under another name.
  public var exactCopies: Int
  /// Pictures decoded and encoded again at a lower quality.
  public var reencodedCopies: Int
  /// Pictures resized, cropped, flipped or brightened, in turn, and encoded again.
  public var alteredCopies: Int
  /// Files repeated byte for byte under another class: label conflicts.
  public var conflictingCopies: Int
  /// The share of pictures with burned-in text, a ruler and an arrow, 0…1; independent of the finding.
  public var markedFraction: Double

  public init(
    patients: Int = 40, seed: UInt64 = 1, classes: [SyntheticFinding] = [.normal, .tumor],
    slicesPerPatient: ClosedRange<Int> = 8...14, coronalFraction: Double = 0.4, pictureSize: Int = 512,
    quality: Int = 92, secondSiteFraction: Double = 0, exactCopies: Int = 0, reencodedCopies: Int = 0,
    alteredCopies: Int = 0, conflictingCopies: Int = 0, markedFraction: Double = 0
  ) {
    self.patients = patients
    self.seed = seed
    self.classes = classes
    self.slicesPerPatient = slicesPerPatient
    self.coronalFraction = coronalFraction
    self.pictureSize = pictureSize
    self.quality = quality
    self.secondSiteFraction = secondSiteFraction
    self.exactCopies = exactCopies
    self.reencodedCopies = reencodedCopies
    self.alteredCopies = alteredCopies
    self.conflictingCopies = conflictingCopies
    self.markedFraction = markedFraction
  }

  /// The size of a site's pictures, in pixels.
  public func size(at site: SyntheticSite) -> SliceSize {
    site == .first ? SliceSize(pictureSize) : SliceSize(width: pictureSize + pictureSize / 4, height: pictureSize)
  }

  /// What the manifest calls the source: it names all options, so that the same hospital is recognised.
  var sourceName: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // Encoding plain numbers and names does not fail.
    let digest = (try? encoder.encode(self)).map { ContentDigest(of: $0).short } ?? ""
    return "synthetic hospital: \(patients) patients, seed \(seed), options \(digest)"
  }

  /// - Throws: `KidneyDataError.invalidSetting` naming the option, its value and what is allowed.
  public func validate() throws {
    func require(_ holds: Bool, _ key: String, _ value: some Any, _ allowed: String) throws {
      guard holds else { throw KidneyDataError.invalidSetting(key: key, value: "\(value)", allowed: allowed) }
    }
    try require(
      classes.count >= 2 && Set(classes).count == classes.count, "classes", classes.map(\.rawValue),
      "two or more different ones of \(SyntheticFinding.allCases.map(\.rawValue).joined(separator: ", "))")
    try require(
      (classes.count...100_000).contains(patients), "patients", patients, "\(classes.count) (one a class) to 100000")
    try require(
      slicesPerPatient.lowerBound >= 1 && slicesPerPatient.upperBound <= 500, "slices per patient", slicesPerPatient,
      "1 to 500")
    try require((32...2048).contains(pictureSize), "picture size", pictureSize, "32 to 2048 pixels")
    try require((1...100).contains(quality), "JPEG quality", quality, "1 to 100")
    for (key, value) in [
      ("coronal fraction", coronalFraction), ("second site fraction", secondSiteFraction),
      ("marked fraction", markedFraction),
    ] {
      try require((0...1).contains(value), key, value, "0 to 1")
    }
    for (key, value) in [
      ("exact copies", exactCopies), ("re-encoded copies", reencodedCopies), ("altered copies", alteredCopies),
      ("conflicting copies", conflictingCopies),
    ] {
      try require((0...1_000_000).contains(value), key, value, "0 to 1000000")
    }
  }
}
