import Digests
import Foundation
import Testing
import Tracking

/// What writers of `Tests/RunWriter` were told is on the disk, by their output.
struct AcknowledgedRuns {
  private struct Expected {
    /// How often a process went on with it.
    var lives = 0
    var points: [String: String] = [:]
    var tags: [String: String] = [:]
    /// Announced, and perhaps not there.
    var doubtfulTags: [String: String] = [:]
    var figures: [String: String] = [:]
    var files: [String: String] = [:]
    /// Nil while it may be either.
    var isFinished: Bool? = false
    var isDeleted: Bool? = false
  }

  private var runs: [String: Expected] = [:]

  /// Runs that are unfinished for certain.
  var unfinished: [RunID] {
    runs.filter { $0.value.isFinished == false && $0.value.isDeleted == false }.keys.sorted().compactMap(RunID.init)
  }

  var pointCount: Int { runs.values.reduce(0) { $0 + $1.points.count } }

  mutating func read(_ output: String) {
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      var run = runs[words[1]] ?? Expected()
      switch words[0] {
      case "begun":
        run.isFinished = false
        run.lives += 1
      case "point": run.points["\(words[2]) \(words[3])"] = words[4]
      case "tagging": run.doubtfulTags[words[2]] = words[3]
      case "tag":
        run.tags[words[2]] = words[3]
        run.doubtfulTags[words[2]] = nil
      case "figure": run.figures[words[2]] = words[3]
      case "file": run.files[words[2]] = words[3]
      case "finishing": run.isFinished = nil
      case "finished": run.isFinished = true
      case "deleting": run.isDeleted = nil
      case "deleted": run.isDeleted = true
      default: Issue.record("a line that no writer writes: \(line)")
      }
      runs[words[1]] = run
    }
  }

  /// Compares a store that nobody writes to any more.
  func expectKept(in store: RunStore, now: Date) throws {
    let all = try store.runs(RunQuery(includesParts: true)).runs
    var present = Dictionary(uniqueKeysWithValues: all.map { ($0.run.id.text, $0.run) })
    for (id, expected) in runs {
      guard let run = present.removeValue(forKey: id) else {
        #expect(expected.isDeleted != false, "run \(id) is lost")
        continue
      }
      #expect(expected.isDeleted != true, "run \(id) is back")
      if expected.isFinished == true { #expect(run.status == .finished) }
      if expected.isFinished == false { #expect(run.status == .interrupted) }
      #expect(run.ended.map { run.started <= $0 && $0 <= now } == true)
      let details = try store.details(of: run.id)
      try expectKept(expected, details, store)
    }
    // A run whose beginning was on the disk, but was not told yet: at most one for each writer that was killed.
    for run in present.values {
      #expect(run.status == .interrupted)
      #expect(try store.details(of: run.id).history.isEmpty)
    }
  }

  private func expectKept(_ expected: Expected, _ details: RunDetails, _ store: RunStore) throws {
    #expect(details.parameters == ["EPOCHS": "40"])
    var points: [String: String] = [:]
    for point in details.history {
      let before = points.updateValue("\(point.value)", forKey: "\(point.key) \(point.step)")
      #expect(before == nil, "\(point.key) \(point.step) is there twice")
    }
    for (key, value) in expected.points { #expect(points[key] == value, "\(key) of \(details.run.id)") }
    // The points of one call are there together or not at all, and one call at most was not told before each kill.
    #expect(points.count % 3 == 0)
    let extra = Set(points.keys).subtracting(expected.points.keys)
    #expect(extra.count <= 3 * expected.lives, "\(extra)")
    for (key, value) in expected.tags { #expect(details.tags[key] == value) }
    for (key, value) in details.tags where expected.tags[key] == nil { #expect(expected.doubtfulTags[key] == value) }
    for (key, value) in expected.figures { #expect(details.figures[key].map { "\($0.value)" } == value) }
    let files = Dictionary(uniqueKeysWithValues: details.artifacts.map { ($0.path, $0.digest.hex) })
    for (path, digest) in expected.files { #expect(files[path] == digest) }
    for artifact in details.artifacts { _ = try store.objects.checked(artifact.digest) }
  }
}
