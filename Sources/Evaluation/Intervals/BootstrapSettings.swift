/// The level of intervals, and how those that are drawn are drawn; kept with the result, so that it
/// can be repeated.
public struct BootstrapSettings: Codable, Sendable, Equatable {
  /// Number of resamples.
  public var resamples: Int
  /// Seed of the draws.
  public var seed: UInt64
  /// Confidence level.
  public var level: Double

  /// With fewer series than this in a class, no interval is given for what rests on that class.
  public static let minimumSeries = 5

  /// - Parameters:
  ///   - resamples: from 100 to 1,000,000; checked where they are drawn.
  ///   - level: between 0 and 1, both excluded; checked likewise.
  public init(resamples: Int = 2000, seed: UInt64, level: Double = 0.95) {
    self.resamples = resamples
    self.seed = seed
    self.level = level
  }

  func check() throws {
    guard (100...1_000_000).contains(resamples) else {
      throw EvaluationError.settingOutOfRange(setting: "resamples", actual: "\(resamples)", range: "100...1000000")
    }
    try checkLevel(level)
  }
}
