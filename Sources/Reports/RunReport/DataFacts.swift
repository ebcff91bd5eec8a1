import Evaluation

/// The data set behind a run.
public struct DataFacts: Sendable, Equatable {
  /// Hexadecimal SHA-256 of the manifest.
  public var digest: String
  public var classes: [ClassFacts]
  public var pictures: Int
  public var series: Int
  /// Files that could not be used.
  public var setAside: Int
  /// Different picture sizes.
  public var sizes: Int

  /// How much there is of one class.
  public struct ClassFacts: Sendable, Equatable {
    public var name: String
    public var pictures: Int
    public var series: Int

    public init(name: String, pictures: Int, series: Int) {
      self.name = name
      self.pictures = pictures
      self.series = series
    }
  }

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

  /// Pairs of the same bytes, of the same pixels, and of nearly the same picture.
  public var sameFile: Int
  public var samePixels: Int
  public var nearCopies: Int
  public var mirrored: Int
  /// Pictures that would be left out if of each set of linked copies one were kept.
  public var surplus: Int
  /// Pairs of copies under two classes.
  public var labelConflicts: Int
  public var series: Int
  public var largestSeries: Int
  public var mixedSeries: Int
  public var oddPictures: Int
  public var setAside: Int
  public var usesFeatures: Bool
  public var shortcut: Shortcut
  /// Of classes told by the files' format alone, on unseen series.
  public var shortcutAUC: Metric?

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
