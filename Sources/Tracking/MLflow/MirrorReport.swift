/// Something that is brought to a server: a run, or a registered model with the runs of its versions.
public enum MirrorSubject: Hashable, Sendable {
  case run(RunID)
  case model(String)
}

/// What a synchronization has sent.
public struct MirrorReport: Equatable, Sendable {
  /// The run's identity on the server; empty for a registered model.
  public var remote = ""
  public var points = 0
  public var parameters = 0
  public var tags = 0
  public var files = 0
  /// Versions of registered models.
  public var versions = 0
  public var aliases = 0
  /// What a person should know though it is no failure, each once.
  public var notes: [String] = []
  /// How often the server broke over listing a model.
  var brokenModelLists = 0

  /// Nothing sent yet.
  public init() {}

  /// Whether the server had everything already.
  public var sentNothing: Bool { points + parameters + tags + files + versions + aliases == 0 }

  mutating func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }

  /// Adds what was sent of a part.
  mutating func add(_ part: MirrorReport) {
    points += part.points
    parameters += part.parameters
    tags += part.tags
    files += part.files
    for text in part.notes { note(text) }
  }
}
