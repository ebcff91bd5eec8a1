import Foundation

/// The MD5 digest by which DVC names files and folders in `dvc.lock`. For comparison with DVC's figures alone: MD5
/// proves nothing against somebody who means harm.
public struct DVCDigest: Equatable, Sendable, CustomStringConvertible {
  /// 32 lower-case hexadecimal digits; a folder's have `.dir` behind.
  public let description: String

  /// - Throws: Foundation's error if something cannot be read.
  public init(of url: URL) throws {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    guard isFolder.boolValue else {
      description = try md5Hex(ofFile: url)
      return
    }
    // As DVC's data index: a JSON list of the files' digests and names, in the order of the names' code points.
    let names = (FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []).filter {
      FileManager.default.fileExists(atPath: url.appending(path: $0).path, isDirectory: &isFolder) && !isFolder.boolValue
    }
    let entries = try names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { name in
      "{\"md5\": \"\(try md5Hex(ofFile: url.appending(path: name)))\", \"relpath\": \"\(Self.escaped(name))\"}"
    }
    let text = "[" + entries.joined(separator: ", ") + "]"
    description = md5Hex(of: Data(text.utf8)) + ".dir"
  }

  /// A JSON text's inside in ASCII, as Python writes it.
  private static func escaped(_ name: String) -> String {
    name.utf16.map { unit in
      switch unit {
      case 0x22: "\\\""
      case 0x5C: "\\\\"
      case 0x20..<0x7F: String(UnicodeScalar(UInt8(unit)))
      default: "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
      }
    }.joined()
  }
}
