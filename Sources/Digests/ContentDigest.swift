import Crypto
import Foundation

/// The SHA-256 digest of some content: its address, and the proof that it has not changed.
public struct ContentDigest: Hashable, Sendable, Codable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  /// A digest that was written down.
  ///
  /// - Parameter hex: 64 hexadecimal digits; upper case is accepted.
  /// - Returns: nil if it is anything else.
  public init?(hex: String) {
    guard hex.utf8.count == 64, hex.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
    self.hex = hex.lowercased()
  }

  /// The digest of bytes in memory.
  ///
  /// - Parameter data: of any length, none included.
  public init(of data: some DataProtocol) {
    hex = SHA256.hash(data: data).lowercaseHex
  }

  /// The digest of a text's UTF-8 bytes.
  public init(of text: String) {
    self.init(of: Data(text.utf8))
  }

  /// The digest of a file, read in pieces of 1 MiB.
  ///
  /// - Throws: Foundation's error if the file cannot be opened or read.
  public init(ofFile url: URL) throws {
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    var hasher = StreamingDigest()
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hasher.update(piece) }
    self = hasher.finalize()
  }

  fileprivate init(uncheckedHex: String) { hex = uncheckedHex }

  /// The first twelve digits, enough to tell digests apart in a message.
  public var short: String { String(hex.prefix(12)) }
  public var description: String { hex }

  /// Reads the digits as a single text.
  ///
  /// - Throws: `DecodingError` if it is not 64 hexadecimal digits.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let digest = ContentDigest(hex: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not a SHA-256 digest of 64 hexadecimal digits")
    }
    self = digest
  }

  /// Writes the digits as a single text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}

/// A digest of content that arrives in pieces.
public struct StreamingDigest: Sendable {
  private var hasher = SHA256()

  /// The digest of nothing yet.
  public init() {}

  /// Appends bytes.
  public mutating func update(_ piece: some DataProtocol) { hasher.update(data: piece) }

  /// Appends bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) { hasher.update(bufferPointer: bytes) }

  /// The digest of everything given so far.
  public func finalize() -> ContentDigest {
    ContentDigest(uncheckedHex: hasher.finalize().lowercaseHex)
  }
}

/// MD5, only to compare with a published MD5: it proves nothing against a forger.
///
/// - Returns: 32 lower-case hexadecimal digits.
/// - Throws: Foundation's error if the file cannot be opened or read.
public func md5Hex(ofFile url: URL) throws -> String {
  let handle = try FileHandle(forReadingFrom: url)
  defer { try? handle.close() }
  var hasher = Insecure.MD5()
  while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hasher.update(data: piece) }
  return hasher.finalize().lowercaseHex
}

/// The same of some content.
func md5Hex(of data: some DataProtocol) -> String { Insecure.MD5.hash(data: data).lowercaseHex }

extension Digest {
  fileprivate var lowercaseHex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in self { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
