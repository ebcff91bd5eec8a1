import Foundation

/// A zip archive of files that are stored as they are, without compression: what programs expect of containers whose
/// content does not compress.
public enum ZipWriter {
  /// The archive's bytes. The same files make the same bytes: every entry is dated 1980-01-01, the format's first day.
  ///
  /// - Parameter files: in their order; together less than 4 GiB.
  public static func stored(_ files: [(name: String, content: Data)]) -> Data {
    precondition(files.reduce(0) { $0 + $1.content.count + 256 } < Int(UInt32.max), "a zip archive without 64-bit fields")
    var archive = Data()
    var directory = Data()
    for (name, content) in files {
      let offset = archive.count
      // Version 2.0, UTF-8 names, stored, time and date, checksum, sizes, lengths of the name and of nothing.
      var fields = Data()
      for number in [20, 1 << 11, 0, 0, 0x21] { fields.append(number, bytes: 2) }
      for number in [Int(checksum(of: content)), content.count, content.count] { fields.append(number, bytes: 4) }
      for number in [name.utf8.count, 0] { fields.append(number, bytes: 2) }
      archive.append(0x0403_4b50, bytes: 4)
      archive.append(fields)
      archive.append(contentsOf: name.utf8)
      archive.append(content)
      directory.append(0x0201_4b50, bytes: 4)
      directory.append(20, bytes: 2)
      directory.append(fields)
      // No comment, first disk, no attributes.
      for number in [0, 0, 0] { directory.append(number, bytes: 2) }
      for number in [0, offset] { directory.append(number, bytes: 4) }
      directory.append(contentsOf: name.utf8)
    }
    let start = archive.count
    archive.append(directory)
    archive.append(0x0605_4b50, bytes: 4)
    for number in [0, 0, files.count, files.count] { archive.append(number, bytes: 2) }
    for number in [directory.count, start] { archive.append(number, bytes: 4) }
    archive.append(0, bytes: 2)
    return archive
  }

  /// CRC-32 of the format (polynomial 0xEDB88320, reflected).
  static func checksum(of data: Data) -> UInt32 {
    ~data.reduce(~0) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xff)] ^ sum >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }
}

extension Data {
  /// Little-endian.
  fileprivate mutating func append(_ number: Int, bytes: Int) {
    for index in 0..<bytes { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}
