import Evaluation

/// The data set behind a run.
public struct DataFacts: Sendable, Equatable {
  /// Hexadecimal SHA-256 of the manifest.
  public var digest: String
  /// In the order of the data set's classes.
  public var classes: [ClassFacts]
  /// Pictures that can be used.
  public var pictures: Int
  /// Series that these come from.
  public var series: Int
  /// Files that could not be used.
  public var setAside: Int
  /// Different picture sizes.
  public var sizes: Int

  /// How much there is of one class.
  public struct ClassFacts: Sendable, Equatable {
    /// The class's name.
    public var name: String
    /// Pictures of the class.
    public var pictures: Int
    /// Series with pictures of the class.
    public var series: Int

    /// The counts of one class.
    public init(name: String, pictures: Int, series: Int) {
      self.name = name
      self.pictures = pictures
      self.series = series
    }
  }

  /// The parameter `digest` is the hexadecimal SHA-256 of the manifest; all others are counts.
  public init(digest: String, classes: [ClassFacts], pictures: Int, series: Int, setAside: Int, sizes: Int) {
    self.digest = digest
    self.classes = classes
    self.pictures = pictures
    self.series = series
    self.setAside = setAside
    self.sizes = sizes
  }
}

/// What an audit of the data found.
public struct AuditFacts: Sendable, Equatable {
  /// Whether classes can be told by how their files were made.
  public enum Shortcut: String, Sendable {
    case found, suspected, unknown
    case notFound = "not_found"
  }

  /// Pairs of the same bytes.
  public var sameFile: Int
  /// Pairs of other bytes that decode to the same grey values.
  public var samePixels: Int
  /// Pairs of nearly the same picture, mirrored ones included.
  public var nearCopies: Int
  /// Pairs of nearly the same picture of which one is mirrored.
  public var mirrored: Int
  /// Pictures that would be left out if of each set of linked copies one were kept.
  public var surplus: Int
  /// Pairs of copies under two classes.
  public var labelConflicts: Int
  /// Series that were found.
  public var series: Int
  /// Pictures of the series that has most; 0 without series.
  public var largestSeries: Int
  /// Series with pictures of several classes.
  public var mixedSeries: Int
  /// Pictures of an unusual format, each counted once.
  public var oddPictures: Int
  /// Files that could not be used.
  public var setAside: Int
  /// Whether copies were looked for by backbone features too; if not, by pixels alone.
  public var usesFeatures: Bool
  /// Whether classes can be told by how their files were made.
  public var shortcut: Shortcut
  /// Of classes told by the files' format alone, on unseen series.
  public var shortcutAUC: Metric?

  /// - Parameters:
  ///   - largestSeries: in pictures; all other numbers are counts of what their names say.
  ///   - shortcutAUC: nil where it could not be computed.
  public init(
    sameFile: Int, samePixels: Int, nearCopies: Int, mirrored: Int, surplus: Int, labelConflicts: Int, series: Int,
    largestSeries: Int, mixedSeries: Int, oddPictures: Int, setAside: Int, usesFeatures: Bool, shortcut: Shortcut,
    shortcutAUC: Metric?
  ) {
    self.sameFile = sameFile
    self.samePixels = samePixels
    self.nearCopies = nearCopies
    self.mirrored = mirrored
    self.surplus = surplus
    self.labelConflicts = labelConflicts
    self.series = series
    self.largestSeries = largestSeries
    self.mixedSeries = mixedSeries
    self.oddPictures = oddPictures
    self.setAside = setAside
    self.usesFeatures = usesFeatures
    self.shortcut = shortcut
    self.shortcutAUC = shortcutAUC
  }
}
