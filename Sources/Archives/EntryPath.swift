/// The rules a path must pass before anything is written under that name.
enum EntryPath {
  /// The parts of a path that stays inside its folder: "./a//b" gives ["a", "b"]; "./" gives none.
  ///
  /// - Throws: `ArchiveError.unsafePath` for an absolute path, "..", a drive letter, a backslash (a separator
  ///   to some programs and a letter to others), control characters, or a name too long for file systems.
  static func parts(of path: String, archive: String) throws -> [String] {
    func refuse(_ reason: String) -> ArchiveError {
      .unsafePath(archive: archive, entry: path, reason: reason)
    }
    if path.isEmpty { throw refuse("is empty") }
    if path.hasPrefix("/") { throw refuse("is absolute") }
    if path.unicodeScalars.contains("\\") { throw refuse("contains a backslash") }
    if path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw refuse("contains control characters")
    }
    if path.utf8.count > 4000 { throw refuse("is too long") }
    let letters = Array(path.utf8.prefix(2))
    if letters.count == 2, letters[1] == UInt8(ascii: ":"), Character(UnicodeScalar(letters[0])).isLetter {
      throw refuse("begins with a drive letter")
    }
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
    if parts.contains("..") { throw refuse("climbs out of its folder with '..'") }
    if parts.contains(where: { $0.utf8.count > 255 }) { throw refuse("has a part of more than 255 bytes") }
    return parts
  }
}
