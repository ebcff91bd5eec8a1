/// The file formats that are read and written.
public enum PictureFormat: String, Codable, Sendable {
  case jpeg, png
}

/// What a picture file's header says.
public struct PictureInformation: Sendable, Hashable, Codable {
  public var format: PictureFormat
  /// In pixels.
  public var width: Int
  /// In pixels.
  public var height: Int
  /// The stored kind of pixel by Pillow's names: "L" grey, "RGB", "1" black and white, "P" palette, "LA" and "RGBA"
  /// with transparency, "CMYK", "I;16" 16-bit grey. Deeper pixels that Pillow would cut to 8 bits without a word have
  /// the depth appended: "RGB;16", "LA;16", "RGBA;16", "L;12", "RGB;12".
  public var mode: String

  public init(format: PictureFormat, width: Int, height: Int, mode: String) {
    self.format = format
    self.width = width
    self.height = height
    self.mode = mode
  }
}

/// How much a picture file may ask of this machine. Checked against the header, before anything is allocated for
/// pixels.
///
/// Decoding takes at most about 10 bytes of memory for each pixel of `maximumPixels` (a progressive JPEG keeps all its
/// coefficients), twice the file's size on top.
public struct PictureLimits: Sendable, Hashable {
  /// Width times height.
  public var maximumPixels: Int
  /// In bytes.
  public var maximumFileBytes: Int
  /// Scans of one JPEG; usual progressive ones have about ten. Each scan costs a pass over the whole picture even if it
  /// takes a few bytes in the file, so that a small file could keep a processor busy for minutes.
  public var maximumScans: Int

  public init(maximumPixels: Int = 64_000_000, maximumFileBytes: Int = 256 << 20, maximumScans: Int = 100) {
    self.maximumPixels = maximumPixels
    self.maximumFileBytes = maximumFileBytes
    self.maximumScans = maximumScans
  }
}
