import Foundation
import LocalFiles

/// How one picture of a synthetic hospital was made.
public struct SyntheticSlice: Codable, Hashable, Sendable {
  /// As in the manifest.
  public var path: String
  public var patient: Int
  public var finding: SyntheticFinding
  public var site: SyntheticSite
  public var plane: SlicePlane
  /// In mm; see `SyntheticPatient.slice`.
  public var position: Float
  /// In pixels.
  public var size: SliceSize
  /// Whether text, a ruler and an arrow are burned in.
  public var isMarked: Bool

  /// The patient as he was drawn, from whom the finding's mask can be had.
  public func drawnPatient(seed: UInt64) -> SyntheticPatient {
    SyntheticPatient(seed: seed, number: patient, finding: finding, site: site)
  }
}

/// How all pictures of a synthetic hospital were made, copies aside; beside the manifest.
public struct SyntheticSliceList: Codable, Equatable, Sendable {
  public static let fileName = "synthetic-slices.json"

  public var format = 1
  public var seed: UInt64
  /// In the order of classes and numbers.
  public var slices: [SyntheticSlice]

  public init(seed: UInt64, slices: [SyntheticSlice]) {
    self.seed = seed
    self.slices = slices
  }

  /// - Throws: `LocalFileError.cannotRead` if there is none, `KidneyDataError.invalidManifest` if it is damaged.
  public static func load(from folder: URL) throws -> SyntheticSliceList {
    try SyntheticRecords.load(from: folder.appending(path: fileName))
  }
}

/// A picture planted in a synthetic hospital that repeats another one.
public struct PlantedCopy: Codable, Hashable, Sendable {
  /// How a copy differs from what it repeats.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Byte for byte.
    case exact
    /// Byte for byte, under another class.
    case conflicting
    /// Encoded again, at another quality.
    case reencoded
    case resized
    /// A few percent of each side cut off.
    case cropped
    /// Left and right exchanged.
    case flipped
    case brightened
  }

  /// As in the manifest.
  public var path: String
  /// The path of the picture it repeats.
  public var copyOf: String
  public var kind: Kind
}

/// All planted copies of a synthetic hospital: the truth that an audit is measured against.
public struct PlantedCopyList: Codable, Equatable, Sendable {
  public static let fileName = "copies.json"

  public var format = 1
  public var copies: [PlantedCopy]

  public init(copies: [PlantedCopy]) { self.copies = copies }

  /// - Throws: `LocalFileError.cannotRead` if there is none, `KidneyDataError.invalidManifest` if it is damaged.
  public static func load(from folder: URL) throws -> PlantedCopyList {
    try SyntheticRecords.load(from: folder.appending(path: fileName))
  }
}

/// JSON files beside a synthetic hospital's manifest.
enum SyntheticRecords {
  static func load<Record: Decodable>(from url: URL) throws -> Record {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw LocalFileError.cannotRead(path: url.path, reason: error.localizedDescription)
    }
    do {
      return try JSONDecoder().decode(Record.self, from: data)
    } catch {
      throw KidneyDataError.invalidManifest(path: url.path, reason: "it is not JSON of the expected shape")
    }
  }

  static func save(_ record: some Encodable, to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(record), to: url)
  }
}
