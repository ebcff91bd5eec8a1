import Foundation
import Storage

extension ModelRegistry {
  /// Gives a version an alias, or notes why it does not get it. One that has it already keeps it, and nothing is written.
  ///
  /// - Parameters:
  ///   - passed: what the gate said.
  ///   - reasons: its findings, one sentence each; they are kept.
  ///   - holder: who had the alias when the gate looked.
  /// - Returns: whether it is new.
  /// - Throws: `RegistryError.refused` after the refusal is on the disk; `badAlias`; `holderChanged` if the alias has
  ///   another holder by now, and then nothing is written.
  @discardableResult
  public func promote(
    _ version: ModelVersion, to alias: String, passed: Bool, reasons: [String], after holder: AliasHolder = .anyone
  ) throws -> Bool {
    guard ModelAlias.isAlias(alias) else { throw RegistryError.badAlias(alias) }
    let now = store.clock()
    let isNew = try database.write { database in
      let previous = try Self.holder(of: alias, model: version.model, in: database)
      guard holder.isMet(by: previous) else {
        throw RegistryError.holderChanged(model: version.model, alias: alias, now: previous)
      }
      guard !passed || previous != version.number else { return false }
      try Self.add(
        passed ? .promoted : .refused, model: version.model, version: version.number, alias: alias, previous: previous,
        reasons: reasons, at: now, in: database)
      if passed { try Self.give(alias, to: version.number, of: version.model, in: database) }
      return true
    }
    guard passed else { throw RegistryError.refused(reference: version.reference, alias: alias, reasons: reasons) }
    return isNew
  }

  /// Gives an alias back to the version that had it before the present one. Going back twice goes two versions back.
  ///
  /// - Parameter reason: for the history.
  /// - Returns: the version that has it now.
  /// - Throws: `RegistryError.noSuchModel`, `noSuchAlias`, `nothingToRollBack`.
  public func rollBack(_ name: String, alias: String = ModelAlias.champion, reason: String?) throws -> ModelVersion {
    _ = try versions(of: name)
    let known = try aliases(of: name).keys.sorted()
    let now = store.clock()
    let number = try database.write { database in
      guard let present = try Self.holder(of: alias, model: name, in: database) else {
        throw RegistryError.noSuchAlias(model: name, alias: alias, known: known)
      }
      guard let target = try Self.predecessor(alias: alias, model: name, in: database) else {
        throw RegistryError.nothingToRollBack(model: name, alias: alias)
      }
      try Self.add(
        .rolledBack, model: name, version: target, alias: alias, previous: present, reasons: reason.map { [$0] } ?? [],
        at: now, in: database)
      try Self.give(alias, to: target, of: name, in: database)
      return target
    }
    return try version(number, of: name)
  }

  /// All that happened to a model, the oldest first.
  public func history(of name: String) throws -> [RegistryEvent] {
    _ = try versions(of: name)
    return try database.read { try Self.events(of: name, in: $0) }
  }

  /// Which versions answered under an alias between two moments, in order; empty if none did.
  ///
  /// - Parameter interval: such as one day.
  public func tenures(of alias: String = ModelAlias.champion, model name: String, in interval: DateInterval) throws
    -> [Tenure]
  {
    let changes = try history(of: name).filter {
      $0.alias == alias && ($0.kind == .promoted || $0.kind == .rolledBack)
    }
    var tenures: [Tenure] = []
    for (place, change) in changes.enumerated() {
      let end = place + 1 < changes.count ? changes[place + 1].time : nil
      let begins = change.time < interval.end
      let lasts = end.map { $0 > interval.start } ?? true
      guard begins, lasts else { continue }
      tenures.append(Tenure(version: try version(change.version, of: name), from: change.time, until: end))
    }
    return tenures
  }

  // MARK: -

  private static func holder(of alias: String, model: String, in database: Database) throws -> Int? {
    try Int.fetchOne(
      database, sql: "SELECT number FROM model_aliases WHERE model = ? AND alias = ?", arguments: [model, alias])
  }

  private static func give(_ alias: String, to number: Int, of model: String, in database: Database) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO model_aliases (model, alias, number) VALUES (?, ?, ?)",
      arguments: [model, alias, number])
  }

  /// The events are a stack: a promotion puts a version on it, going back takes one off.
  private static func predecessor(alias: String, model: String, in database: Database) throws -> Int? {
    var stack: [Int] = []
    for event in try events(of: model, in: database) where event.alias == alias {
      switch event.kind {
      case .promoted: if stack.last != event.version { stack.append(event.version) }
      case .rolledBack: stack.removeLast()
      case .registered, .completed, .refused: break
      }
    }
    return stack.dropLast().last
  }

  private static func events(of model: String, in database: Database) throws -> [RegistryEvent] {
    try Row.fetchAll(database, sql: "SELECT * FROM model_events WHERE model = ? ORDER BY number", arguments: [model]).map {
      row in
      let text: String = row["reasons"]
      guard let kind = RegistryEvent.Kind(rawValue: row["kind"]),
        let reasons = try? JSONDecoder().decode([String].self, from: Data(text.utf8))
      else { throw StorageError.failed(path: "model_events", reason: "event \(row["number"] as Int64) makes no sense") }
      return RegistryEvent(
        number: row["number"], time: date(milliseconds: row["time"]), kind: kind, model: row["model"],
        version: row["version"], alias: row["alias"], previous: row["previous"], reasons: reasons)
    }
  }
}
