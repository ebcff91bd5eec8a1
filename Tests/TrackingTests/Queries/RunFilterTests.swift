import Evaluation
import Foundation
import TestSupport
import Testing
import Tracking

@Suite struct RunFilterTests {
  /// Three runs: `a` good and long, `b` poor and short, `c` without scores.
  private func withRuns(_ body: (RunStore) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      func figure(_ value: Double) -> Metric {
        Metric(value: value, low: value - 0.05, high: value + 0.05, method: "jackknife", images: 40, series: 10)
      }
      let a = try store.begin(.train, name: "a", parameters: ["EPOCHS": "10", "HEAD": "pooled"], tags: ["seed": "1"])
      try a.log(figures: ["auc": figure(0.95)])
      try a.log([
        MetricPoint(key: "loss", step: 1, time: Date(), value: 0.9), MetricPoint(key: "loss", step: 2, time: Date(), value: 0.3),
      ])
      try a.finish()
      let b = try store.begin(.evaluate, name: "b trial", parameters: ["EPOCHS": "3", "HEAD": "flatten"])
      try b.log(figures: ["auc": figure(0.6)])
      try b.finish(.failed, failure: "NaN")
      let c = try store.begin(.pipeline, name: "c", parameters: ["EPOCHS": "10"])
      let part = try store.begin(.train, name: "part", parent: c.id)
      try part.finish()
      try c.finish()
      try body(store)
    }
  }

  @Test(arguments: [
    ("auc > 0.9", ["a"]), ("auc > 0.9 and epochs >= 5", ["a"]), ("epochs >= 5", ["a", "c"]), ("AUC > 0.9", []),
    ("not auc > 0.9", ["b trial", "c"]), ("auc > 0.9 or status = failed", ["a", "b trial"]),
    ("(auc > 0.9 or auc < 0.7) and head = FLATTEN", ["b trial"]), ("name ~ 'TRIAL'", ["b trial"]),
    ("params.EPOCHS = 10", ["a", "c"]), ("metrics.loss < 0.5", ["a"]), ("tags.seed = 1", ["a"]), ("kind = pipeline", ["c"]),
    ("started > 2020-01-01", ["a", "b trial", "c"]), ("started < 2020-01-01", []), ("nothing = 1", []), ("nothing != 1", []),
  ])
  func `a filter finds the runs that it describes`(filter: String, names: [String]) throws {
    try withRuns { store in
      let found = try store.runs(RunQuery(filter: RunFilter(filter))).runs.map(\.run.name)
      #expect(found.sorted() == names, "\(filter)")
    }
  }

  @Test func `names that no run has are told, with those that there are; parts of runs count`() throws {
    try withRuns { store in
      func unknown(_ filter: String, sort: String? = nil) throws -> [String] {
        let query = RunQuery(filter: try RunFilter(filter), sort: sort.map { RunKey($0) })
        return try store.unknownNames(in: query).map(\.name)
      }
      #expect(try unknown("auc > 0.9 and epochs >= 5 and status = failed", sort: "loss").isEmpty)
      #expect(try unknown("acu > 0.9 or not (auc > 0.5 and lss < 1)", sort: "duration") == ["acu", "lss"])
      #expect(try unknown("metrics.seed > 1 and tags.auc > 1 and params.loss = 1") == ["seed", "auc", "loss"])
      #expect(try unknown("auc > 1", sort: "nothing") == ["nothing"])
      let known = try store.unknownNames(in: RunQuery(filter: RunFilter("params.x = 1 and y = 1")))
      #expect(
        known.map(\.known) == [
          ["EPOCHS", "HEAD"],
          ["EPOCHS", "HEAD", "auc", "duration", "ended", "kind", "loss", "name", "seed", "started", "status"],
        ])
    }
  }

  @Test func `what is written in a filter never becomes a part of the query`() throws {
    try withRuns { store in
      for text in ["name = \"x') OR 1=1 --\"", "name ~ '%'", "tags.\"'; DROP TABLE runs\" = 1"] {
        let found = try? store.runs(RunQuery(filter: RunFilter(text)))
        #expect(found?.runs.isEmpty ?? true, "\(text)")
      }
      let left = try store.runs(RunQuery()).total
      #expect(left == 3)
    }
  }

  @Test(arguments: [
    ("auc >", 6), ("auc 0.9", 5), ("> 0.9", 1), ("(auc > 0.9", 11), ("auc > 0.9 epochs < 3", 11), ("auc >> 0.9", 5),
    ("name = 'a", 10), ("", 1), ("auc > 0.9 and", 14),
  ])
  func `a filter that cannot be understood is told where`(filter: String, position: Int) {
    let error = #expect(throws: RunFilterError.self) { try RunFilter(filter) }
    #expect(error?.position == position, "\(String(describing: error))")
  }

  @Test func `runs are sorted by a figure, those without one last, and cut to a number`() throws {
    try withRuns { store in
      #expect(try store.runs(RunQuery(sort: RunKey("auc"))).runs.map(\.run.name) == ["a", "b trial", "c"])
      #expect(try store.runs(RunQuery(sort: RunKey("auc"), reverses: true)).runs.map(\.run.name) == ["b trial", "a", "c"])
      let page = try store.runs(RunQuery(sort: RunKey("auc"), limit: 1))
      #expect(page.runs.map(\.run.name) == ["a"] && page.total == 3)
      #expect(try store.runs(RunQuery(includesParts: true)).total == 4)
    }
  }
}
