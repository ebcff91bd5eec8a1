import Evaluation
import Foundation
import KidneyData
import MedicalImages

/// How several data sets became one for a ladder, and whether a classifier can still tell them apart.
public struct LadderJoin: Codable, Equatable, Sendable {
  public struct Part: Codable, Equatable, Sendable {
    public var name: String
    public var dataDigest: String
    public var pictures: Int

    enum CodingKeys: String, CodingKey {
      case name, pictures
      case dataDigest = "data_digest"
    }
  }

  public var parts: [Part]
  /// Whether classes that not every part has were left out.
  public var isOfCommonClasses: Bool
  /// The classes that not every part has, though they are there.
  public var partialClasses: [String]
  /// Of every picture, so that sizes and colour modes differ no more.
  public var preprocessing: String
  /// AUC of the ladder's classifier on unseen series, asked which part a picture is of, among the classes of all parts.
  public var origin: Metric?
  /// Why there is none.
  public var originReason: String?

  enum CodingKeys: String, CodingKey {
    case parts, preprocessing, origin
    case isOfCommonClasses = "of_common_classes"
    case partialClasses = "partial_classes"
    case originReason = "origin_reason"
  }
}

/// Data sets that are looked at as one: classes of one name are one class.
struct JoinedData {
  let data: DataSet
  /// Which of the sets each picture came from, in the order they were given.
  let origin: [Int]
  /// Which part a picture came from is not to be learned from these.
  var join: LadderJoin

  /// - Parameters:
  ///   - sets: with folders of their own, none in another one.
  ///   - onlyCommon: leaves out classes that not every set has.
  /// - Returns: nil if fewer than two classes are left.
  /// - Throws: `KidneyDataError` as `DataSet.joined`.
  init?(_ sets: [DataSet], onlyCommon: Bool, preprocessing: PreprocessingSpecification) throws {
    let everywhere = sets.dropFirst().reduce(Set(sets[0].classes)) { $0.intersection($1.classes) }
    let parts = try sets.map { set in
      guard onlyCommon else { return set }
      return DataSet(
        root: set.root,
        manifest: try DataManifest(
          source: set.manifest.source, selection: set.manifest.selection, sourceDigest: set.manifest.sourceDigest,
          pictures: set.manifest.pictures.filter { everywhere.contains($0.className) }, setAside: set.manifest.setAside)
      )
    }
    if onlyCommon, everywhere.count < 2 { return nil }
    data = try DataSet.joined(parts)
    let places = Dictionary(
      parts.enumerated().flatMap { number, part in
        part.manifest.pictures.indices.map {
          (part.url(of: $0).standardizedFileURL.resolvingSymlinksInPath().path, number)
        }
      }, uniquingKeysWith: { first, _ in first })
    let joined = data
    origin = joined.manifest.pictures.indices.map {
      places[joined.url(of: $0).standardizedFileURL.resolvingSymlinksInPath().path] ?? 0
    }
    join = LadderJoin(
      parts: zip(sets, parts).map { set, part in
        .init(name: set.root.lastPathComponent, dataDigest: set.manifest.digest.hex, pictures: part.count)
      }, isOfCommonClasses: onlyCommon, partialClasses: data.classes.filter { !everywhere.contains($0) },
      preprocessing: preprocessing.identity)
  }
}

extension PreprocessingSpecification {
  /// The same with every picture made grey and first brought to the smallest of the sets' most frequent sizes, so that
  /// neither colours nor size nor sharpness of a file tells which set it is of, as far as that can be done.
  func neutral(for sets: [DataSet]) -> PreprocessingSpecification {
    let usual = sets.compactMap { set in
      var counts: [[Int]: Int] = [:]
      for picture in set.manifest.pictures { counts[[picture.height, picture.width], default: 0] += 1 }
      return counts.max { ($0.value, $1.key[0], $1.key[1]) < ($1.value, $0.key[0], $0.key[1]) }?.key
    }
    guard let smallest = usual.min(by: { ($0[0] * $0[1], $0[0]) < ($1[0] * $1[1], $1[0]) }) else { return self }
    return PreprocessingSpecification(
      height: height, width: width, resampling: resampling, scaling: scaling, colors: .grey,
      common: .init(height: smallest[0], width: smallest[1], resampling: .lanczos))
  }
}
