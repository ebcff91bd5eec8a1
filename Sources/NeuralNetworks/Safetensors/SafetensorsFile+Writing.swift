import Foundation
import LocalFiles

extension SafetensorsFile {
  /// Writes a safetensors file, whole or not at all.
  ///
  /// The bytes depend on nothing but names, tensors and metadata: tensors are ordered by name, metadata by key, and the
  /// header is padded with blanks so that the tensors begin at a multiple of 8 bytes, all as the format's reference
  /// writer does. Tensors are written one after the other, not gathered in memory first.
  ///
  /// - Parameters:
  ///   - tensors: in any order; written as F32.
  ///   - metadata: texts about them.
  /// - Returns: the size of the file, in bytes.
  /// - Throws: `NeuralNetworkError.cannotEncode` if a name comes twice or is reserved, or the header would be longer
  ///   than the format allows; `LocalFileError` if writing fails.
  @discardableResult
  public static func write(
    to url: URL, tensors: [(name: String, tensor: Tensor)], metadata: [String: String]
  ) throws -> Int {
    let ordered = tensors.sorted { inCodePointOrder($0.name, $1.name) }
    let header = try header(of: ordered, metadata: metadata, path: url.path)
    var size = header.count
    try AtomicFile.write(to: url) { file in
      try file.append(header)
      for (_, tensor) in ordered {
        try tensor.withUnsafeValues { try file.append(UnsafeRawBufferPointer($0)) }
        size += tensor.count * MemoryLayout<Float>.stride
      }
    }
    return size
  }

  /// The length and the padded JSON.
  private static func header(
    of tensors: [(name: String, tensor: Tensor)], metadata: [String: String], path: String
  ) throws -> Data {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { inCodePointOrder($0.key, $1.key) }.map { quoted($0.key) + ":" + quoted($0.value) }
      members.append(quoted(SafetensorsHeader.metadataKey) + ":{" + texts.joined(separator: ",") + "}")
    }
    var end = 0
    var names: Set<String> = []
    for (name, tensor) in tensors {
      guard name != SafetensorsHeader.metadataKey else {
        throw NeuralNetworkError.cannotEncode(path: path, reason: "a tensor cannot be named '\(name)'")
      }
      guard names.insert(name).inserted else {
        throw NeuralNetworkError.cannotEncode(path: path, reason: "two tensors are named '\(name)'")
      }
      let start = end
      end += tensor.count * MemoryLayout<Float>.stride
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        quoted(name) + ":{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var json = Data("{\(members.joined(separator: ","))}".utf8)
    json.append(Data(repeating: 0x20, count: (8 - json.count % 8) % 8))
    guard json.count <= SafetensorsHeader.longest else {
      throw NeuralNetworkError.cannotEncode(
        path: path,
        reason: "its header would be \(json.count) bytes long, and \(SafetensorsHeader.longest) are allowed")
    }
    var header = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    header.append(json)
    return header
  }

  /// A JSON text, escaped no more than it must be.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{08}": quoted += "\\b"
      case "\u{0C}": quoted += "\\f"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{00}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
