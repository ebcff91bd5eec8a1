import Digests
import Foundation
import KidneyData
import Reports

/// An audit as it is written: what was found in a data set, by paths.
public struct AuditReport: Codable, Sendable {
  /// Two pictures that are copies of each other.
  public struct Copy: Codable, Sendable, Equatable {
    /// Path of the picture that comes first in the manifest, relative to the data set's folder.
    public var first: String
    /// Path of the other picture, relative to the data set's folder.
    public var second: String
    /// In what the two are the same.
    public var kind: CopyPair.Kind
    /// How the second lies on the first.
    public var flip: Flip
    /// The correlation of the structure of both, laid over each other, -1…1, to four decimals.
    public var structure: Double
    /// The correlation of the finest detail alone, -1…1, to four decimals.
    public var detail: Double
    /// Bits of 64 in which the perceptual hashes differ, in that mirror.
    public var hashDistance: Int
    /// The cosine distance of backbone features, 0…2, to four decimals; nil where none were computed.
    public var featureDistance: Double?
    /// Whether both have one class; if not, one of the labels is wrong.
    public var sameClass: Bool

    enum CodingKeys: String, CodingKey {
      case first, second, kind, flip, structure, detail
      case hashDistance = "hash_distance"
      case featureDistance = "feature_distance"
      case sameClass = "same_class"
    }
  }

  /// Slices that belong together.
  public struct Series: Codable, Sendable {
    /// The patient, or the first and last file of a run.
    public var name: String
    /// How many pictures it has.
    public var pictures: Int
    /// Pictures of each class.
    public var classes: [String: Int]
  }

  /// A picture whose format is unlike that of the others.
  public struct Odd: Codable, Sendable {
    /// Relative to the data set's folder.
    public var path: String
    /// In English.
    public var reason: String
    /// Nil in a report that was read from a file.
    var kind: DataAudit.OddPicture.Reason?

    enum CodingKeys: String, CodingKey {
      case path, reason
    }

    init(path: String, _ kind: DataAudit.OddPicture.Reason) {
      self.path = path
      self.kind = kind
      reason = kind.text(in: .english)
    }

    func text(in language: Language) -> String { kind?.text(in: language) ?? reason }
  }

  /// What pictures were compared by.
  public enum Comparison: String, Codable, Sendable {
    case features
    /// Features were not asked for.
    case pixels
    case pixelsWithoutWeights = "pixels_without_weights"
  }

  /// From here on two pictures are the same slice, as far as this kind of data shows: on 1,764 real slices neighbours
  /// reach 0.990 and slices that were released twice have 0.997.
  static let sameSliceDetail = 0.99

  /// Of the file's layout.
  public var format = 1
  /// The data set's name.
  public var data: String
  /// Of the data set's manifest.
  public var dataDigest: ContentDigest
  /// Pictures in the manifest.
  public var pictures: Int
  /// What pictures were compared by.
  public var comparison: Comparison
  /// The same in English words.
  public var comparedBy: String
  /// Sizes and modes of each class, in the data set's order.
  public var classes: [DataAudit.ClassFormat]
  /// Pictures that would be left out if of each set of linked copies one were kept.
  public var surplusPictures: Int
  /// All pairs of copies, in rising order of their pictures.
  public var copies: [Copy]
  /// Those of `copies` whose two sides have different classes: one of the labels is wrong.
  public var labelConflicts: [Copy]
  /// What tells series apart.
  public var seriesBasis: SeriesAssignment.Basis
  /// Every series, in the order of their numbers.
  public var series: [Series]
  /// What was joined or could not be told, one sentence each.
  public var seriesNotes: [String]
  /// Pictures of an unusual format; one with several reasons is listed once for each.
  public var oddPictures: [Odd]
  /// Files that could not be used, each with the reason.
  public var setAside: [SetAside]
  /// How well classes can be told by the files' format alone.
  public var shortcut: ShortcutFinding
  /// Of the program that made the audit.
  public var version: String

  enum CodingKeys: String, CodingKey {
    case format, data, comparison, pictures, classes, copies, series, shortcut, version
    case dataDigest = "data_digest"
    case comparedBy = "compared_by"
    case surplusPictures = "surplus_pictures"
    case labelConflicts = "label_conflicts"
    case seriesBasis = "series_basis"
    case seriesNotes = "series_notes"
    case oddPictures = "odd_pictures"
    case setAside = "set_aside"
  }

  init(_ audit: DataAudit, comparison: Comparison, shortcut: ShortcutFinding, version: String) {
    let set = audit.data
    func path(_ index: Int) -> String { set.manifest.pictures[index].path }
    func copy(_ pair: CopyPair) -> Copy {
      Copy(
        first: path(pair.first), second: path(pair.second), kind: pair.kind, flip: pair.flip,
        structure: Self.rounded(pair.structure), detail: Self.rounded(pair.detail), hashDistance: pair.hashDistance,
        featureDistance: pair.featureDistance.map(Self.rounded),
        sameClass: set.labels[pair.first] == set.labels[pair.second])
    }
    data = set.name
    dataDigest = set.manifest.digest
    pictures = set.count
    self.comparison = comparison
    comparedBy = comparison.text(in: .english)
    classes = audit.classFormats
    surplusPictures = audit.surplusPictures
    copies = audit.copies.map(copy)
    labelConflicts = audit.labelConflicts.map(copy)
    seriesBasis = audit.series.basis
    var counts = [[String: Int]](repeating: [:], count: audit.series.count)
    for (label, number) in zip(set.labels, audit.series.seriesOf) { counts[number][set.classes[label], default: 0] += 1 }
    series = audit.series.names.indices.map { number in
      Series(name: audit.series.names[number], pictures: counts[number].values.reduce(0, +), classes: counts[number])
    }
    seriesNotes = audit.series.notes
    oddPictures = audit.oddPictures.map { Odd(path: path($0.picture), $0.reason) }
    setAside = set.manifest.setAside
    self.shortcut = shortcut
    self.version = version
  }

  /// The report's file: JSON with sorted keys, the same text for the same report.
  ///
  /// - Throws: `EncodingError` for a number that is not finite.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
