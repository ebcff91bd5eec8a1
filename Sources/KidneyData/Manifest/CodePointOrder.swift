/// Python's order of strings, by code points, which is that of their UTF-8 bytes.
///
/// Swift's own `<` and `==` take two spellings of the same character (composed or not) for equal; file names
/// that differ only in that are different files.
package func precedesByCodePoints(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}

/// Whether two strings consist of the same code points.
package func isSameByCodePoints(_ first: String, _ second: String) -> Bool {
  first.utf8.elementsEqual(second.utf8)
}

/// A dictionary key that tells strings apart by code points.
package struct CodePointKey: Hashable, Sendable {
  private let bytes: [UInt8]

  package init(_ text: String) { bytes = Array(text.utf8) }
}
