import Evaluation
import Foundation
import Storage
import TestSupport
import Tracking

/// Stores as earlier versions left them, from the frozen SQL in `Tests/TrackingTests/Stores`: the first file is the
/// first version's store, each further one what a version added to it.
enum EarlierStore {
  /// The files' names, oldest first.
  static let steps: [String] = {
    let folder = packageRoot.appending(path: "Tests/TrackingTests/Stores")
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".sql") }
      .sorted { $0.localizedStandardCompare($1) == .orderedAscending }
  }()

  /// Makes the store of a version.
  ///
  /// - Parameters:
  ///   - version: counted from 1.
  ///   - more: SQL after that.
  static func make(version: Int, at folder: URL, more: String = "") throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let queue = try DatabaseQueue(path: file(in: folder).path)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      for step in steps.prefix(version) {
        let url = packageRoot.appending(path: "Tests/TrackingTests/Stores/\(step)")
        try database.execute(sql: String(contentsOf: url, encoding: .utf8))
      }
      try database.execute(sql: more)
    }
    try queue.close()
  }

  static func file(in folder: URL) -> URL { folder.appending(path: "runs.sqlite") }

  /// The definition of each table, index and trigger, without regard to how its text is laid out.
  static func schema(of folder: URL) throws -> [String] {
    try DatabaseQueue(path: file(in: folder).path).read { database in
      try String.fetchAll(database, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
    }.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
  }

  static func migrations(of folder: URL) throws -> [String] {
    try DatabaseQueue(path: file(in: folder).path).read { database in
      try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
    }
  }

  /// All runs of a store, one line for each thing that is known of them.
  static func lines(of store: RunStore) throws -> [String] {
    func milliseconds(_ date: Date?) -> String { date.map { String(Int(($0.timeIntervalSince1970 * 1000).rounded())) } ?? "-" }
    func line(_ name: String, _ figure: Metric) -> String {
      let ends = [figure.low, figure.high].map { end in end.map { String($0) } ?? "-" }
      return "  \(name) \(figure.value) \(ends[0]) \(ends[1]) \(figure.method), \(figure.images), \(figure.series)"
    }
    let all = try store.runs(RunQuery(includesParts: true)).runs.sorted { $0.run.id.text < $1.run.id.text }
    return try all.flatMap { overview -> [String] in
      let details = try store.details(of: overview.run.id)
      let run = details.run
      let head = [
        run.id.text, run.name, run.kind.rawValue, run.parent?.short ?? "-", run.status.rawValue,
        milliseconds(run.started), milliseconds(run.ended), run.failure ?? "-",
      ].joined(separator: " | ")
      var lines = [head]
      lines += details.parameters.map { "  \($0.key) = \($0.value)" }.sorted()
      lines += details.tags.map { "  \($0.key): \($0.value)" }.sorted()
      lines += details.history.map { "  \($0.key) \($0.step) \(milliseconds($0.time)) \($0.value)" }
      lines += details.figures.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
      lines += details.artifacts.map { "  \($0.path) \($0.digest.short) \($0.bytes)" }
      return lines
    }
  }
}
