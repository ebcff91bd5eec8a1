import Foundation
import MedicalImages
import ParallelWork

/// What an audit of a data set finds in its pictures: copies, series, label conflicts and formats.
public struct DataAudit: Sendable {
  /// The data set that was looked at.
  public let data: DataSet
  /// In rising order of their pictures.
  public let copies: [CopyPair]
  /// Whole groups of copies and of slices that belong together; both sides of each copy are in one.
  public let series: SeriesAssignment
  /// Of each picture.
  public let traits: [FormatTraits]

  /// What the audit is doing, and how far it is.
  public enum Progress: Sendable {
    case copies(CopyFinder.Progress)
    case series(done: Int, total: Int)
  }

  /// Looks at every picture of a data set.
  ///
  /// - Parameters:
  ///   - features: backbone features of each picture; nil compares by hash and structure alone.
  ///   - progress: called from any thread, one call at a time.
  /// - Throws: `MedicalImageError` for a picture that cannot be read any more.
  public init(
    _ data: DataSet, features: [[Float]]? = nil, progress: (@Sendable (Progress) -> Void)? = nil
  ) throws {
    let total = data.count
    let seen = try parallelMap(total, finished: { progress?(.copies(.reading(done: $0, total: total))) }) { index in
      let bytes = try Data(contentsOf: data.url(of: index))
      let (picture, information) = try PictureReader.decode(bytes, name: data.url(of: index).path)
      return (
        PictureFingerprint(picture), FormatTraits(picture, information: information, bytes: [UInt8](bytes))
      )
    }
    self.data = data
    traits = seen.map { $0.1 }
    copies = CopyFinder.pairs(
      of: seen.map { $0.0 }, digests: data.manifest.pictures.map(\.sha256), features: features,
      progress: { progress?(.copies($0)) })
    series = try SeriesFinder.assign(data, copies: copies) { progress?(.series(done: $0, total: $1)) }
  }

  /// Copies whose two sides have different classes: one of them is wrong.
  public var labelConflicts: [CopyPair] { copies.filter { data.labels[$0.first] != data.labels[$0.second] } }

  /// Series with pictures of several classes: possible, since a patient may have several findings, but worth a look.
  public var seriesOfSeveralClasses: [Int] {
    var classes = [Set<Int>](repeating: [], count: series.count)
    for (label, number) in zip(data.labels, series.seriesOf) { classes[number].insert(label) }
    return classes.indices.filter { classes[$0].count > 1 }
  }

  /// Pictures that would be left out if of each set of linked copies one were kept. Slices of a stack are linked from
  /// neighbour to neighbour, so that a set may hold a whole series; leaving out only what is a copy of a picture that is
  /// kept, as the ladder does, takes fewer.
  public var surplusPictures: Int {
    var sets = UnionFind(count: data.count)
    return copies.count { sets.join($0.first, $0.second) }
  }

  /// A picture whose format is unlike that of the others, and how.
  public struct OddPicture: Sendable, Hashable {
    /// How it is unlike the others.
    public enum Reason: Sendable, Hashable {
      /// The picture's own size or mode, and the one that nine in ten have.
      case size(String, usual: String)
      case mode(String, usual: String)
      case tiny(String)
      case narrow(String)
      case coloured
      case black
    }

    /// Index into the manifest's pictures.
    public var picture: Int
    /// How it is unlike the others; a picture with several reasons is listed once for each.
    public var reason: Reason
  }

  /// Pictures of a size or mode that hardly any other has, too small, too narrow, in colour, or without content.
  public var oddPictures: [OddPicture] {
    let records = data.manifest.pictures
    let size = Self.usual(records.map { "\($0.width) x \($0.height)" })
    let mode = Self.usual(records.map(\.mode))
    return records.indices.flatMap { index -> [OddPicture] in
      let record = records[index]
      var reasons: [OddPicture.Reason] = []
      let own = "\(record.width) x \(record.height)"
      if let size, own != size { reasons.append(.size(own, usual: size)) }
      if let mode, record.mode != mode { reasons.append(.mode(record.mode, usual: mode)) }
      if min(record.width, record.height) < 64 { reasons.append(.tiny(own)) }
      if max(record.width, record.height) > 2 * min(record.width, record.height) {
        reasons.append(.narrow(own))
      }
      if traits[index].hasColour { reasons.append(.coloured) }
      if traits[index].isBlack { reasons.append(.black) }
      return reasons.map { OddPicture(picture: index, reason: $0) }
    }
  }

  /// The value that nine in ten have, if there is one.
  private static func usual(_ values: [String]) -> String? {
    let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
    guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value * 10 >= values.count * 9
    else { return nil }
    return most.key
  }

  /// Sizes and modes of one class.
  public struct ClassFormat: Sendable, Codable, Equatable {
    /// The class's name.
    public var className: String
    /// Pictures of the class.
    public var pictures: Int
    /// Series with pictures of the class.
    public var series: Int
    /// How many pictures have each size, such as "512 x 512".
    public var sizes: [String: Int]
    /// How many pictures have each mode, in Pillow's words, such as "L" or "RGB".
    public var modes: [String: Int]
    /// The middle of the files' sizes in bytes; of an even number the upper of the two in the middle.
    public var medianBytes: Int

    enum CodingKeys: String, CodingKey {
      case className = "class"
      case pictures, series, sizes, modes
      case medianBytes = "median_bytes"
    }
  }

  /// One for each class.
  public var classFormats: [ClassFormat] {
    let counts = series.seriesPerClass(labels: data.labels, classes: data.classes.count)
    return data.classes.indices.map { label in
      let records = data.labels.indices.filter { data.labels[$0] == label }.map { data.manifest.pictures[$0] }
      return ClassFormat(
        className: data.classes[label], pictures: records.count, series: counts[label],
        sizes: Dictionary(records.map { ("\($0.width) x \($0.height)", 1) }, uniquingKeysWith: +),
        modes: Dictionary(records.map { ($0.mode, 1) }, uniquingKeysWith: +),
        medianBytes: records.map(\.byteCount).sorted()[records.count / 2])
    }
  }
}
