/// Reads the JSON of a safetensors header, byte by byte, and accepts nothing that the header cannot hold.
///
/// Not a general parser on purpose: those let the last of two equal keys win, read `1e3` as an integer and call
/// themselves for every bracket, and each of these has been a hole in some loader of model files.
struct HeaderScanner {
  /// What is wrong, in words, and at which byte of the header.
  struct Failure: Error, Equatable {
    let reason: String
    let position: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  func failure(_ reason: String) -> Failure { Failure(reason: reason, position: position) }

  /// The next byte that is not blank; nil at the end.
  private mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  /// Takes a punctuation mark if it comes next.
  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(Failure) {
    guard take(mark) else { throw failure("'\(mark)' is missing") }
  }

  /// Nothing but blanks may follow.
  mutating func expectEnd() throws(Failure) {
    guard peek() == nil else { throw failure("something follows the end of the header") }
  }

  /// Reads `{ "key": ..., ... }`, calling `member` after each colon.
  mutating func object(
    _ member: (_ scanner: inout HeaderScanner, _ key: String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads `[ 1, 2, ... ]` of integers that are not negative.
  mutating func integers() throws(Failure) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var integers: [Int] = []
    repeat { integers.append(try integer()) } while take(",")
    try expect("]")
    return integers
  }

  /// Reads an integer that is not negative: digits alone.
  mutating func integer() throws(Failure) -> Int {
    _ = peek()
    let start = position
    var value = 0
    while position < bytes.count, case 0x30...0x39 = bytes[position] {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !overflow, !carry else { throw failure("a number is too large") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("a number without sign is missing") }
    guard position == start + 1 || bytes[start] != 0x30 else { throw failure("a number begins with 0") }
    return value
  }

  mutating func string() throws(Failure) -> String {
    try expect("\"")
    var utf8: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: utf8, as: UTF8.self) else { throw failure("a text is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): try escape(into: &utf8)
      case 0..<0x20: throw failure("a text holds a control character")
      default: utf8.append(byte)
      }
    }
    throw failure("a text does not end")
  }

  private mutating func escape(into utf8: inout [UInt8]) throws(Failure) {
    guard position < bytes.count else { throw failure("a text does not end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(byte)
    case UInt8(ascii: "b"): utf8.append(0x08)
    case UInt8(ascii: "f"): utf8.append(0x0C)
    case UInt8(ascii: "n"): utf8.append(0x0A)
    case UInt8(ascii: "r"): utf8.append(0x0D)
    case UInt8(ascii: "t"): utf8.append(0x09)
    case UInt8(ascii: "u"): utf8 += Array(String(try escapedScalar()).utf8)
    default: throw failure("a text holds an unknown escape")
    }
  }

  /// Reads what follows `\u`: four digits, or a pair of surrogates.
  private mutating func escapedScalar() throws(Failure) -> Character {
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw failure("a text holds half a character") }
    position += 2
    let second = try fourHexDigits()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure("a text holds half a character") }
    return Character(scalar)
  }

  private mutating func fourHexDigits() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw failure("an escape needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
