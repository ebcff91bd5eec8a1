import Digests

/// Which pictures belong together because they show, or may show, the same patient.
///
/// A split that cuts through a series lets a model be tested on pictures it has all but seen.
public struct SeriesAssignment: Codable, Equatable, Sendable {
  /// What tells series apart.
  public enum Basis: String, Codable, Sendable {
    /// The manifest's patients.
    case patient
    /// File names and the pictures' look, a substitute for patients that are not known.
    case look
    /// Patients where the manifest knows them, look for the rest.
    case patientAndLook = "patient_and_look"
  }

  /// The series of each picture of the manifest, 0-based and contiguous.
  public let seriesOf: [Int]
  /// One for each series: the patient, or the first and last file of a run.
  public let names: [String]
  public let basis: Basis
  /// What was joined or could not be told, for the report; one sentence each.
  public let notes: [String]
  /// The digest of the manifest it was made from.
  public let dataDigest: ContentDigest

  /// The number of series.
  public var count: Int { names.count }

  public init(seriesOf: [Int], names: [String], basis: Basis, notes: [String], dataDigest: ContentDigest) {
    precondition(Set(seriesOf) == Set(0..<names.count), "series are numbered from 0 without gaps")
    self.seriesOf = seriesOf
    self.names = names
    self.basis = basis
    self.notes = notes
    self.dataDigest = dataDigest
  }

  /// How many series have pictures of each class; a series may count for several.
  ///
  /// - Parameter labels: the class of each picture.
  public func seriesPerClass(labels: [Int], classes: Int) -> [Int] {
    precondition(labels.count == seriesOf.count, "one label a picture")
    var pairs: Set<[Int]> = []
    for (label, series) in zip(labels, seriesOf) { pairs.insert([label, series]) }
    return (0..<classes).map { label in pairs.count { $0[0] == label } }
  }
}
