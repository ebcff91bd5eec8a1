/// A run's identity: 32 lower-case hexadecimal digits, as MLflow's, so that both stores can use the same.
public struct RunID: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The 32 digits.
  public let text: String

  /// - Returns: nil if `text` is not 32 lower-case hexadecimal digits.
  public init?(_ text: String) {
    guard text.utf8.count == 32, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.text = text
  }

  /// A new identity. It is no result, so it need not be reproducible: the system's generator will do.
  public static func random(using generator: inout some RandomNumberGenerator) -> RunID {
    func digits(_ number: UInt64) -> String {
      let hex = String(number, radix: 16)
      return String(repeating: "0", count: 16 - hex.count) + hex
    }
    return RunID(unchecked: digits(generator.next()) + digits(generator.next()))
  }

  private init(unchecked text: String) { self.text = text }

  /// The first eight digits, enough to tell runs apart in a table.
  public var short: String { String(text.prefix(8)) }
  public var description: String { text }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = RunID(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not a run's identity of 32 hexadecimal digits")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
