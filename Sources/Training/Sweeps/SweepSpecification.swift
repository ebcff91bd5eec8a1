import Foundation

/// What a sweep tries, and how it is judged: the content of a sweep's YAML file.
public struct SweepSpecification: Equatable, Sendable {
  /// How trials are chosen.
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// Every combination of the lists.
    case grid
    /// So many random ones.
    case random
  }

  /// How trials are chosen.
  public var method: Method
  /// Of a random search; nil for a grid.
  public var trials: Int?
  /// Of the random search's draws; nil takes the project's SEED.
  public var seed: UInt64?
  /// The keys that vary, and what each may be.
  public var space: SearchSpace
  /// Values that hold in every trial, over those of `params.yaml`.
  public var base: [ParameterSetting]
  /// Nil takes FOLDS. Where a class has fewer series, as many as it has.
  public var folds: Int?
  /// Nil takes FOLD_REPEATS.
  public var repeats: Int?
  /// What trials are judged by.
  public var metric: SweepMetric

  /// - Parameters:
  ///   - trials: of a random search, 1 to `mostTrials`.
  ///   - folds: 2 to 50; nil takes FOLDS.
  ///   - repeats: 1 to 100; nil takes FOLD_REPEATS.
  public init(
    method: Method, trials: Int? = nil, seed: UInt64? = nil, space: SearchSpace, base: [ParameterSetting] = [],
    folds: Int? = nil, repeats: Int? = nil, metric: SweepMetric = .auc
  ) {
    self.method = method
    self.trials = trials
    self.seed = seed
    self.space = space
    self.base = base
    self.folds = folds
    self.repeats = repeats
    self.metric = metric
  }

  /// More trials than that are an error: nobody reads such a table, and the best of so many says little.
  public static let mostTrials = 1000

  /// What is tried, in order.
  ///
  /// - Parameter seed: the project's, for a specification without one.
  public func assignments(seed: UInt64) -> [[ParameterSetting]] {
    switch method {
    case .grid: space.grid()
    case .random: space.draws(trials ?? 0, seed: self.seed ?? seed)
    }
  }

  /// Refuses values from the command line that a trial would not have.
  ///
  /// - Parameter keys: of `params.yaml`, those with such a value.
  /// - Throws: `SweepError.settingUnused`.
  public func checkUnused(settings keys: [String]) throws {
    for (isVaried, own) in [(true, space.dimensions.map(\.key)), (false, base.map(\.key))] {
      let unused = keys.filter(own.contains)
      if !unused.isEmpty { throw SweepError.settingUnused(keys: unused, isVaried: isVaried) }
    }
  }

  /// Keys that no sweep may vary, and why.
  static func reasonNotToVary(_ key: String) -> String? {
    switch key {
    case "SEED", "SPLIT", "VALIDATION_FRACTION", "TEST_FRACTION":
      "it decides which series are set aside for the test, so a sweep over it would look at them"
    case "FOLDS", "FOLD_REPEATS":
      "it decides how trials are scored; set 'folds' and 'repeats' beside 'parameters'"
    case "CLASSES", "INCLUDE_TOP": "the data and the network leave it one value only"
    default:
      ParameterKey.afterTraining.contains(key)
        ? "it is applied to a trained network's answers, while a sweep scores the answers before that" : nil
    }
  }
}
