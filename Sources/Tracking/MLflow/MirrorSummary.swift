/// How mirroring stands when a command ends.
public struct MirrorSummary: Equatable, Sendable {
  /// Runs of this store that the server does not have whole.
  public var waitingRuns = 0
  /// Registered models that the server does not have as they are here.
  public var waitingModels = 0
  /// Why, if something went wrong last; without secrets.
  public var reason: String?
  public var notes: [String] = []
  let server: String

  /// What a person is told at the end, line by line; nothing where all is well.
  public var lines: [String] {
    let parts = [(waitingRuns, "run"), (waitingModels, "registered model")].filter { $0.0 > 0 }
    guard !parts.isEmpty else { return notes }
    let what = parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " and ")
    let isOne = parts.count == 1 && parts[0].0 == 1
    return notes + [
      "\(what) \(isOne ? "waits" : "wait") for \(server): nefro runs sync" + (reason.map { "\n  \($0)" } ?? "")
    ]
  }
}
