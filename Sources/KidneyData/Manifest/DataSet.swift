import Foundation

/// A folder of pictures together with its manifest.
public struct DataSet: Sendable {
  /// The folder that the manifest's paths are relative to.
  public let root: URL
  public let manifest: DataManifest
  /// The class of each picture, as an index into `classes`.
  public let labels: [Int]
  /// The names of the folders this one was joined from; empty for a folder of its own.
  let joinedFrom: [String]

  public var classes: [String] { manifest.classes }
  /// The number of pictures.
  public var count: Int { manifest.pictures.count }

  public init(root: URL, manifest: DataManifest) { self.init(root: root, manifest: manifest, joinedFrom: []) }

  init(root: URL, manifest: DataManifest, joinedFrom: [String]) {
    self.joinedFrom = joinedFrom
    self.root = root
    self.manifest = manifest
    let indices = Dictionary(uniqueKeysWithValues: manifest.classes.enumerated().map { (CodePointKey($1), $0) })
    labels = manifest.pictures.map { picture in
      guard let index = indices[CodePointKey(picture.className)] else {
        preconditionFailure("a valid manifest lists the class of every picture")
      }
      return index
    }
  }

  /// The file of a picture.
  public func url(of index: Int) -> URL {
    root.appending(path: manifest.pictures[index].path)
  }
}
