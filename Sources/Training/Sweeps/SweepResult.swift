import Evaluation
import Foundation
import LocalFiles

/// The content of `sweep.json`: every trial, and which one is chosen.
///
/// Nothing in it depends on when or how often the sweep was interrupted.
public struct SweepResult: Codable, Equatable, Sendable {
  /// Name of the result's file in the sweep's folder.
  public static let fileName = "sweep.json"
  /// Name of the chart's file in the sweep's folder.
  public static let chartName = "sweep.svg"
  /// Name of the winner's parameters in the sweep's folder, written as a `params.yaml`.
  public static let winnerName = "params.best.yaml"

  /// The program's.
  public var version: String
  /// How trials were chosen.
  public var method: SweepSpecification.Method
  /// Of a random search's draws; nil for a grid.
  public var seed: UInt64?
  /// What trials were judged by.
  public var metric: SweepMetric
  /// Whether a smaller value of the metric is better.
  public var isLowerBetter: Bool
  /// Folds of each cross-validation.
  public var folds: Int
  /// How often the cross-validation was made, each time with other folds.
  public var repeats: Int
  /// What holds in every trial, by key; what a trial varies is over it.
  public var parameters: [String: String]
  /// Keys that are varied, in the specification's order.
  public var varied: [String]
  /// Hexadecimal, of the data set's manifest.
  public var dataDigest: String
  /// Hexadecimal, of the division that sets the test part aside.
  public var splitDigest: String
  /// Pictures that were scored: those of the training and validation parts.
  public var pictures: Int
  /// Series that these come from.
  public var series: Int
  /// How series were found: by patient, by number, by look.
  public var seriesBasis: String
  /// Pictures of the test part, which was not looked at.
  public var setAside: Int
  /// In the specification's order.
  public var trials: [TrialResult]
  /// Which trial is chosen, and by what.
  public var choice: Choice
  /// How often models were scored on these pictures: trials with a score.
  public var looks: Int
  /// What a reader must know.
  public var notes: [String]

  /// The winner by the one-standard-error rule; trials by number.
  public struct Choice: Codable, Equatable, Sendable {
    /// Number of the trial with the best score; of equals the first.
    public var best: Int
    /// Of the best score, by its folds; nil where the folds do not tell.
    public var standardError: Double?
    /// The last score that still counts as equal to the best.
    public var threshold: Double
    /// Numbers of the trials whose scores count as equal to the best, in rising order; the best is one.
    public var within: [Int]
    /// Number of the simplest of these; of equally simple ones the better, then the first.
    public var winner: Int
    /// What makes one of these simpler than another, the first difference deciding.
    public var simplicityOrder: [String]

    enum CodingKeys: String, CodingKey {
      case best, threshold, within, winner
      case standardError = "standard_error"
      case simplicityOrder = "simplicity_order"
    }
  }

  enum CodingKeys: String, CodingKey {
    case version, method, seed, metric, folds, repeats, parameters, varied, pictures, series, trials, choice, looks, notes
    case isLowerBetter = "lower_is_better"
    case dataDigest = "data_digest"
    case splitDigest = "split_digest"
    case seriesBasis = "series_basis"
    case setAside = "set_aside"
  }

  /// - Parameter trials: one for each of the plan's.
  /// - Throws: `SweepError.nothingScored` if all failed.
  init(_ plan: SweepPlan, trials: [TrialResult], version: String) throws {
    let metric = plan.specification.metric
    let scored = trials.compactMap { trial in
      trial.metrics.map { (trial: trial, score: metric.metric(in: $0).value) }
    }
    let simplicity = scored.map { Simplicity(plan.trials[$0.trial.number - 1].parameters ?? plan.parameters) }
    let rule = OneStandardErrorRule(
      scores: scored.map(\.score), standardErrors: scored.map(\.trial.standardError), simplicity: simplicity,
      isLowerBetter: metric.isLowerBetter)
    guard let rule else { throw SweepError.nothingScored(failures: trials.compactMap(\.failure)) }
    self.version = version
    method = plan.specification.method
    seed = method == .random ? plan.specification.seed ?? plan.parameters.seed : nil
    self.metric = metric
    isLowerBetter = metric.isLowerBetter
    folds = plan.folds
    repeats = plan.repeats
    parameters = Dictionary(uniqueKeysWithValues: plan.parameters.record)
    varied = plan.specification.space.dimensions.map(\.key)
    dataDigest = plan.data.manifest.digest.hex
    splitDigest = plan.division.split.digest.hex
    pictures = plan.pictures.count
    series = plan.series
    seriesBasis = plan.division.series.basis.rawValue
    setAside = plan.setAside
    self.trials = trials
    func number(_ place: Int) -> Int { scored[place].trial.number }
    choice = Choice(
      best: number(rule.best), standardError: scored[rule.best].trial.standardError, threshold: rule.threshold,
      within: rule.within.map(number), winner: number(rule.winner), simplicityOrder: Simplicity.order)
    looks = scored.count
    notes = []
    notes = remarks(winner: plan.trials[choice.winner - 1].parameters) + (plan.foldsNote.map { [$0] } ?? [])
  }

  /// The score of a trial; nil for one that failed.
  public func score(of trial: TrialResult) -> Metric? { trial.metrics.map(metric.metric(in:)) }

  /// Trials without a score; `failure` of each says why.
  public var failed: [TrialResult] { trials.filter { $0.failure != nil } }

  /// Those with a score, the best first; of equals the first.
  public var ranked: [TrialResult] {
    trials.filter { $0.metrics != nil }.enumerated().sorted { a, b in
      let (first, second) = (score(of: a.element)!.value, score(of: b.element)!.value)
      return first == second ? a.offset < b.offset : metric.isBetter(first, than: second)
    }.map(\.element)
  }

  /// - Precondition: `number` is 1 to the number of trials.
  public func trial(_ number: Int) -> TrialResult { trials[number - 1] }

  /// The file's text.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// - Throws: `LocalFileError`.
  func write(to folder: URL, plan: SweepPlan) throws {
    try AtomicFile.write(try json(), to: folder.appending(path: Self.fileName))
    try AtomicFile.write(chart.svg(), to: folder.appending(path: Self.chartName))
    if let parameters = plan.trials[choice.winner - 1].parameters {
      try AtomicFile.write(parameters.yaml, to: folder.appending(path: Self.winnerName))
    }
  }
}
