import Storage

/// A name that a query asks for and no run has, with those that runs do have.
public struct UnknownName: Equatable, Sendable {
  /// As it was asked for, without `metrics.`, `params.` or `tags.`.
  public var name: String
  /// Each once, sorted.
  public var known: [String]
}

/// Which tables of a store hold the names that a query asks for.
///
/// A bare word may stand in four tables, and as a rule stands in one. A query that asks that one alone looks at each run
/// once where it would look four times.
struct KnownNames {
  private let tables: [RunKey: [RunTable]]

  init(_ keys: [RunKey], in database: Database) throws {
    var tables: [RunKey: [RunTable]] = [:]
    for key in keys where tables[key] == nil {
      tables[key] = try key.tables.filter { table in
        try Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM \(table.rawValue) WHERE key IN (?, ?))",
          arguments: StatementArguments(table.spellings(key.name))) ?? false
      }
    }
    self.tables = tables
  }

  /// The tables in which some run has the name, in the order in which values are looked for.
  func tables(of key: RunKey) -> [RunTable] { tables[key] ?? [] }
}

extension RunQuery {
  /// Every name that it asks for.
  var keys: [RunKey] { (filter?.keys ?? []) + (sort.map { [$0] } ?? []) }
}

extension RunStore {
  /// The names in a query that no run of the store has, parts of runs included: such a comparison never holds, and such an
  /// order is none. Most often they are misspelt.
  public func unknownNames(in query: RunQuery) throws -> [UnknownName] {
    try database.read { database in
      let names = try KnownNames(query.keys, in: database)
      var found: [UnknownName] = []
      for key in query.keys where !key.tables.isEmpty && names.tables(of: key).isEmpty {
        guard !found.contains(where: { $0.name == key.name }) else { continue }
        var known = Set<String>()
        for table in key.tables {
          known.formUnion(try String.fetchAll(database, sql: "SELECT DISTINCT key FROM \(table.rawValue)"))
        }
        if key.place == .anywhere { known.formUnion(RunKey.Field.allCases.map(\.rawValue)) }
        found.append(UnknownName(name: key.name, known: known.sorted()))
      }
      return found
    }
  }
}
