import Evaluation
import KidneyData
import Reports

/// How well classes can be told by the files' format alone.
public struct ShortcutFinding: Codable, Sendable {
  public enum Verdict: String, Codable, Sendable {
    /// Format gives classes away.
    case found
    /// It seems to, but it may be chance.
    case suspected
    case notFound = "not_found"
    /// There are too few series to know anything.
    case unknown
  }

  /// What one trait alone achieves.
  public struct Trait: Codable, Sendable {
    public var name: String
    public var auc: Metric
  }

  /// What one property in a few values, such as the size, says of each series by the others.
  public struct Rule: Codable, Sendable {
    public typealias Value = FormatRule.Value

    public var property: String
    public var accuracy: Metric
    /// How often some property of these files is as telling by chance.
    public var chance: Double
    /// Of each class in the classes' order; the most frequent first, at most 20.
    public var values: [Value]

    /// Values that recur in another series, and that some class never has.
    var exclusive: [Value] {
      values.filter { $0.series.reduce(0, +) >= 2 && $0.pictures.contains(0) }
    }
  }

  public struct ClassSeries: Codable, Sendable, Equatable {
    public var className: String
    public var series: Int

    enum CodingKeys: String, CodingKey {
      case className = "class"
      case series
    }
  }

  public var verdict: Verdict
  /// In English.
  public private(set) var explanation = ""
  /// Of all traits together, on series that were not learned from; nil if that is not possible.
  public var auc: Metric?
  public var balancedAccuracy: Metric?
  /// What guessing reaches.
  public var chance: Double
  public var folds: Int?
  /// The best of the single traits, best first.
  public var traits: [Trait]
  /// The most telling properties, best first.
  public var rules: [Rule]
  public var seriesPerClass: [ClassSeries]
  /// How often a property that parts the classes completely would do so by chance.
  public var leastChance: Double

  enum CodingKeys: String, CodingKey {
    case verdict, explanation, auc, chance, folds, traits, rules
    case balancedAccuracy = "balanced_accuracy"
    case seriesPerClass = "series_per_class"
    case leastChance = "least_chance"
  }

  /// A format that separates classes less than this is no shortcut worth taking.
  static let tellingAUC = 0.75
  /// A property is telling if chance is as good less often than this, and it names so much of what guessing leaves or has
  /// values that some class never has.
  static let tellingChance = 0.05
  static let tellingGain = 0.2

  var traitCount: Int { FormatTraits.names.count }

  func isTelling(_ rule: Rule) -> Bool {
    rule.chance <= Self.tellingChance
      && (rule.accuracy.value - chance >= Self.tellingGain * (1 - chance) || !rule.exclusive.isEmpty)
  }

  /// Whether format names classes, rather than leaving some out for some pictures.
  var isComplete: Bool {
    (auc?.value ?? 0) >= Self.tellingAUC || rules.contains { isTelling($0) && $0.accuracy.value - chance >= Self.tellingGain * (1 - chance) }
  }

  /// - Parameter seed: of the folds, the bootstrap and the dealing of classes.
  init(_ audit: DataAudit, seed: UInt64) throws {
    let data = audit.data
    chance = 1 / Double(data.classes.count)
    let counts = audit.series.seriesPerClass(labels: data.labels, classes: data.classes.count)
    seriesPerClass = zip(data.classes, counts).map { ClassSeries(className: $0, series: $1) }
    leastChance = FormatRule.leastChance(seriesPerClass: counts)
    rules = Self.rules(audit, seed: seed)
    traits = []
    verdict = .unknown
    if (counts.min() ?? 0) >= 2 { try measure(audit, seed: seed) }
    verdict = judged
    explanation = text(in: .english)
  }

  /// Trains on some series and answers others; leaves the figures out where series that hold several classes allow no
  /// folds with all of them.
  private mutating func measure(_ audit: DataAudit, seed: UInt64) throws {
    let data = audit.data
    func report(_ values: [[Double]], resamples: Int) throws -> (report: ClassificationReport, folds: Int) {
      let detector = try ShortcutDetector(
        traits: values, labels: data.labels, series: audit.series.seriesOf, classes: data.classes, seed: seed)
      let predictions = try Predictions(
        classes: data.classes, labels: data.labels, probabilities: detector.probabilities,
        series: audit.series.seriesOf)
      let settings = BootstrapSettings(resamples: resamples, seed: seed)
      return (try Evaluation.evaluate(predictions, positiveClass: data.positiveClass, bootstrap: settings), detector.folds)
    }
    let all: (report: ClassificationReport, folds: Int)
    do {
      all = try report(audit.traits.map(\.values), resamples: 1000)
    } catch KidneyDataError.tooFewSeries {
      return
    }
    (auc, balancedAccuracy, folds) = (all.report.auc, all.report.balancedAccuracy, all.folds)
    let single = try FormatTraits.names.indices.compactMap { trait -> Trait? in
      guard Set(audit.traits.map { $0.values[trait] }).count > 1 else { return nil }
      return Trait(name: FormatTraits.names[trait], auc: try report(audit.traits.map { [$0.values[trait]] }, resamples: 200).report.auc)
    }.sorted { ($1.auc.value, $0.name) < ($0.auc.value, $1.name) }
    traits = Array(single.prefix(5))
  }

  private static func rules(_ audit: DataAudit, seed: UInt64) -> [Rule] {
    let data = audit.data
    let properties = audit.traits.map(\.properties)
    let columns = (properties.first ?? []).indices.map { column in
      (name: properties[0][column].name, values: properties.map { $0[column].value })
    }
    let found = FormatRule.all(
      columns, labels: data.labels, series: audit.series.seriesOf, classes: data.classes.count, seed: seed)
    return found.prefix(5).map { rule in
      let accuracy = Metric(
        value: rule.accuracy, low: nil, high: nil,
        method: "no interval: each series by all others; as good by chance with probability \(ShortcutFinding.probability(rule.chance))",
        images: data.count, series: audit.series.count)
      return Rule(property: rule.property, accuracy: accuracy, chance: rule.chance, values: Array(rule.values.prefix(20)))
    }
  }

  private var judged: Verdict {
    if let best = rules.first, isTelling(best) { return .found }
    let seemsTo = (auc?.value ?? 0) >= Self.tellingAUC
    if let auc, let low = auc.low { return seemsTo ? (low > 0.5 ? .found : .suspected) : .notFound }
    guard leastChance <= Self.tellingChance, auc != nil else { return .unknown }
    return seemsTo ? .suspected : .notFound
  }
}
