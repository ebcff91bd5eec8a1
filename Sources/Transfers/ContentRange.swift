/// The `Content-Range` of an answer: `bytes 0-99/200`, `bytes 0-99/*` or `bytes */200` (RFC 9110, 14.4).
package struct ContentRange: Equatable, Sendable {
  /// Positions of the bytes that follow; nil if the range that was asked for is not there.
  package let bytes: ClosedRange<Int64>?
  /// Bytes of the whole file, if the server tells.
  package let total: Int64?

  /// - Returns: nil if the text is malformed or contradicts itself.
  package init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    if parts[1] == "*" {
      total = nil
    } else {
      guard let number = wholeNumber(parts[1]) else { return nil }
      total = number
    }
    if parts[0] == "*" {
      guard total != nil else { return nil }
      bytes = nil
      return
    }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = wholeNumber(ends[0]), let last = wholeNumber(ends[1]), first <= last,
      last < .max, total.map({ last < $0 }) ?? true
    else { return nil }
    bytes = first...last
  }
}

/// A number of digits alone, as HTTP has it: no sign, no space.
package func wholeNumber(_ text: some StringProtocol) -> Int64? {
  guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
  return Int64(text)
}
