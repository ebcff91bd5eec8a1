/// The two ends of an interval.
public struct Interval: Sendable, Equatable, Codable {
  /// The lower end, in the unit of the figure.
  public var low: Double
  /// The upper end, not below `low`.
  public var high: Double

  /// - Parameters:
  ///   - low: the lower end.
  ///   - high: the upper end.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Whether a value lies in it, its ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// The interval of a proportion by Wilson's score method (Wilson 1927; `scipy.stats.binomtest` with
/// `method="wilson"`), for independent trials.
///
/// Pictures of one series are not independent trials: over pictures this interval is far too narrow.
/// - Parameters:
///   - successes: `0...trials`; need not be whole.
///   - trials: more than 0.
///   - level: confidence level, such as 0.95.
/// - Throws: `EvaluationError.settingOutOfRange`.
public func wilsonInterval(successes: Double, trials: Double, level: Double = 0.95) throws -> Interval {
  guard trials > 0, trials.isFinite else {
    throw EvaluationError.settingOutOfRange(setting: "trials", actual: "\(trials)", range: "more than 0")
  }
  guard (0...trials).contains(successes) else {
    throw EvaluationError.settingOutOfRange(setting: "successes", actual: "\(successes)", range: "0...\(trials)")
  }
  try checkLevel(level)
  let share = successes / trials
  let z = normalQuantile(0.5 + level / 2)
  let square = z * z / trials
  let centre = (share + square / 2) / (1 + square)
  let half = z / (1 + square) * (share * (1 - share) / trials + square / (4 * trials)).squareRoot()
  // The ends are exact at 0 and 1, where rounding would leave a residue.
  return Interval(
    low: successes == 0 ? 0 : max(0, centre - half), high: successes == trials ? 1 : min(1, centre + half))
}

func checkLevel(_ level: Double) throws {
  guard level > 0, level < 1 else {
    throw EvaluationError.settingOutOfRange(
      setting: "level", actual: "\(level)", range: "0...1, ends excluded (0.95 is usual)")
  }
}
