import Foundation

/// Zip files written byte by byte, so that every field can lie (PKWARE APPNOTE 6.3).
struct HandMadeZip {
  struct Item {
    var name: String
    var content: [UInt8] = []
    /// 0 stored, 8 deflate; then `content` is the deflate stream.
    var method: UInt16 = 0
    var flags: UInt16 = 1 << 11
    /// What the headers declare; nil for the truth of a stored file.
    var declaredSize: UInt32?
    var checksum: UInt32?
    /// Unix mode for the external attributes: 0o120777 is a link.
    var mode: UInt32 = 0o100644
    /// What the local header says instead, where it is to differ.
    var localName: String?
    var localSize: UInt32?
    /// The directory's pointer, where it is to lie.
    var offset: UInt32?
    /// Sizes after the content, zeros in the local header.
    var sizesFollow = false
  }

  var items: [Item]
  /// Added to the directory's count of entries in the end record.
  var countLie = 0
  var comment: [UInt8] = []

  func bytes() -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for item in items {
      let offset = item.offset ?? UInt32(file.count)
      let name = Array(item.name.utf8)
      let localName = Array((item.localName ?? item.name).utf8)
      let checksum = item.checksum ?? crc32(item.content)
      let size = item.declaredSize ?? UInt32(item.content.count)
      let flags = item.flags | (item.sizesFollow ? 8 : 0)
      let common = little(flags, 2) + little(item.method, 2) + little(0, 4)
      let sizes = little(checksum, 4) + little(item.content.count, 4) + little(size, 4)
      let localSizes =
        item.sizesFollow
        ? little(0, 12) : little(checksum, 4) + little(item.content.count, 4) + little(item.localSize ?? size, 4)
      file += little(0x0403_4B50, 4) + little(20, 2) + common + localSizes
      file += little(localName.count, 2) + little(0, 2) + localName + item.content
      if item.sizesFollow { file += little(0x0807_4B50, 4) + sizes }
      directory += little(0x0201_4B50, 4) + little(20, 1) + little(3, 1) + little(20, 2) + common + sizes
      directory += little(name.count, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 2)
      directory += little(item.mode << 16, 4) + little(offset, 4) + name
    }
    let count = items.count + countLie
    let end = little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2)
    return file + directory + end + little(directory.count, 4) + little(file.count, 4)
      + little(comment.count, 2) + comment
  }
}

/// Tar files written byte by byte (POSIX.1-1988 ustar).
struct HandMadeTar {
  struct Item {
    var name: String
    var content: [UInt8] = []
    /// "0" file, "1" hard link, "2" symbolic link, "3" character device, "5" folder, "6" pipe.
    var type: Character = "0"
    var target = ""
    var declaredSize: Int?
  }

  var items: [Item]

  func bytes() -> [UInt8] {
    var file: [UInt8] = []
    for item in items {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, _ at: Int) { header.replaceSubrange(at..<at + text.utf8.count, with: text.utf8) }
      func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: width - digits.count) + digits
      }
      put(item.name, 0)
      put(octal(0o644, 7), 100)
      put(octal(0, 7), 108)
      put(octal(0, 7), 116)
      put(octal(item.declaredSize ?? item.content.count, 11), 124)
      put(octal(0, 11), 136)
      put("        ", 148)
      put(String(item.type), 156)
      put(item.target, 157)
      put("ustar", 257)
      put("00", 263)
      put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", 148)
      file += header + item.content
      file += [UInt8](repeating: 0, count: (512 - item.content.count % 512) % 512)
    }
    return file + [UInt8](repeating: 0, count: 1024)
  }
}

/// A deflate stream (RFC 1951) of `count` zeros at the format's greatest density: one byte, then copies of 258
/// bytes in two bits each.
func deflatedZeros(_ count: Int) -> [UInt8] {
  precondition(count % 258 == 1)
  var bits = BitWriter()
  bits.put(1, 1)  // the last block
  bits.put(2, 2)  // Huffman codes of its own: 286 literals and lengths, 1 distance, 18 code lengths
  bits.put(29, 5)
  bits.put(0, 5)
  bits.put(14, 4)
  // Lengths of the code-length codes in the order 16, 17, 18, 0, 8, ... 15: 18 has one bit; 2 and 1 have two.
  for length: UInt32 in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2] { bits.put(length, 3) }
  func run(_ zeros: UInt32) {
    bits.putCode(0, 1)
    bits.put(zeros - 11, 7)
  }
  bits.putCode(0b11, 2)  // the literal 0 has two bits,
  run(138)
  run(117)
  bits.putCode(0b11, 2)  // the end two,
  run(28)
  bits.putCode(0b10, 2)  // length 258 one,
  bits.putCode(0b10, 2)  // distance 1 one.
  bits.putCode(0b10, 2)
  for _ in 0..<count / 258 { bits.put(0, 2) }
  bits.putCode(0b11, 2)
  return bits.finish()
}

/// `deflate`, the deflate stream of `count` bytes with `checksum`, as a gzip file (RFC 1952).
func gzip(deflate: [UInt8], checksum: UInt32, count: Int) -> [UInt8] {
  [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + deflate + little(checksum, 4) + little(count & 0xFFFF_FFFF, 4)
}

/// A gzip file that holds `content` unpacked ("stored" blocks).
func gzip(_ content: [UInt8]) -> [UInt8] {
  var blocks: [UInt8] = []
  var rest = content[...]
  repeat {
    let piece = rest.prefix(65_535)
    rest = rest.dropFirst(65_535)
    blocks += [rest.isEmpty ? 1 : 0] + little(piece.count, 2) + little(~piece.count & 0xFFFF, 2) + piece
  } while !rest.isEmpty
  return gzip(deflate: blocks, checksum: crc32(content), count: content.count)
}

func little(_ value: some BinaryInteger, _ width: Int) -> [UInt8] {
  (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) >> (8 * UInt64($0))) : 0 }
}

func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(~0) { sum, byte in
    sum >> 8 ^ crcTable[Int((sum ^ UInt32(byte)) & 255)]
  }
}

private let crcTable: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
}

private struct BitWriter {
  private var bytes: [UInt8] = []
  private var pending: UInt32 = 0
  private var width = 0

  /// A number, lowest bit first.
  mutating func put(_ value: UInt32, _ count: Int) {
    pending |= value << UInt32(width)
    width += count
    while width >= 8 {
      bytes.append(UInt8(pending & 255))
      pending >>= 8
      width -= 8
    }
  }

  /// A Huffman code, highest bit first.
  mutating func putCode(_ code: UInt32, _ count: Int) {
    for bit in (0..<count).reversed() { put(code >> UInt32(bit) & 1, 1) }
  }

  func finish() -> [UInt8] { width > 0 ? bytes + [UInt8(pending & 255)] : bytes }
}
