import Evaluation
import Foundation
import Storage

/// Which runs, in which order, how many.
public struct RunQuery: Sendable {
  /// Nil asks for every run.
  public var filter: RunFilter?
  /// Largest, or latest, first; runs without a value come last. Nil sorts by start.
  public var sort: RunKey?
  /// Smallest first.
  public var reverses = false
  /// Nil for all.
  public var limit: Int?
  /// Also runs that are part of another one.
  public var includesParts = false

  /// All runs that are no part of another one, the latest first, unless something else is asked for.
  public init(
    filter: RunFilter? = nil, sort: RunKey? = nil, reverses: Bool = false, limit: Int? = nil, includesParts: Bool = false
  ) {
    self.filter = filter
    self.sort = sort
    self.reverses = reverses
    self.limit = limit
    self.includesParts = includesParts
  }
}

/// A run with what a table shows of it.
public struct RunOverview: Equatable, Sendable, Codable {
  /// The run's own row.
  public var run: Run
  /// By key, each value as text.
  public var parameters: [String: String]
  /// By name.
  public var tags: [String: String]
  /// By name, each with its interval where it has one.
  public var figures: [String: Metric]
  /// Each metric's value at its last step.
  public var metrics: [String: Double]
}

extension RunStore {
  /// The runs that a query asks for.
  ///
  /// - Returns: them, and how many there would be without a limit.
  public func runs(_ query: RunQuery) throws -> (runs: [RunOverview], total: Int) {
    try database.read { database in
      let found = try Self.finding(query, in: database)
      let numbers = try Int64.fetchAll(database, sql: found.text, arguments: found.arguments)
      let row = try database.cachedStatement(sql: "SELECT * FROM runs WHERE rowid = ?")
      let runs = try numbers.prefix(query.limit ?? numbers.count).compactMap { number in
        try Row.fetchOne(row, arguments: [number]).map(Run.init(row:))
      }
      return (try runs.map { try Self.overview(of: $0, in: database) }, numbers.count)
    }
  }

  /// Only which runs: a filter looks at each run once, and a page's rows are read afterwards.
  private static func finding(_ query: RunQuery, in database: Database) throws -> BoundSQL {
    let names = try KnownNames(query.keys, in: database)
    var condition = query.filter.map { BoundSQL(text: " WHERE ") + $0.sql(names) } ?? BoundSQL(text: " WHERE 1")
    if !query.includesParts { condition = condition + BoundSQL(text: " AND parent IS NULL") }
    var order = BoundSQL(text: " ORDER BY ")
    let direction = query.reverses ? "ASC" : "DESC"
    if let key = query.sort {
      let value = BoundSQL.first(of: [key.number(names), key.text(names)])
      order = order + value + BoundSQL(text: " \(direction) NULLS LAST, runs.started DESC, runs.rowid DESC")
    } else {
      order.text += "runs.started \(direction), runs.rowid \(direction)"
    }
    return BoundSQL(text: "SELECT runs.rowid FROM runs") + condition + order
  }

  private static func overview(of run: Run, in database: Database) throws -> RunOverview {
    func rows(_ sql: String) throws -> [Row] {
      try Row.fetchAll(database.cachedStatement(sql: sql), arguments: [run.id.text])
    }
    func texts(_ table: String) throws -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: try rows("SELECT key, value FROM \(table) WHERE run = ?").map { ($0["key"], $0["value"]) })
    }
    var metrics: [String: Double] = [:]
    // In rising order, so that the last one of a key stays.
    for row in try rows("SELECT key, value FROM history WHERE run = ? ORDER BY key, step, number") {
      metrics[row["key"]] = row["value"] ?? .nan
    }
    return RunOverview(
      run: run, parameters: try texts("parameters"), tags: try texts("tags"),
      figures: Dictionary(
        uniqueKeysWithValues: try rows("SELECT * FROM figures WHERE run = ?").map { ($0["key"], Metric(row: $0)) }),
      metrics: metrics)
  }
}
