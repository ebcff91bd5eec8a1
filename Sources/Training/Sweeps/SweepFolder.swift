import Foundation
import LocalFiles

/// What a sweep keeps while it goes on, so that it can be taken up after a kill: its plan, and each trial that is done.
///
/// In its folder: `plan.json`, and `trials/` with a file for each result, named by the trial's digest. Each is there whole
/// or not at all, so nothing of a trial that was cut off is left.
struct SweepFolder: Sendable {
  let url: URL
  private var plan: URL { url.appending(path: "plan.json") }
  private var trials: URL { url.appending(path: "trials") }
  private func file(of trial: SweepTrial) -> URL { trials.appending(path: "\(trial.digest).json") }

  init(_ url: URL) { self.url = url }

  /// - Throws: `SweepError.otherSweep`, `damagedPlan`.
  func check(_ identity: [String: String]) throws {
    guard FileManager.default.fileExists(atPath: plan.path) else { return }
    guard let content = try? Data(contentsOf: plan),
      let known = try? JSONDecoder().decode([String: String].self, from: content)
    else { throw SweepError.damagedPlan(path: plan.path) }
    let changed = Set(known.keys).union(identity.keys).filter { known[$0] != identity[$0] }.sorted()
    guard changed.isEmpty else { throw SweepError.otherSweep(folder: url.path, what: changed) }
  }

  /// - Parameter fresh: forget what is there.
  /// - Throws: `LocalFileError`, and what removing files throws.
  func begin(_ identity: [String: String], fresh: Bool) throws {
    if fresh {
      let results = [SweepResult.fileName, SweepResult.chartName, SweepResult.winnerName].map { url.appending(path: $0) }
      // The plan goes last: until then a kill leaves a folder that still says what is in it.
      for old in results + [trials, plan] where FileManager.default.fileExists(atPath: old.path) {
        try FileManager.default.removeItem(at: old)
      }
    }
    if !FileManager.default.fileExists(atPath: plan.path) { try AtomicFile.write(Self.json(identity), to: plan) }
  }

  /// - Returns: nil if the trial is not done; a file that cannot be read counts as none.
  func result(of trial: SweepTrial) -> TrialResult? {
    guard let content = try? Data(contentsOf: file(of: trial)),
      var result = try? JSONDecoder().decode(TrialResult.self, from: content), result.digest == trial.digest
    else { return nil }
    // Two trials whose settings come to the same share a file.
    (result.number, result.settings) = (trial.number, trial.settings)
    return result
  }

  func save(_ result: TrialResult, of trial: SweepTrial) throws {
    try AtomicFile.write(Self.json(result), to: file(of: trial))
  }

  private static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }
}
