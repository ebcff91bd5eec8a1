import Digests
import Foundation
import Storage

/// What is known of a token; its secret is not.
public struct TokenRecord: Codable, Equatable, Sendable {
  /// Eight hexadecimal digits, as they stand in the token itself; no secret.
  public var id: String
  /// What the administrator called it: 1 to 80 printable characters. Several tokens may have one name.
  public var name: String
  /// What whoever has it may do.
  public var role: Role
  /// When it was made, in whole milliseconds.
  public var created: Date
  /// Nil lasts for ever.
  public var expires: Date?
  /// Nil for one that is valid.
  public var revoked: Date?
}

/// The tokens of a server. They are looked up in the database for each request, so that revoking one ends it at once,
/// from another process too.
public struct TokenStore: Sendable {
  let records: ServingRecords

  /// - Parameter records: where the tokens are kept; their clock tells which ones have expired.
  public init(_ records: ServingRecords) { self.records = records }

  /// Makes a token. Its secret is returned this once and kept nowhere.
  ///
  /// - Parameter actor: who does it, for the audit trail.
  /// - Throws: `ServingError.badTokenName`, `StorageError`.
  public func create(
    name: String, role: Role, expires: Date? = nil, by actor: String,
    using generator: inout some RandomNumberGenerator
  ) throws -> AccessToken {
    guard (1...80).contains(name.count), name.unicodeScalars.allSatisfy({ !$0.properties.isControl }) else {
      throw ServingError.badTokenName(name)
    }
    let token = AccessToken.random(using: &generator)
    let now = records.clock()
    try records.database.write { database in
      try database.execute(
        sql: "INSERT INTO tokens (id, name, role, digest, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          token.id, name, role.rawValue, token.digest.hex, milliseconds(now), expires.map(milliseconds),
        ])
      try AuditTrail.add(
        AuditEntry(time: now, actor: actor, action: .tokenCreated, subject: token.id, detail: role.rawValue),
        in: database)
    }
    return token
  }

  /// Makes the first administrator token of a store that has no token at all.
  ///
  /// - Returns: nil if there is a token, valid or not: revoking the last one must not open a door.
  public func createFirst(using generator: inout some RandomNumberGenerator) throws -> AccessToken? {
    let isEmpty = try records.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tokens") == 0 }
    return isEmpty
      ? try create(name: "first administrator", role: .administrator, by: "server", using: &generator) : nil
  }

  /// All tokens, the oldest first.
  public func list() throws -> [TokenRecord] {
    try records.database.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM tokens ORDER BY created, rowid").map(TokenRecord.init(row:))
    }
  }

  /// Ends a token, by its identity, the beginning of it, or its name.
  ///
  /// - Throws: `ServingError.noSuchToken`, `ambiguousToken`.
  @discardableResult public func revoke(_ reference: String, by actor: String) throws -> TokenRecord {
    let valid = try list().filter { $0.revoked == nil }
    let found = valid.filter { $0.id.hasPrefix(reference.lowercased()) || $0.name == reference }
    guard var token = found.first, !reference.isEmpty else { throw ServingError.noSuchToken(reference) }
    guard found.count == 1 else { throw ServingError.ambiguousToken(reference, candidates: found.map(\.id)) }
    let now = records.clock()
    try records.database.write { database in
      try database.execute(sql: "UPDATE tokens SET revoked = ? WHERE id = ?", arguments: [milliseconds(now), token.id])
      try AuditTrail.add(AuditEntry(time: now, actor: actor, action: .tokenRevoked, subject: token.id), in: database)
    }
    token.revoked = now
    return token
  }

  /// Who a token belongs to; nil for one that is unknown, revoked or expired.
  public func principal(of token: AccessToken) throws -> Principal? {
    let row = try records.database.read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM tokens WHERE id = ?", arguments: [token.id])
    }
    // An unknown one is compared as well, so that the time does not tell which identities there are.
    let digest = row.map { $0["digest"] as String } ?? String(repeating: "0", count: 64)
    guard equalInConstantTime(digest, token.digest.hex), let row else { return nil }
    return principal(of: try TokenRecord(row: row))
  }

  /// Who a token's identity stands for, as long as the token is valid: for sessions, which a token has begun.
  public func principal(ofTokenWithID id: String) throws -> Principal? {
    let row = try records.database.read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM tokens WHERE id = ?", arguments: [id])
    }
    return try row.flatMap { principal(of: try TokenRecord(row: $0)) }
  }

  private func principal(of record: TokenRecord) -> Principal? {
    guard record.revoked == nil, record.expires.map({ $0 > records.clock() }) ?? true else { return nil }
    return Principal(id: record.id, name: record.name, role: record.role)
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isControl: Bool { generalCategory == .control || generalCategory == .format }
}

extension TokenRecord {
  init(row: Row) throws {
    guard let role = Role(rawValue: row["role"]) else {
      throw StorageError.failed(path: "tokens", reason: "the role of token '\(row["id"] as String)' makes no sense")
    }
    let (expires, revoked): (Int64?, Int64?) = (row["expires"], row["revoked"])
    self.init(
      id: row["id"], name: row["name"], role: role, created: date(milliseconds: row["created"]),
      expires: expires.map(date(milliseconds:)), revoked: revoked.map(date(milliseconds:)))
  }
}
