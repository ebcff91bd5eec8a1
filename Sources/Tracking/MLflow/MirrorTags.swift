/// Names that mean something to mirroring, in the store and on servers.
public enum MirrorTags {
  /// On a server: this store's identity of the run, by which it is found again.
  package static let run = "nefro.run"
  /// On a registered version: when its run started, in Unix milliseconds.
  package static let started = "nefro.started"
  package static let kind = "nefro.kind"
  package static let failure = "nefro.failure"
  /// In the store: the name under which a run's model is registered where there is a registry. On servers without one
  /// it stays a tag.
  public static let registeredModel = "registered_model.name"
  /// In the store: the aliases of that version, with commas between them.
  public static let modelAliases = "registered_model.aliases"
  /// Where values are whole that are too long for a server.
  package static let longValues = "nefro/long-values"
}
