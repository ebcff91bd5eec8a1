import Evaluation

/// One classifier judged by three splits, as a page: what a random split makes of a data set of few patients.
public struct LadderPage: Sendable {
  /// A split, from the least honest to the most.
  public enum RungKind: Sendable, CaseIterable {
    case random, withoutCopies, grouped

    /// Whether slices of one series are on both sides.
    public var isLeaky: Bool { self != .grouped }
  }

  /// What a split made of the data: the scores, or why there are none.
  public struct Rung: Sendable {
    public var kind: RungKind
    public var pictures: Int
    public var series: Int
    public var folds: Int
    /// Nil where the split is not possible.
    public var report: ClassificationReport?
    /// Why it is not, in English as the program says it.
    public var reason: String

    public init(kind: RungKind, pictures: Int, series: Int, folds: Int, report: ClassificationReport?, reason: String) {
      self.kind = kind
      self.pictures = pictures
      self.series = series
      self.folds = folds
      self.report = report
      self.reason = reason
    }
  }

  /// One side of the placebo: the AUC with labels that mean nothing.
  public struct Placebo: Sendable {
    /// Over shuffles.
    public var mean: Metric
    public var shuffles: Int
    /// How many single intervals hold 0.5, and how many there are.
    public var holding: Int
    public var intervals: Int
    /// Why single shuffles have no interval, where they have none.
    public var reason: String

    public init(mean: Metric, shuffles: Int, holding: Int, intervals: Int, reason: String) {
      self.mean = mean
      self.shuffles = shuffles
      self.holding = holding
      self.intervals = intervals
      self.reason = reason
    }

    /// Where the mean AUC lies beside 0.5: its interval holds it, lies above or below it, or is not there.
    public enum Verdict: Sendable {
      case chance, above, below, unknown
    }

    /// Where the mean lies, as far as its interval tells.
    public var verdict: Verdict {
      guard let low = mean.low, let high = mean.high else { return .unknown }
      return low > 0.5 ? .above : high < 0.5 ? .below : .chance
    }
  }

  /// Pictures and series of a class.
  public struct ClassCount: Sendable {
    public var name: String
    public var pictures: Int
    public var series: Int

    public init(name: String, pictures: Int, series: Int) {
      self.name = name
      self.pictures = pictures
      self.series = series
    }
  }

  /// A data set with its rungs and its placebo.
  public struct DataSet: Sendable {
    public var name: String
    public var digest: String
    public var classes: [ClassCount]
    public var pictures: Int
    public var series: Int
    /// Whether series were found by look, since no patients are known.
    public var isByLook: Bool
    public var copyPairs: Int
    public var removed: Int
    public var conflicting: Int
    public var rungs: [Rung]
    /// With series kept together, and picture by picture; nil where it is not possible.
    public var placebo: (grouped: Placebo, random: Placebo)?
    public var placeboReason: String
    /// Nil for a data set of its own.
    public var join: Join?

    public init(
      name: String, digest: String, classes: [ClassCount], pictures: Int, series: Int, isByLook: Bool, copyPairs: Int,
      removed: Int, conflicting: Int, rungs: [Rung], placebo: (grouped: Placebo, random: Placebo)?,
      placeboReason: String,
      join: Join? = nil
    ) {
      self.name = name
      self.digest = digest
      self.classes = classes
      self.pictures = pictures
      self.series = series
      self.isByLook = isByLook
      self.copyPairs = copyPairs
      self.removed = removed
      self.conflicting = conflicting
      self.rungs = rungs
      self.placebo = placebo
      self.placeboReason = placeboReason
      self.join = join
    }
  }

  /// How several data sets became one.
  public struct Join: Sendable {
    /// One of the sets that were joined.
    public struct Part: Sendable {
      public var name: String
      public var digest: String
      public var pictures: Int

      public init(name: String, digest: String, pictures: Int) {
        self.name = name
        self.digest = digest
        self.pictures = pictures
      }
    }

    public var parts: [Part]
    /// Whether classes that not every part has were left out.
    public var isOfCommonClasses: Bool
    /// The classes that not every part has, though they are there.
    public var partial: [String]
    /// What every picture was brought to, so that parts differ less in how their files were made.
    public var preprocessing: String
    /// AUC of the same classifier, asked which part a picture is of: 0.5 where nothing tells them apart.
    public var origin: Metric?
    /// Why there is none.
    public var originReason: String

    public init(
      parts: [Part], isOfCommonClasses: Bool, partial: [String], preprocessing: String, origin: Metric?,
      originReason: String
    ) {
      self.parts = parts
      self.isOfCommonClasses = isOfCommonClasses
      self.partial = partial
      self.preprocessing = preprocessing
      self.origin = origin
      self.originReason = originReason
    }
  }

  public var dataSets: [DataSet]
  public var folds: Int
  public var repeats: Int
  public var seed: UInt64
  public var version: String
  public var baseDigest: String
  public var preprocessing: String
  public var kernels: String

  public init(
    dataSets: [DataSet], folds: Int, repeats: Int, seed: UInt64, version: String, baseDigest: String,
    preprocessing: String, kernels: String
  ) {
    self.dataSets = dataSets
    self.folds = folds
    self.repeats = repeats
    self.seed = seed
    self.version = version
    self.baseDigest = baseDigest
    self.preprocessing = preprocessing
    self.kernels = kernels
  }

  /// What is added to the name of a rung whose figures say nothing of new patients.
  static let leakyMark = "LEAKY split"
}
