import Digests
import Foundation
import LocalFiles

/// What a data set consists of: every picture with its class, size and digest, and every file set aside.
///
/// Stored as JSON beside the class folders. Whatever is computed later (series, splits, features) names pictures by
/// their index in `pictures`, and is bound to the data set by `digest`.
public struct DataManifest: Codable, Equatable, Sendable {
  /// The manifest's name in the data set's folder.
  public static let fileName = "nefro-manifest.json"
  /// The only format there is so far.
  public static let currentFormat = 1

  public let format: Int
  /// Where the pictures came from, in the user's words: a folder, an archive, a link.
  public let source: String
  /// Which part of the source was taken; nil means all of it.
  public let selection: PictureSelection?
  /// Of everything the source offered, before any selection; by it the same source is recognised.
  public let sourceDigest: ContentDigest?
  /// In code-point order; a label is an index into it.
  public let classes: [String]
  /// Sorted by path, by code points.
  public let pictures: [PictureRecord]
  /// Sorted by path, by code points.
  public let setAside: [SetAside]

  /// Sorts what it is given.
  ///
  /// - Throws: `KidneyDataError.invalidManifest` if a path is not a plain relative one or occurs twice, if a class
  ///   name is no folder's name, or if a size is not positive.
  public init(
    source: String, selection: PictureSelection? = nil, sourceDigest: ContentDigest? = nil,
    pictures: [PictureRecord], setAside: [SetAside] = []
  ) throws {
    format = Self.currentFormat
    self.source = source
    self.selection = selection
    self.sourceDigest = sourceDigest
    self.pictures = pictures.sorted { precedesByCodePoints($0.path, $1.path) }
    self.setAside = setAside.sorted { precedesByCodePoints($0.path, $1.path) }
    classes = Self.classes(of: pictures)
    try validate(name: Self.fileName)
  }

  /// Of path, class, content and patient of every picture: two data sets with the same digest train the same model.
  ///
  /// It does not cover where the data came from nor what was set aside.
  public var digest: ContentDigest {
    var digest = StreamingDigest()
    for picture in pictures {
      for field in [picture.path, picture.className, picture.sha256.hex, picture.patient ?? ""] {
        digest.update(Data(field.utf8))
        digest.update(Data([0]))
      }
    }
    return digest.finalize()
  }

  /// Reads the manifest of a data set's folder.
  ///
  /// - Throws: `LocalFileError.cannotRead` without one, `KidneyDataError.invalidManifest` if it is damaged.
  public static func load(from folder: URL) throws -> DataManifest {
    let url = folder.appending(path: fileName)
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw LocalFileError.cannotRead(path: url.path, reason: error.localizedDescription)
    }
    return try decode(data, name: url.path)
  }

  /// - Parameter name: what an error calls the data.
  package static func decode(_ data: Data, name: String) throws -> DataManifest {
    let manifest: DataManifest
    do {
      let header = try JSONDecoder().decode(Header.self, from: data)
      guard header.format == currentFormat else {
        throw KidneyDataError.invalidManifest(
          path: name, reason: "its format is \(header.format), this version of nefro reads \(currentFormat)")
      }
      manifest = try JSONDecoder().decode(DataManifest.self, from: data)
    } catch let error as DecodingError {
      throw KidneyDataError.invalidManifest(path: name, reason: Self.explain(error))
    }
    try manifest.validate(name: name)
    return manifest
  }

  /// Writes the manifest into a data set's folder, whole or not at all.
  public func save(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self), to: folder.appending(path: Self.fileName))
  }

  private struct Header: Decodable { let format: Int }

  private static func classes(of pictures: [PictureRecord]) -> [String] {
    var seen: Set<CodePointKey> = []
    return pictures.map(\.className).filter { seen.insert(CodePointKey($0)).inserted }.sorted(by: precedesByCodePoints)
  }

  /// A manifest may come from an archive made elsewhere, so nothing in it is taken on trust.
  private func validate(name: String) throws {
    func refuse(_ reason: String) -> KidneyDataError { .invalidManifest(path: name, reason: reason) }
    var previous: String?
    for picture in pictures {
      guard Self.isPlainRelative(picture.path) else { throw refuse("'\(picture.path)' is not a path below its folder") }
      guard Self.isPlainRelative(picture.className), !picture.className.utf8.contains(UInt8(ascii: "/")) else {
        throw refuse("'\(picture.className)' of '\(picture.path)' is no class name")
      }
      guard picture.byteCount > 0, picture.width > 0, picture.height > 0 else {
        throw refuse("a size of '\(picture.path)' is not positive")
      }
      if let previous {
        guard !isSameByCodePoints(previous, picture.path) else { throw refuse("'\(picture.path)' occurs twice") }
        guard precedesByCodePoints(previous, picture.path) else {
          throw refuse("its pictures are not sorted: '\(picture.path)' comes after '\(previous)'")
        }
      }
      previous = picture.path
    }
    let expected = Self.classes(of: pictures)
    guard classes.count == expected.count, zip(classes, expected).allSatisfy(isSameByCodePoints) else {
      throw refuse("its classes are \(classes), those of its pictures \(expected)")
    }
  }

  /// Split by bytes: to Swift's characters a "/" before a combining accent is no "/".
  private static func isPlainRelative(_ path: String) -> Bool {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return !path.utf8.contains(0)
      && parts.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }

  private static func explain(_ error: DecodingError) -> String {
    func at(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    return switch error {
    case .keyNotFound(let key, let context):
      "'\(key.stringValue)' is missing" + (context.codingPath.isEmpty ? "" : " in \(at(context))")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      (context.codingPath.isEmpty ? "it is not JSON of the expected shape" : "'\(at(context))' is wrong")
        + " (\(context.debugDescription))"
    @unknown default: "it cannot be decoded"
    }
  }
}

/// Which pictures of a source were taken.
public struct PictureSelection: Codable, Hashable, Sendable {
  /// Only these classes; nil for all.
  public var classes: [String]?
  /// So many pictures of each class at most, drawn with `seed`; nil for all.
  public var picturesPerClass: Int?
  public var seed: UInt64

  public init(classes: [String]? = nil, picturesPerClass: Int? = nil, seed: UInt64 = 0) {
    self.classes = classes
    self.picturesPerClass = picturesPerClass
    self.seed = seed
  }
}
