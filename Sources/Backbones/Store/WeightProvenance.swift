import Digests
import Foundation

/// Where stored weights came from; kept in the metadata of their file.
public struct WeightProvenance: Sendable, Equatable {
  /// The kind of place the weights came from.
  public enum Source: String, Sendable {
    /// A file or folder that the user named.
    case file
    case officialHost = "official host"
    case pythonPackage = "Python package"
    /// Not fetched: drawn from a seed.
    case drawn = "random draw"
  }

  public let source: Source
  /// The file's name, the address without its query, or the package and its version.
  public let location: String
  /// SHA-256 of the file that was read.
  public let sourceDigest: ContentDigest
  /// How it was read: "keras-hdf5", "keras3-hdf5", "onnx" or "safetensors".
  public let importer: String
  /// ISO 8601, UTC, to the second.
  public let date: String

  /// - Parameter sourceDigest: of the file that was imported, before anything was done to it.
  public init(source: Source, location: String, sourceDigest: ContentDigest, importer: String, date: Date) {
    self.init(
      source: source, location: location, sourceDigest: sourceDigest, importer: importer,
      date: date.formatted(.iso8601))
  }

  private init(source: Source, location: String, sourceDigest: ContentDigest, importer: String, date: String) {
    self.source = source
    self.location = location
    self.sourceDigest = sourceDigest
    self.importer = importer
    self.date = date
  }

  private enum Key {
    static let source = "source"
    static let location = "source_location"
    static let digest = "source_sha256"
    static let importer = "importer"
    static let date = "date"
  }

  var metadata: [String: String] {
    [
      Key.source: source.rawValue, Key.location: location, Key.digest: sourceDigest.hex, Key.importer: importer,
      Key.date: date,
    ]
  }

  init?(metadata: [String: String]) {
    guard let source = metadata[Key.source].flatMap(Source.init(rawValue:)), let location = metadata[Key.location],
      let digest = metadata[Key.digest].flatMap(ContentDigest.init(hex:)), let importer = metadata[Key.importer],
      let date = metadata[Key.date]
    else { return nil }
    self.init(source: source, location: location, sourceDigest: digest, importer: importer, date: date)
  }
}
