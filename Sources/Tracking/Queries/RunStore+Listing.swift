import Evaluation
import Foundation
import Storage

/// Which runs, in which order, how many.
public struct RunQuery: Sendable {
  public var filter: RunFilter?
  /// Largest, or latest, first; runs without a value come last. Nil sorts by start.
  public var sort: RunKey?
  /// Smallest first.
  public var reverses = false
  /// Nil for all.
  public var limit: Int?
  /// Also runs that are part of another one.
  public var includesParts = false

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
  public var run: Run
  public var parameters: [String: String]
  public var tags: [String: String]
  public var figures: [String: Metric]
  /// Each metric's value at its last step.
  public var metrics: [String: Double]
}

extension RunStore {
  /// The runs that a query asks for.
  ///
  /// - Returns: them, and how many there would be without a limit.
  public func runs(_ query: RunQuery) throws -> (runs: [RunOverview], total: Int) {
    var condition = query.filter.map { BoundSQL(text: " WHERE ") + $0.sql } ?? BoundSQL(text: " WHERE 1")
    if !query.includesParts { condition = condition + BoundSQL(text: " AND parent IS NULL") }
    var order = BoundSQL(text: " ORDER BY ")
    let direction = query.reverses ? "ASC" : "DESC"
    if let key = query.sort {
      let value = BoundSQL(text: "coalesce(") + key.number + BoundSQL(text: ", ") + key.text + BoundSQL(text: ")")
      order = order + value + BoundSQL(text: " \(direction) NULLS LAST, runs.started DESC, runs.rowid DESC")
    } else {
      order.text += "runs.started \(direction), runs.rowid \(direction)"
    }
    let page = BoundSQL(text: "SELECT runs.* FROM runs") + condition + order
      + (query.limit.map { BoundSQL(text: " LIMIT ?", arguments: [$0]) } ?? BoundSQL(text: ""))
    let count = BoundSQL(text: "SELECT count(*) FROM runs") + condition
    return try database.read { database in
      let runs = try Row.fetchAll(database, sql: page.text, arguments: page.arguments).map(Run.init(row:))
      let total = query.limit.map { runs.count < $0 } ?? true
        ? runs.count : try Int.fetchOne(database, sql: count.text, arguments: count.arguments) ?? 0
      return (try runs.map { try Self.overview(of: $0, in: database) }, total)
    }
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
