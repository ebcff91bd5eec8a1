import Digests
import Foundation
import Storage

/// Registered models: versions that never change, aliases that say which one answers, and a history that only grows.
/// It lives in the run store's database, and its files among that store's objects.
public struct ModelRegistry: Sendable {
  public let store: RunStore
  var database: StoreDatabase { store.database }

  /// The registry of a store; it makes nothing.
  /// - Parameter store: whose database and objects it shares.
  public init(store: RunStore) { self.store = store }

  /// Makes a model the next version of `name`. One whose content is registered under that name already stays what it is,
  /// but gets the files that it lacks: a model may be scored after it was registered.
  ///
  /// - Parameters:
  ///   - files: the model's file, and what it was scored with where that is there. Copies are taken.
  ///   - name: 1 to 100 letters, digits, `.`, `_` and `-`, with a letter first.
  ///   - identity: of the model's content, as its scores name it.
  /// - Returns: the version, whether it is new, and which files one that is not has got now.
  /// - Throws: `RegistryError.badName`, `LocalFileError`, `StorageError`.
  public func register(
    _ files: [ModelVersion.Role: URL], as name: String, identity: ContentDigest, run: RunID? = nil, note: String? = nil
  ) throws -> (version: ModelVersion, isNew: Bool, added: [ModelVersion.Role]) {
    try Self.check(name: name)
    precondition(files[.model] != nil, "a version has a model's file")
    let objects = try files.mapValues { url in try store.objects.add(url) }
    let now = store.clock()
    let outcome = try database.write { database -> (number: Int, isNew: Bool, added: [ModelVersion.Role]) in
      let kept = try objects.map { role, object in
        let url = files[role]!
        let object = try store.objects.keeping(object, of: url)
        return (role, RunArtifact(path: url.lastPathComponent, digest: object.digest, bytes: object.bytes))
      }
      if let known = try Int.fetchOne(
        database, sql: "SELECT number FROM model_versions WHERE model = ? AND identity = ?",
        arguments: [name, identity.hex])
      {
        let files = Dictionary(uniqueKeysWithValues: kept)
        return (known, false, try Self.complete(known, of: name, with: files, at: now, in: database))
      }
      let number =
        try Int.fetchOne(
          database, sql: "SELECT coalesce(max(number), 0) + 1 FROM model_versions WHERE model = ?", arguments: [name])
        ?? 1
      try database.execute(
        sql: "INSERT INTO model_versions (model, number, identity, run, registered, note) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [name, number, identity.hex, run?.text, milliseconds(now), note])
      for (role, object) in kept { try Self.add(object, as: role, of: number, of: name, in: database) }
      try Self.add(.registered, model: name, version: number, reasons: note.map { [$0] } ?? [], at: now, in: database)
      return (number, true, [])
    }
    return (try version(outcome.number, of: name), outcome.isNew, outcome.added)
  }

  /// - Throws: `RegistryError.badName` for what cannot name a model.
  public static func check(name: String) throws {
    guard isName(name) else { throw RegistryError.badName(name) }
  }

  /// The names of all registered models, sorted.
  public func names() throws -> [String] {
    try database.read { try String.fetchAll($0, sql: "SELECT DISTINCT model FROM model_versions ORDER BY model") }
  }

  /// All versions of a model, the oldest first.
  ///
  /// - Throws: `RegistryError.noSuchModel`.
  public func versions(of name: String) throws -> [ModelVersion] {
    let found = try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM model_versions WHERE model = ? ORDER BY number", arguments: [name]
      ).map { try Self.version($0, in: database) }
    }
    guard !found.isEmpty else { throw RegistryError.noSuchModel(name: name, known: try names()) }
    return found
  }

  /// The version that holds a model; nil if it is not registered under that name.
  ///
  /// - Parameter identity: of the model's content.
  public func version(of name: String, identity: ContentDigest) throws -> ModelVersion? {
    try names().contains(name) ? versions(of: name).first { $0.identity == identity } : nil
  }

  /// Which version has which alias.
  public func aliases(of name: String) throws -> [String: Int] {
    try database.read { database in
      Dictionary(
        uniqueKeysWithValues: try Row.fetchAll(
          database, sql: "SELECT alias, number FROM model_aliases WHERE model = ?", arguments: [name]
        ).map { ($0["alias"], $0["number"]) })
    }
  }

  /// One version by its number.
  ///
  /// - Throws: `RegistryError.noSuchModel`, `noSuchVersion`.
  public func version(_ number: Int, of name: String) throws -> ModelVersion {
    let all = try versions(of: name)
    guard let found = all.first(where: { $0.number == number }) else {
      throw RegistryError.noSuchVersion(reference: "\(name):\(number)", known: all.map(\.number))
    }
    return found
  }

  /// The version that has an alias; nil if none has.
  public func version(withAlias alias: String, of name: String) throws -> ModelVersion? {
    try aliases(of: name)[alias].map { try version($0, of: name) }
  }

  /// The version that a person means: `kidney:3`, or `kidney@champion`.
  ///
  /// - Throws: `RegistryError`; for a name alone, the champion is meant.
  public func version(_ reference: String) throws -> ModelVersion {
    if let colon = reference.lastIndex(of: ":") {
      let name = String(reference[..<colon])
      guard let number = Int(reference[reference.index(after: colon)...]) else {
        throw RegistryError.noSuchVersion(reference: reference, known: try versions(of: name).map(\.number))
      }
      return try version(number, of: name)
    }
    let parts = reference.split(separator: "@", maxSplits: 1).map(String.init)
    let name = parts.first ?? ""
    let alias = parts.count > 1 ? parts[1] : ModelAlias.champion
    _ = try versions(of: name)
    guard let found = try version(withAlias: alias, of: name) else {
      throw RegistryError.noSuchAlias(model: name, alias: alias, known: try aliases(of: name).keys.sorted())
    }
    return found
  }

  /// A version's file, checked against its digest; nil if it has none of that role.
  ///
  /// - Throws: `TrackingError.missingObject`, `damagedObject`.
  public func file(_ role: ModelVersion.Role, of version: ModelVersion) throws -> URL? {
    try version.files[role].map { try store.objects.checked($0.digest) }
  }

  // MARK: -

  private static func isName(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count) && text.first!.isASCII && text.first!.isLetter
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }

  /// Gives a registered version the files that it lacks. Answers belong to the scores that were made with them, so they
  /// come only with these.
  private static func complete(
    _ number: Int, of name: String, with files: [ModelVersion.Role: RunArtifact], at time: Date, in database: Database
  ) throws -> [ModelVersion.Role] {
    let present = Dictionary(
      uniqueKeysWithValues: try Row.fetchAll(
        database, sql: "SELECT role, digest FROM model_files WHERE model = ? AND number = ?", arguments: [name, number]
      ).map { ($0["role"] as String, $0["digest"] as String) })
    if let scores = present[ModelVersion.Role.scores.rawValue], files[.scores]?.digest.hex != scores { return [] }
    let missing = ModelVersion.Role.allCases.filter { files[$0] != nil && present[$0.rawValue] == nil }
    guard !missing.isEmpty else { return [] }
    for role in missing { try add(files[role]!, as: role, of: number, of: name, in: database) }
    let reasons = missing.map { "got its \($0.rawValue)" }
    try add(.completed, model: name, version: number, reasons: reasons, at: time, in: database)
    return missing
  }

  private static func add(
    _ file: RunArtifact, as role: ModelVersion.Role, of number: Int, of name: String, in database: Database
  ) throws {
    try database.execute(
      sql: "INSERT INTO model_files (model, number, role, path, digest, bytes) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [name, number, role.rawValue, file.path, file.digest.hex, file.bytes])
  }

  private static func version(_ row: Row, in database: Database) throws -> ModelVersion {
    let name: String = row["model"]
    let number: Int = row["number"]
    guard let identity = ContentDigest(hex: row["identity"]) else {
      throw StorageError.failed(path: "model_versions", reason: "the identity of \(name):\(number) makes no sense")
    }
    let rows = try Row.fetchAll(
      database, sql: "SELECT * FROM model_files WHERE model = ? AND number = ?", arguments: [name, number])
    var files: [ModelVersion.Role: RunArtifact] = [:]
    for row in rows {
      guard let role = ModelVersion.Role(rawValue: row["role"]) else { continue }
      files[role] = try RunArtifact(row: row)
    }
    let run: String? = row["run"]
    return ModelVersion(
      model: name, number: number, identity: identity, run: run.flatMap(RunID.init),
      registered: date(milliseconds: row["registered"]), note: row["note"], files: files)
  }

  static func add(
    _ kind: RegistryEvent.Kind, model: String, version: Int, alias: String? = nil, previous: Int? = nil,
    reasons: [String], at time: Date, in database: Database
  ) throws {
    let text = String(decoding: try JSONEncoder().encode(reasons), as: UTF8.self)
    try database.execute(
      sql: "INSERT INTO model_events (time, kind, model, version, alias, previous, reasons) VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [milliseconds(time), kind.rawValue, model, version, alias, previous, text])
  }
}
