import Evaluation
import Foundation

/// One point of a sweep, before it is tried.
public struct SweepTrial: Sendable {
  /// Counted from 1, in the specification's order.
  public var number: Int
  /// What it differs in.
  public var settings: [ParameterSetting]
  /// Nil where these values do not go together; `problem` then says why.
  public var parameters: TrainingParameters?
  /// Why these values do not go together; nil where they do.
  public var problem: String?
  /// Of all that its result depends on: its parameters, the data, the folds, the base and the way it is scored.
  public var digest: String

  package init(number: Int, settings: [ParameterSetting], parameters: TrainingParameters? = nil) {
    self.number = number
    self.settings = settings
    self.parameters = parameters
    digest = ""
  }

  /// "LEARNING_RATE 0.01, DROPOUT 0.5".
  public var name: String { settings.name }
}

/// What a trial came to.
public struct TrialResult: Codable, Equatable, Sendable {
  /// Counted from 1, as its `SweepTrial`.
  public var number: Int
  /// What it differs in, as its `SweepTrial`.
  public var settings: [ParameterSetting]
  /// Of all that the result depends on, as its `SweepTrial`.
  public var digest: String
  /// Why there is no score; nil where there is one.
  public var failure: String?
  /// Over all folds, each figure with its interval; nil for a failed trial.
  public var metrics: ClassificationMetrics?
  /// The sweep's metric in each fold alone. Shape: [repeats, folds]; empty for a failed trial.
  public var folds: [[Double]]

  /// As its `SweepTrial`.
  public var name: String { settings.name }

  /// Of the sweep's metric, by its folds; nil for a failed trial.
  public var standardError: Double? { OneStandardErrorRule.standardError(folds: folds) }

  enum CodingKeys: String, CodingKey { case number, settings, digest, failure, metrics, folds }

  /// Spelled out, since the synthesized version would leave out what is nil.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(settings, forKey: .settings)
    try container.encode(digest, forKey: .digest)
    try container.encode(failure, forKey: .failure)
    try container.encode(metrics, forKey: .metrics)
    try container.encode(folds, forKey: .folds)
  }
}
