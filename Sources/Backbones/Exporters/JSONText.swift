import Foundation

/// A JSON value whose text is always the same: keys are sorted, numbers are the shortest that read back alike.
package indirect enum JSONText: Sendable, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  CustomStringConvertible
{
  case null
  case boolean(Bool)
  /// Whole numbers are written without a point.
  case number(Double)
  /// With a point, whatever its value.
  case real(Double)
  case text(String)
  case list([JSONText])
  case object([String: JSONText])

  package init(dictionaryLiteral elements: (String, JSONText)...) {
    self = .object(Dictionary(uniqueKeysWithValues: elements))
  }

  package init(arrayLiteral elements: JSONText...) { self = .list(elements) }
  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(floatLiteral value: Double) { self = .real(value) }

  package var description: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): Self.quoted(value)
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .object(let pairs):
      "{" + pairs.sorted { $0.key < $1.key }.map { Self.quoted($0) + ": \($1)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    // A text can always be encoded.
    String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
  }
}
