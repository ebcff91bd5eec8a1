/// What can go wrong with a picture. `name` is the file's path, or what the caller calls the data.
public enum MedicalImageError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened or read, or is no regular file.
  case unreadable(name: String, reason: String)
  case fileTooLarge(name: String, bytes: Int, limit: Int)
  /// The content is neither JPEG nor PNG, whatever the file's name says.
  case notAPicture(name: String, content: String)
  case tooManyPixels(name: String, width: Int, height: Int, limit: Int)
  /// A JPEG of more scans than any honest one.
  case tooManyScans(name: String, limit: Int)
  /// A kind of picture that is not read, such as CMYK or 16 bits.
  case unsupported(name: String, mode: String, reason: String)
  /// The file ends before its picture does.
  case truncated(name: String)
  /// The content contradicts itself.
  case damaged(name: String, reason: String)
  /// A setting out of its range.
  case invalidSetting(key: String, value: String, allowed: String)
  /// The picture cannot be written in this format.
  case cannotEncode(format: PictureFormat, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let name, let reason):
      "Cannot read the picture '\(name)': \(reason)."
    case .fileTooLarge(let name, let bytes, let limit):
      "'\(name)' has \(bytes) bytes, more than the \(limit) allowed for a picture. Is it really a single slice?"
    case .notAPicture(let name, let content):
      "'\(name)' is neither a JPEG nor a PNG picture: it holds \(content). "
        + "Convert it to 8-bit PNG or JPEG, or take it out of the folder."
    case .tooManyPixels(let name, let width, let height, let limit):
      "'\(name)' says it is \(width) x \(height) pixels, more than the \(limit) pixels allowed. "
        + "If that is really so, scale it down first; a CT slice is about 512 x 512."
    case .tooManyScans(let name, let limit):
      "'\(name)' is a JPEG of more than \(limit) scans, which no camera or scanner writes. "
        + "Do not trust where it came from; take it out of the folder."
    case .unsupported(let name, let mode, let reason):
      "'\(name)' is a picture of the kind \(mode): \(reason)."
    case .truncated(let name):
      "'\(name)' is cut short: the file ends before its picture does. Fetch or copy it again."
    case .damaged(let name, let reason):
      "'\(name)' is damaged (\(reason)). Fetch or copy it again; its pixels cannot be trusted."
    case .invalidSetting(let key, let value, let allowed):
      "\(key) is \(value); allowed is \(allowed)."
    case .cannotEncode(let format, let reason):
      "The picture cannot be written as \(format.rawValue.uppercased()): \(reason)."
    }
  }
}
