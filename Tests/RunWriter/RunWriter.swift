import Digests
import Evaluation
import Foundation
import LocalFiles
import RandomStreams
import Tracking

/// Writes into a run store until it is killed, and says on standard output what the store has acknowledged: each line is
/// written after the call it tells of has returned. What cannot be told from its answer is announced before.
///
/// Usage: run-writer STORE SEED [RUN TO GO ON WITH]
@main struct RunWriter {
  let store: RunStore
  var draw: RandomStream
  var finished: [RunID] = []

  static func main() throws {
    let arguments = CommandLine.arguments
    var writer = RunWriter(
      store: try RunStore(at: URL(filePath: arguments[1])), draw: RandomStream(seed: UInt64(arguments[2])!, 77))
    var next = arguments.count > 3 ? RunID(arguments[3]) : nil
    while true {
      try writer.writeRun(resuming: next)
      next = nil
    }
  }

  private mutating func writeRun(resuming id: RunID?) throws {
    let recorder = try id.map { try store.resume($0) } ?? store.begin(.train, name: "killed", parameters: ["EPOCHS": "40"])
    let run = recorder.id
    tell("begun", run)
    let first = (try store.details(of: run).history.map(\.step).max() ?? 0) + 1
    for step in first..<first + Int.random(in: 3...30, using: &draw) {
      let points = ["loss", "val_loss", "accuracy"].map {
        MetricPoint(key: $0, step: step, time: Date(), value: Double.random(in: 0...1, using: &draw))
      }
      try recorder.log(points)
      for point in points { tell("point", run, point.key, step, point.value) }
      switch Int.random(in: 0..<6, using: &draw) {
      case 0:
        let value = String(Int.random(in: 0..<1000, using: &draw))
        tell("tagging", run, "t\(step)", value)
        try recorder.set(tags: ["t\(step)": value])
        tell("tag", run, "t\(step)", value)
      case 1:
        let value = Double.random(in: 0...1, using: &draw)
        try recorder.log(figures: [
          "f\(step)": Metric(value: value, low: 0, high: 1, method: "drawn", images: 1, series: 1)
        ])
        tell("figure", run, "f\(step)", value)
      case 2: try add("file\(step)", to: recorder)
      default: break
      }
    }
    // One in four is left, as a process leaves it that dies here.
    guard Int.random(in: 0..<4, using: &draw) > 0 else { return }
    tell("finishing", run)
    try recorder.finish()
    tell("finished", run)
    finished.append(run)
    guard finished.count > 2 else { return }
    let old = finished.removeFirst()
    tell("deleting", old)
    try store.delete([old])
    tell("deleted", old)
  }

  /// Some contents are the same in several runs, so that deleting one must leave the other's.
  private mutating func add(_ path: String, to recorder: RunRecorder) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "run-writer-\(recorder.id)")
    defer { try? FileManager.default.removeItem(at: file) }
    let content = String(repeating: "\(Int.random(in: 0..<8, using: &draw))", count: 20_000)
    try content.write(to: file, atomically: false, encoding: .utf8)
    try recorder.add(file, as: path)
    tell("file", recorder.id, path, ContentDigest(of: content))
  }

  /// One call of the system for a line, so that it is there whole or not at all.
  private func tell(_ words: Any...) {
    let line = Array((words.map { "\($0)" }.joined(separator: " ") + "\n").utf8)
    _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress!, $0.count) }
  }
}
