import Storage

/// A name that a query asks for and no run has, with those that runs do have.
public struct UnknownName: Equatable, Sendable {
  /// As it was asked for, without `metrics.`, `params.` or `tags.`.
  public var name: String
  /// Each once, sorted.
  public var known: [String]
}

extension RunStore {
  /// The names in a query that no run of the store has, parts of runs included: such a comparison never holds, and such an
  /// order is none. Most often they are misspelt.
  ///
  /// A name that runs have is found at the first of them; the whole store is looked through for one that none has.
  public func unknownNames(in query: RunQuery) throws -> [UnknownName] {
    try database.read { database in
      var found: [UnknownName] = []
      for key in (query.filter?.keys ?? []) + (query.sort.map { [$0] } ?? []) {
        guard !found.contains(where: { $0.name == key.name }), !key.tables.isEmpty else { continue }
        let isKnown = try key.tables.contains { table in
          try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM \(table) WHERE key IN (?, ?))",
            arguments: [key.name, table == "parameters" ? key.name.uppercased() : key.name]) ?? false
        }
        guard !isKnown else { continue }
        var known = Set<String>()
        for table in key.tables { known.formUnion(try String.fetchAll(database, sql: "SELECT DISTINCT key FROM \(table)")) }
        if key.place == .anywhere { known.formUnion(RunKey.Field.allCases.map(\.rawValue)) }
        found.append(UnknownName(name: key.name, known: known.sorted()))
      }
      return found
    }
  }
}

extension RunKey {
  /// Where its name may stand, those first that are quick to ask; a field of the run itself stands in none.
  fileprivate var tables: [String] {
    switch place {
    case .field: []
    case .metrics: ["figures", "history"]
    case .parameters: ["parameters"]
    case .tags: ["tags"]
    case .anywhere: ["figures", "tags", "parameters", "history"]
    }
  }
}
