import Evaluation
import Foundation

/// The content of `ladder.json`: one classifier judged by three splits, each more honest than the one before.
///
/// Its JSON has the keys `version`, `kernels`, `settings`, `classifier`, `base_digest`, `layer`, `preprocessing` and
/// `data_sets`.
public struct LadderResult: Codable, Equatable, Sendable {
  public var version: String
  public var kernels: String
  public var settings: LadderSettings
  public var classifier: String
  public var baseDigest: String
  public var layer: String
  public var preprocessing: String
  public var dataSets: [LadderDataSet]

  enum CodingKeys: String, CodingKey {
    case version, kernels, settings, classifier, layer, preprocessing
    case baseDigest = "base_digest"
    case dataSets = "data_sets"
  }

  /// The file's text.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

/// The rungs of one data set.
public struct LadderDataSet: Codable, Equatable, Sendable {
  public var name: String
  public var dataDigest: String
  public var classes: [String]
  /// Whose AUC is given; nil for the mean over classes.
  public var positiveClass: String?
  public var pictures: Int
  public var series: Int
  public var seriesBasis: String
  /// Pictures and series of each class.
  public var counts: [Count]
  public var copies: Copies
  public var rungs: [LadderRung]
  public var placebo: LadderPlacebo
  /// Nil for a data set of its own.
  public var join: LadderJoin?

  public struct Count: Codable, Equatable, Sendable {
    public var className: String
    public var pictures: Int
    public var series: Int

    enum CodingKeys: String, CodingKey {
      case className = "class"
      case pictures, series
    }
  }

  /// What was left out from the second rung on.
  public struct Copies: Codable, Equatable, Sendable {
    /// Pairs of exact and near copies.
    public var pairs: Int
    /// Pictures that are a copy of one that was kept.
    public var removed: Int
    /// Pictures whose copy lies under another class: both are left out, since nobody can tell which is right.
    public var conflicting: Int
  }

  enum CodingKeys: String, CodingKey {
    case name, classes, pictures, series, counts, copies, rungs, placebo, join
    case dataDigest = "data_digest"
    case positiveClass = "positive_class"
    case seriesBasis = "series_basis"
  }
}

/// One split and what it makes the classifier look like.
public struct LadderRung: Codable, Equatable, Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Picture by picture.
    case random
    /// Exact and near copies left out, then picture by picture.
    case withoutCopies = "without_copies"
    /// Exact and near copies left out, and series kept together.
    case grouped

    /// Whether slices of one series are on both sides.
    public var isLeaky: Bool { self != .grouped }
  }

  public var kind: Kind
  public var pictures: Int
  public var series: Int
  public var folds: Int
  public var repeats: Int
  /// Nil where the split is not possible.
  public var report: ClassificationReport?
  /// Why there is no report.
  public var reason: String?
  /// Fits that stopped before the minimum.
  public var unconverged: Int
}

/// The same with labels that mean nothing: those of whole series, dealt anew at random.
public struct LadderPlacebo: Codable, Equatable, Sendable {
  /// Series kept together: chance is what must come out.
  public var grouped: Side?
  /// Picture by picture: it looks good all the same, which is what the leaky rungs are worth.
  public var random: Side?
  /// Why there is no placebo.
  public var reason: String?

  public struct Side: Codable, Equatable, Sendable {
    /// The mean over shuffles; its interval tells how surely the mean is known.
    public var mean: Metric
    /// The AUC of each shuffle with its interval over series.
    public var shuffles: [Metric]

    /// Single intervals that hold 0.5, of those that there are.
    public var holdingChance: (holding: Int, of: Int) {
      let ranges = shuffles.compactMap { metric in metric.low.flatMap { low in metric.high.map { (low, $0) } } }
      return (ranges.count { $0.0 <= 0.5 && 0.5 <= $0.1 }, ranges.count)
    }
  }
}
