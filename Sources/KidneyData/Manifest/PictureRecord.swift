import Digests
import Foundation

/// One picture of a data set, as its manifest lists it.
public struct PictureRecord: Codable, Hashable, Sendable {
  /// Relative to the data set's folder, with "/" between its parts, such as "Normal/Normal- (1).jpg".
  public var path: String
  public var className: String
  /// The file's size in bytes.
  public var byteCount: Int
  /// Of the file's bytes.
  public var sha256: ContentDigest
  /// In pixels.
  public var width: Int
  /// In pixels.
  public var height: Int
  /// How the file stores its pixels, in Pillow's words: "L", "RGB", ...
  public var mode: String
  /// Whom the picture shows, where that is known: a pseudonym that is unique in the data set.
  public var patient: String?
  /// The hospital or scanner it came from, where that is known.
  public var site: String?
  /// The path of the picture this one is known to be a copy of, exact or encoded again.
  public var copyOf: String?

  public init(
    path: String, className: String, byteCount: Int, sha256: ContentDigest, width: Int, height: Int, mode: String,
    patient: String? = nil, site: String? = nil, copyOf: String? = nil
  ) {
    self.path = path
    self.className = className
    self.byteCount = byteCount
    self.sha256 = sha256
    self.width = width
    self.height = height
    self.mode = mode
    self.patient = patient
    self.site = site
    self.copyOf = copyOf
  }
}

/// A file that was found but is not part of the data set, and why.
public struct SetAside: Codable, Hashable, Sendable {
  /// Relative to where it was found.
  public var path: String
  /// A sentence for the user.
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}
