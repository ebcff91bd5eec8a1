import Foundation

/// The bytes of a tar archive of regular files (POSIX ustar, short names only).
func tarArchive(_ files: [(path: String, content: Data)]) -> Data {
  var archive = Data()
  for (path, content) in files {
    precondition(path.utf8.count < 100)
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    func octal(_ number: Int, digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(path, at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(content.count, digits: 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6), at: 148)
    header[154] = 0
    archive += header
    archive += content
    archive += Data(count: (512 - content.count % 512) % 512)
  }
  return archive + Data(count: 1024)
}
