/// Names that mean something to mirroring, on servers.
public enum MirrorTags {
  /// This store's identity of a run, by which it is found again; on a registered version that of the run it is from.
  package static let run = "nefro.run"
  package static let kind = "nefro.kind"
  package static let failure = "nefro.failure"
  /// On a registered version: the digest of the model's content, by which it is found again.
  package static let identity = "nefro.model.digest"
  /// On a registered version: what it is called here, such as `kidney:3`. A server counts by itself.
  package static let registeredAs = "nefro.registered_as"
  /// On a run, where there is no registry: what its model is registered as; the registered model's name follows.
  package static let registered = "registered_model."
  /// Where values are whole that are too long for a server.
  package static let longValues = "nefro/long-values"
}
