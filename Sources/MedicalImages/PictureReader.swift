import Foundation

/// Reads JPEG and PNG files into pictures whose pixels equal Pillow's.
///
/// The format is told by the content, not by the file's name. Nothing is repaired in silence: a file that its decoder
/// warns about is refused, since a grey lower half would be taken for anatomy. Pillow decodes some such files.
public enum PictureReader {
  /// What the file's header says; pixels are not decoded, hence not checked.
  ///
  /// Kinds that `read` refuses (CMYK, 16 bits) are described here without an error.
  ///
  /// - Throws: `MedicalImageError`, if the file cannot be read, is no JPEG or PNG, ends within its header, or exceeds a
  ///   limit.
  public static func information(of url: URL, limits: PictureLimits = .init()) throws -> PictureInformation {
    try header(of: contents(of: url, limits: limits), name: url.path, limits: limits)
  }

  /// The same for content in memory, which errors call `name`.
  public static func information(
    of data: Data, name: String, limits: PictureLimits = .init()
  ) throws -> PictureInformation {
    try header(of: checked(data, name: name, limits: limits), name: name, limits: limits)
  }

  /// Decodes a file.
  ///
  /// - Returns: the picture, with one channel where the file is grey ("1", "L", "LA"), else three; transparency is
  ///   dropped as by Pillow's `convert("RGB")`, an EXIF rotation is not applied; and what the header says.
  /// - Throws: `MedicalImageError`; its cases say when.
  public static func read(
    _ url: URL, limits: PictureLimits = .init()
  ) throws -> (picture: Picture, information: PictureInformation) {
    try decode(contents(of: url, limits: limits), name: url.path, limits: limits)
  }

  /// The same for content in memory, which errors call `name`.
  public static func decode(
    _ data: Data, name: String, limits: PictureLimits = .init()
  ) throws -> (picture: Picture, information: PictureInformation) {
    try decode(checked(data, name: name, limits: limits), name: name, limits: limits)
  }

  // MARK: -

  private static func header(of bytes: [UInt8], name: String, limits: PictureLimits) throws -> PictureInformation {
    switch try format(of: bytes, name: name) {
    case .jpeg: try JPEGStream(bytes, name: name, limits: limits, extent: .header).information
    case .png: try PNGStream(bytes, name: name, limits: limits, extent: .header).information
    }
  }

  private static func decode(
    _ bytes: [UInt8], name: String, limits: PictureLimits
  ) throws -> (picture: Picture, information: PictureInformation) {
    switch try format(of: bytes, name: name) {
    case .jpeg: try decodeJPEG(bytes, name: name, limits: limits)
    case .png: try decodePNG(bytes, name: name, limits: limits)
    }
  }

  private static func format(of bytes: [UInt8], name: String) throws -> PictureFormat {
    if bytes.starts(with: JPEGStream.signature) { return .jpeg }
    if bytes.starts(with: PNGStream.signature) { return .png }
    throw MedicalImageError.notAPicture(name: name, content: describeContent(bytes))
  }

  private static func checked(_ data: Data, name: String, limits: PictureLimits) throws -> [UInt8] {
    guard data.count <= limits.maximumFileBytes else {
      throw MedicalImageError.fileTooLarge(name: name, bytes: data.count, limit: limits.maximumFileBytes)
    }
    return [UInt8](data)
  }

  /// Reads a regular file whole. A device or a pipe, which could block or never end, is refused.
  private static func contents(of url: URL, limits: PictureLimits) throws -> [UInt8] {
    let name = url.path
    // O_NONBLOCK: opening a pipe without a writer must not wait for one.
    let descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw MedicalImageError.unreadable(name: name, reason: systemReason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw MedicalImageError.unreadable(name: name, reason: systemReason())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw MedicalImageError.unreadable(
        name: name, reason: status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a regular file")
    }
    let size = Int(status.st_size)
    guard size <= limits.maximumFileBytes else {
      throw MedicalImageError.fileTooLarge(name: name, bytes: size, limit: limits.maximumFileBytes)
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Foundation.read(descriptor, buffer.baseAddress! + count, size - count)
        if got < 0 {
          if errno == EINTR { continue }
          throw MedicalImageError.unreadable(name: name, reason: systemReason())
        }
        if got == 0 { break }  // the file was shortened meanwhile; decoding will say so
        count += got
      }
    }
  }

  private static func systemReason() -> String { String(cString: strerror(errno)) }
}
