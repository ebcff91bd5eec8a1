import Evaluation
import Foundation

/// Two models compared on the same pictures, with what must be known of either.
///
/// Its JSON has the keys `a`, `b`, `classes`, `pictures`, `series`, `difference` (A minus B: `auc` and `accuracy`, each
/// with its interval and verdict, and `mcNemar`), `left_out`, `series_joined`, `warnings` and `conclusions`.
public struct RecordComparison: Codable, Equatable, Sendable {
  /// One of the two.
  public struct Side: Codable, Equatable, Sendable {
    /// As it was named.
    public var name: String
    /// Hexadecimal, of the trained model. With grouped folds the answers are those of models made like it.
    public var modelDigest: String
    /// As its record of predictions names the program's.
    public var version: String
    /// How its data was divided: the method's name, such as "series".
    public var split: String
    /// How the answers that are compared came about: with several repeats of the folds those of the first.
    public var scoredBy: String
    /// Whether its split lets slices of one series, or the pictures themselves, be on both sides.
    public var isLeaky: Bool
    /// How often the test set had been opened when it was scored; nil where no test part was set aside.
    public var testSet: TestSetOpening?
    /// Share of right answers on the compared pictures, 0…1.
    public var accuracy: Metric
    /// Area under the ROC curve on the compared pictures, 0…1.
    public var auc: Metric
    /// Mean over the classes of the F1 score on the compared pictures, 0…1.
    public var macroF1: Metric

    enum CodingKeys: String, CodingKey {
      case name, version, split, accuracy, auc
      case modelDigest = "model_digest"
      case scoredBy = "scored_by"
      case isLeaky = "is_leaky"
      case testSet = "test_set"
      case macroF1 = "macro_f1"
    }
  }

  /// Pictures that only one of them has.
  public struct LeftOut: Codable, Equatable, Sendable {
    /// Pictures that only A has.
    public var a: Int
    /// Pictures that only B has.
    public var b: Int

    /// How many pictures only A has, and how many only B.
    public init(a: Int, b: Int) {
      self.a = a
      self.b = b
    }
  }

  /// The first model; differences are this one minus the other.
  public var a: Side
  /// The second model.
  public var b: Side
  /// In A's order; B has the same ones.
  public var classes: [String]
  /// Pictures that are compared.
  public var pictures: Int
  /// Series that these come from.
  public var series: Int
  /// A minus B.
  public var difference: ModelComparison
  /// Pictures that only one of the two has: none unless those in common were asked for.
  public var leftOut: LeftOut
  /// Whether the two had different series, so that those that share a picture count as one here.
  public var seriesJoined: Bool
  /// What makes the comparison worth less than it looks.
  public var warnings: [String]
  /// What may be said, in words.
  public var conclusions: [String]

  enum CodingKeys: String, CodingKey {
    case a, b, classes, pictures, series, difference, warnings, conclusions
    case leftOut = "left_out"
    case seriesJoined = "series_joined"
  }

  /// - Parameters:
  ///   - names: of the two, for people.
  ///   - common: compare on the pictures both have, instead of refusing others.
  /// - Throws: `ComparisonError`, `EvaluationError`.
  public init(
    _ first: PredictionRecord, _ second: PredictionRecord, names: (a: String, b: String), common: Bool = false
  ) throws {
    let pair = try RecordPairing(first, second, common: common)
    classes = pair.first.classes
    pictures = pair.first.labels.count
    series = Set(pair.first.series).count
    leftOut = LeftOut(a: pair.leftOut.first, b: pair.leftOut.second)
    seriesJoined = pair.hasJoinedSeries
    a = try Self.side(first, pair.first, name: names.a)
    b = try Self.side(second, pair.second, name: names.b)
    difference = try ModelComparison(pair.first, pair.second)
    let marks = ScoreMark.allCases.filter { first.marks.contains($0) || second.marks.contains($0) }
    difference.auc.difference = difference.auc.difference.marked(marks)
    difference.accuracy.difference = difference.accuracy.difference.marked(marks)
    warnings = Self.warnings(first, name: "A") + Self.warnings(second, name: "B")
    if first.isLeaky != second.isLeaky {
      warnings.append(
        "Only \(first.isLeaky ? "A" : "B") knows slices of the series it is scored on, so the comparison is not fair.")
    }
    if first.marks.contains(.opened) != second.marks.contains(.opened) {
      warnings.append(
        "Only \(first.marks.contains(.opened) ? "A" : "B") was made after test pictures were first scored, so the comparison is not fair.")
    }
    if seriesJoined { warnings.append("The two had different series; those that share a picture count as one here.") }
    if pair.first.probabilities == pair.second.probabilities {
      conclusions = [
        "The two gave the same answers, every probability of every picture: neither is better, and no interval is needed to say so."
      ]
    } else {
      conclusions = [
        Self.conclusion("AUC", difference.auc),
        difference.mcNemar.onlyFirst + difference.mcNemar.onlySecond == 0
          ? "The two are right on the same pictures: they do not differ in accuracy."
          : Self.conclusion("accuracy", difference.accuracy),
      ]
    }
  }

  private static func side(_ record: PredictionRecord, _ predictions: Predictions, name: String) throws -> Side {
    let report = try Evaluation.evaluate(predictions, bootstrap: BootstrapSettings(resamples: 100, seed: 0))
      .marked(record.marks)
    return Side(
      name: name, modelDigest: record.modelDigest, version: record.version, split: record.split.method,
      scoredBy: record.comparedAnswers, isLeaky: record.isLeaky, testSet: record.split.testSet,
      accuracy: report.accuracy, auc: report.auc, macroF1: report.macroF1)
  }

  private static func warnings(_ record: PredictionRecord, name: String) -> [String] {
    var warnings = record.split.warnings.map { "\(name): \($0)" }
    if record.marks.contains(.opened) {
      warnings.insert("\(name): \(ScoreMark.opened.rawValue): \(ScoreMark.opened.meaning).", at: 0)
    }
    if record.isLeaky {
      warnings.insert(
        "\(name): \(Leakage.mark) ('\(record.split.method)'): slices of one series, or the pictures themselves, are on both sides; nothing here says how it would do on new patients.",
        at: 0)
    }
    return warnings
  }

  /// "Better" only where the interval of the difference leaves out 0.
  private static func conclusion(_ name: String, _ compared: PairedComparison) -> String {
    let metric = compared.difference
    let range = metric.low.flatMap { low in metric.high.map { "\(signed(low)) to \(signed($0))" } } ?? ""
    let difference = "A minus B is \(signed(metric.value))"
    return switch compared.verdict {
    case .better: "A is better in \(name): \(difference), and its interval, \(range), lies above 0."
    case .worse: "B is better in \(name): \(difference), and its interval, \(range), lies below 0."
    case .undecided:
      "The data do not show that either is better in \(name): \(difference), and its interval, \(range), holds 0."
    case .unknown where metric.value == 0 && metric.method.hasSuffix("series do not differ"):
      "The two do not differ in \(name) on any series."
    case .unknown: "Which is better in \(name) cannot be said: \(difference), but there is \(metric.method)."
    }
  }

  private static func signed(_ value: Double) -> String { String(format: "%+.3f", value) }

  /// Both sides' test sets, where there are any.
  var openings: [String] {
    [("A", a), ("B", b)].compactMap { letter, side in
      side.testSet.map { "\(letter), when it was scored: \($0.sentence)" }
    }
  }

  /// The whole as one JSON object.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

extension PredictionRecord {
  /// How its answers came about: the scores beside them may be means over repeats, the answers are those of the first.
  var comparedAnswers: String {
    guard repeats > 1 else { return split.scoredBy }
    let words = split.scoredBy.replacing(Scores.meansClause(repeats), with: "")
    return words + "; the answers of the first of \(repeats) repeats, so that figures differ from the scores, which are means"
  }
}
