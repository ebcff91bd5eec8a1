/// The header of a safetensors file, read and checked against the size of the whole file.
///
/// The format (github.com/huggingface/safetensors): 8 bytes with the length `N` of the header, little-endian; `N`
/// bytes of JSON, padded with blanks; the tensors' bytes. Checked as its reference reader does, and where that is
/// lenient, stricter: the length is at most 100 MB and lies inside the file; the JSON begins with `{`, has no key
/// twice, no unknown field and nothing behind its end; each tensor has a known type and as many bytes as its shape
/// says; the tensors fill the rest of the file from its first byte to its last without a gap or an overlap.
package struct SafetensorsHeader: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let type: SafetensorsElementType
    package let shape: [Int]
    /// Counted from the end of the header.
    package let bytes: Range<Int>
  }

  package let metadata: [String: String]
  package let entries: [String: Entry]
  /// Where the tensors' bytes begin in the file.
  package let dataStart: Int

  /// No header may be longer, as in the reference reader.
  static let longest = 100_000_000
  /// The key that is no tensor.
  static let metadataKey = "__metadata__"

  /// - Parameters:
  ///   - file: the bytes of the whole file.
  ///   - path: for errors.
  /// - Throws: `NeuralNetworkError.invalidSafetensors` saying what is wrong.
  package init(of file: UnsafeRawBufferPointer, path: String) throws {
    func invalid(_ reason: String) -> NeuralNetworkError { .invalidSafetensors(path: path, reason: reason) }
    guard file.count >= 8 else { throw invalid("it has \(file.count) bytes, and the header's length alone takes 8") }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= Self.longest else {
      throw invalid("its header would be \(length) bytes long, and \(Self.longest) are allowed")
    }
    guard Int(length) <= file.count - 8 else {
      throw invalid("its header would be \(length) bytes long, and the file has \(file.count)")
    }
    dataStart = 8 + Int(length)
    let json = UnsafeRawBufferPointer(rebasing: file[8..<dataStart])
    guard json.first == UInt8(ascii: "{") else { throw invalid("its header does not begin with '{'") }
    do throws(HeaderScanner.Failure) {
      (metadata, entries) = try Self.parse(json)
    } catch {
      throw invalid("\(error.reason), at byte \(8 + error.position)")
    }
    try Self.check(entries, dataCount: file.count - dataStart, invalid)
  }

  private static func parse(
    _ json: UnsafeRawBufferPointer
  ) throws(HeaderScanner.Failure) -> (metadata: [String: String], entries: [String: Entry]) {
    var metadata: [String: String]?
    var entries: [String: Entry] = [:]
    var scanner = HeaderScanner(json)
    try scanner.object { scanner, key throws(HeaderScanner.Failure) in
      if key == metadataKey {
        guard metadata == nil else { throw scanner.failure("'\(key)' is given twice") }
        metadata = try texts(&scanner)
      } else {
        let entry = try entry(&scanner, name: key)
        guard entries.updateValue(entry, forKey: key) == nil else { throw scanner.failure("'\(key)' is given twice") }
      }
    }
    try scanner.expectEnd()
    return (metadata ?? [:], entries)
  }

  private static func texts(_ scanner: inout HeaderScanner) throws(HeaderScanner.Failure) -> [String: String] {
    var texts: [String: String] = [:]
    try scanner.object { scanner, key throws(HeaderScanner.Failure) in
      let text = try scanner.string()
      guard texts.updateValue(text, forKey: key) == nil else {
        throw scanner.failure("'\(key)' is given twice in the metadata")
      }
    }
    return texts
  }

  private static func entry(
    _ scanner: inout HeaderScanner, name: String
  ) throws(HeaderScanner.Failure) -> Entry {
    var type: SafetensorsElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key throws(HeaderScanner.Failure) in
      switch key {
      case "dtype" where type == nil:
        let text = try scanner.string()
        type = SafetensorsElementType(rawValue: text)
        if type == nil { throw scanner.failure("tensor '\(name)' has the unknown type '\(text)'") }
      case "shape" where shape == nil: shape = try scanner.integers()
      case "data_offsets" where offsets == nil: offsets = try scanner.integers()
      default: throw scanner.failure("tensor '\(name)' has an unknown field or one twice: '\(key)'")
      }
    }
    guard let type, let shape, let offsets else {
      throw scanner.failure("tensor '\(name)' needs dtype, shape and data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw scanner.failure("tensor '\(name)' needs two data_offsets in order")
    }
    return Entry(type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  /// Sizes, gaps, overlaps and the end of the file.
  private static func check(
    _ entries: [String: Entry], dataCount: Int, _ invalid: (String) -> NeuralNetworkError
  ) throws {
    var end = 0
    let byPlace = entries.sorted {
      ($0.value.bytes.lowerBound, $0.value.bytes.upperBound, $0.key)
        < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound, $1.key)
    }
    for (name, entry) in byPlace {
      guard let count = elementCount(of: entry.shape) else {
        throw invalid("tensor '\(name)' has the impossible shape \(entry.shape)")
      }
      let (byteCount, overflow) = count.multipliedReportingOverflow(by: entry.type.byteCount)
      guard !overflow, byteCount == entry.bytes.count else {
        throw invalid(
          "tensor '\(name)' has \(entry.bytes.count) bytes, "
            + "which is not its shape \(entry.shape) of \(entry.type.rawValue)")
      }
      guard entry.bytes.lowerBound == end else {
        throw invalid("tensor '\(name)' begins at byte \(entry.bytes.lowerBound) of the data, expected \(end)")
      }
      end = entry.bytes.upperBound
    }
    guard end == dataCount else {
      throw invalid("its tensors take \(end) bytes, and the file has \(dataCount) for them")
    }
  }
}
