/// What a project's run store knows of a scored model besides its scores, for the documents of the Team Data Science
/// Process (TDSP). What no record holds is nil or empty, and the documents say so.
public struct TeamProcessFacts: Sendable, Equatable {
  /// The run that left the model.
  public struct Run: Sendable, Equatable {
    /// The first digits of its identity.
    public var identity: String
    /// ISO 8601, UTC.
    public var started: String
    /// From its start to its end; nil while it has none.
    public var seconds: Double?
    /// The most memory that its process held, in bytes.
    public var peakBytes: Int?
    /// As the machine calls it.
    public var processor: String?
    /// Of the processor.
    public var cores: Int?
    /// The commit that the program was built from.
    public var commit: String?

    /// - Parameters:
    ///   - identity: the first digits are enough.
    ///   - started: ISO 8601, UTC.
    public init(
      identity: String, started: String, seconds: Double? = nil, peakBytes: Int? = nil, processor: String? = nil,
      cores: Int? = nil, commit: String? = nil
    ) {
      self.identity = identity
      self.started = started
      self.seconds = seconds
      self.peakBytes = peakBytes
      self.processor = processor
      self.cores = cores
      self.commit = commit
    }
  }

  /// A version that the model is registered as.
  public struct Version: Sendable, Equatable {
    /// Such as "kidney:1".
    public var reference: String
    /// ISO 8601, UTC.
    public var registered: String
    /// Those it has now, such as "champion".
    public var aliases: [String]

    /// - Parameter registered: ISO 8601, UTC.
    public init(reference: String, registered: String, aliases: [String]) {
      self.reference = reference
      self.registered = registered
      self.aliases = aliases
    }
  }

  /// Something that happened to one of these versions.
  public struct Event: Sendable, Equatable {
    /// What it was.
    public enum Kind: Sendable, Equatable {
      case registered, promoted, refused, completed, rolledBack
    }

    /// ISO 8601, UTC.
    public var time: String
    /// What it was.
    public var kind: Kind
    /// Such as "kidney:1".
    public var version: String
    /// The alias it was about; nil for a registration and a completion.
    public var alias: String?

    /// - Parameter time: ISO 8601, UTC.
    public init(time: String, kind: Kind, version: String, alias: String?) {
      self.time = time
      self.kind = kind
      self.version = version
      self.alias = alias
    }
  }

  /// Where the data come from, without secrets and without paths of a machine; nil where only such a path is known.
  public var source: String?
  /// Nil where no run is recorded that left this model.
  public var run: Run?
  /// Those that the model is registered as, the oldest first.
  public var versions: [Version]
  /// The oldest first.
  public var events: [Event]

  /// Facts of a project without a store, unless more is known.
  public init(source: String? = nil, run: Run? = nil, versions: [Version] = [], events: [Event] = []) {
    self.source = source
    self.run = run
    self.versions = versions
    self.events = events
  }
}

/// One of the documents of TDSP.
public struct TeamProcessDocument: Sendable, Equatable {
  /// Such as "project_charter.md".
  public var fileName: String
  /// Its content.
  public var document: Document
}
