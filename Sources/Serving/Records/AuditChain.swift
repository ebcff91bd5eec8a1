import Foundation

/// An entry with the digest over itself and the seal before it.
public struct SealedAuditEntry: Equatable, Sendable {
  /// What was done.
  public var entry: AuditEntry
  /// SHA-256, 64 hexadecimal digits.
  public var seal: String

  /// - Parameters:
  ///   - entry: with its number.
  ///   - seal: 64 hexadecimal digits.
  public init(entry: AuditEntry, seal: String) {
    (self.entry, self.seal) = (entry, seal)
  }
}

extension SealedAuditEntry: Codable {
  private enum Key: String, CodingKey { case number, time, actor, action, subject, model, request, detail, seal }

  /// Writes one flat object; the time is ISO 8601, UTC, with the milliseconds that are sealed.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(entry.number, forKey: .number)
    try fields.encode(timestamp(entry.time), forKey: .time)
    try fields.encode(entry.actor, forKey: .actor)
    try fields.encode(entry.action, forKey: .action)
    try fields.encodeIfPresent(entry.subject, forKey: .subject)
    try fields.encodeIfPresent(entry.model, forKey: .model)
    try fields.encodeIfPresent(entry.request, forKey: .request)
    try fields.encodeIfPresent(entry.detail, forKey: .detail)
    try fields.encode(seal, forKey: .seal)
  }

  /// Reads what `encode` writes.
  ///
  /// - Throws: `DecodingError`, also for an action that no version of this program wrote.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let text = try fields.decode(String.self, forKey: .time)
    guard let time = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) else {
      throw DecodingError.dataCorruptedError(forKey: .time, in: fields, debugDescription: "no time of ISO 8601")
    }
    entry = AuditEntry(
      number: try fields.decode(Int64.self, forKey: .number), time: time,
      actor: try fields.decode(String.self, forKey: .actor),
      action: try fields.decode(AuditEntry.Action.self, forKey: .action),
      subject: try fields.decodeIfPresent(String.self, forKey: .subject),
      model: try fields.decodeIfPresent(String.self, forKey: .model),
      request: try fields.decodeIfPresent(String.self, forKey: .request),
      detail: try fields.decodeIfPresent(String.self, forKey: .detail))
    seal = try fields.decode(String.self, forKey: .seal)
  }

  /// One line of an exported trail, with its end.
  public func line() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}

/// Entries in their order, each held against its number and its seal.
///
/// Whoever changes, removes or moves an entry, or puts one in, breaks the chain there, unless they write all seals behind
/// it anew: that shows against a last seal which is kept elsewhere.
public struct AuditChain: Sendable {
  /// Before the first entry.
  static let firstSeal = String(repeating: "0", count: 64)

  /// Entries so far, and the last one's number.
  public private(set) var count: Int64 = 0
  /// The last entry's.
  public private(set) var seal = firstSeal
  private let knownSeal: String?
  private var isKnown: Bool

  /// Without any entry.
  ///
  /// - Parameter knownSeal: one that was printed earlier, which some entry must have; nil for none. That of a trail
  ///   without entries, 64 zeros, is always known.
  public init(knownSeal: String? = nil) {
    self.knownSeal = knownSeal
    isKnown = knownSeal == nil || knownSeal == Self.firstSeal
  }

  /// - Throws: `ServingError.auditTrailChanged` if the entry does not follow the one before.
  public mutating func append(_ sealed: SealedAuditEntry) throws {
    guard sealed.entry.number == count + 1, sealed.entry.seal(after: seal) == sealed.seal else {
      throw ServingError.auditTrailChanged(entry: sealed.entry.number)
    }
    (count, seal) = (sealed.entry.number, sealed.seal)
    if seal == knownSeal { isKnown = true }
  }

  /// After the last entry.
  ///
  /// - Returns: how many entries there are, and the last one's seal.
  /// - Throws: `ServingError.auditTrailCut` if no entry had the known seal.
  public func finish() throws -> (count: Int64, seal: String) {
    guard isKnown else { throw ServingError.auditTrailCut(count: count) }
    return (count, seal)
  }

  /// Checks an exported trail, line by line.
  ///
  /// - Parameters:
  ///   - file: what `nefro audit-log export` wrote.
  ///   - knownSeal: one that was printed earlier; nil for none.
  /// - Returns: how many entries there are, and the last one's seal.
  /// - Throws: `ServingError.auditTrailChanged` with the first line that is wrong, `auditTrailCut` if no entry has the
  ///   known seal, `cannotRead`.
  public static func check(exported file: URL, knownSeal: String? = nil) throws -> (count: Int64, seal: String) {
    let data: Data
    do {
      data = try Data(contentsOf: file, options: .mappedIfSafe)
    } catch {
      throw ServingError.cannotRead(path: file.path, reason: "it is not there, or may not be read")
    }
    var chain = AuditChain(knownSeal: knownSeal)
    let decoder = JSONDecoder()
    for line in data.split(separator: 10) {
      guard let sealed = try? decoder.decode(SealedAuditEntry.self, from: Data(line)) else {
        throw ServingError.auditTrailChanged(entry: chain.count + 1)
      }
      try chain.append(sealed)
    }
    return try chain.finish()
  }
}
