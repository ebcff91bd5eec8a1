/// Steps through a JSON text (RFC 8259) where it lies, without making values of it.
///
/// A reader that makes values takes many times a body's size for `[0,0,0,…]`; this one takes nothing, whatever comes.
/// It does not look at the encoding of texts that are not ASCII, nor at whether a number fits anywhere.
struct JSONScanner {
  /// It is not JSON, or it is nested too deeply.
  struct Fault: Error {}

  /// Values within values; JSON as programs write it has a few.
  static let deepest = 64

  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    // Some programs put a byte order mark first.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  /// - Throws: `Fault` if anything but space is left.
  mutating func finish() throws {
    guard next() == nil else { throw Fault() }
  }

  // MARK: - Values

  /// Gives the places of an object's names one by one; `body` must step over each one's value.
  ///
  /// - Throws: `Fault`; what `body` throws.
  mutating func members(_ body: (inout JSONScanner, Text) throws -> Void) throws {
    try items(from: UInt8(ascii: "{"), to: UInt8(ascii: "}")) { scanner in
      let name = try scanner.text()
      try scanner.take(UInt8(ascii: ":"))
      try body(&scanner, name)
    }
  }

  /// Stops before each element of an array; `body` must step over it.
  ///
  /// - Throws: `Fault`; what `body` throws.
  mutating func elements(_ body: (inout JSONScanner) throws -> Void) throws {
    try items(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), body)
  }

  /// Where a text's characters are, without its quotes.
  struct Text {
    /// From the beginning of all bytes.
    var range: Range<Int>
    /// Whether some of them are written with a backslash.
    var isEscaped: Bool
  }

  mutating func text() throws -> Text {
    try take(UInt8(ascii: "\""))
    let start = place
    var isEscaped = false
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place += 1
        return Text(range: start..<place - 1, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        try stepOverEscape()
      case ..<0x20: throw Fault()
      default: place += 1
      }
    }
    throw Fault()
  }

  mutating func boolean() throws -> Bool {
    if next() == UInt8(ascii: "t") {
      try word("true")
      return true
    }
    try word("false")
    return false
  }

  /// - Returns: whether a null comes, which is stepped over then.
  mutating func takeNull() throws -> Bool {
    guard next() == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  /// Steps over any value.
  mutating func skipValue(depth: Int = 0) throws {
    guard depth < Self.deepest, let first = next() else { throw Fault() }
    switch first {
    case UInt8(ascii: "{"): try members { scanner, _ in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["): try elements { try $0.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try text()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
    case UInt8(ascii: "n"): _ = try takeNull()
    default: try stepOverNumber()
    }
  }

  // MARK: -

  private mutating func items(
    from opening: UInt8, to closing: UInt8, _ body: (inout JSONScanner) throws -> Void
  ) throws {
    try take(opening)
    guard next() != closing else { return place += 1 }
    while true {
      try body(&self)
      guard next() == UInt8(ascii: ",") else { return try take(closing) }
      place += 1
    }
  }

  /// The next byte that is no space; it is not stepped over.
  private mutating func next() -> UInt8? {
    while place < bytes.count {
      switch bytes[place] {
      case 0x20, 0x09, 0x0A, 0x0D: place += 1
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) throws {
    guard next() == byte else { throw Fault() }
    place += 1
  }

  private mutating func word(_ word: StaticString) throws {
    let wanted = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard next() != nil, bytes[place...].starts(with: wanted) else { throw Fault() }
    place += wanted.count
  }

  private mutating func stepOverEscape() throws {
    guard place + 1 < bytes.count else { throw Fault() }
    switch bytes[place + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      place += 2
    case UInt8(ascii: "u"):
      guard place + 6 <= bytes.count,
        bytes[place + 2..<place + 6].allSatisfy(Self.isHexadecimal)
      else { throw Fault() }
      place += 6
    default: throw Fault()
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private mutating func stepOverNumber() throws {
    if peek(UInt8(ascii: "-")) { place += 1 }
    // No digit stands behind a zero that comes first.
    if peek(UInt8(ascii: "0")) { place += 1 } else { try digits() }
    if peek(UInt8(ascii: ".")) {
      place += 1
      try digits()
    }
    guard peek(UInt8(ascii: "e")) || peek(UInt8(ascii: "E")) else { return }
    place += 1
    if peek(UInt8(ascii: "+")) || peek(UInt8(ascii: "-")) { place += 1 }
    try digits()
  }

  private func peek(_ byte: UInt8) -> Bool { place < bytes.count && bytes[place] == byte }

  private mutating func digits() throws {
    let start = place
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) { place += 1 }
    guard place > start else { throw Fault() }
  }
}
