/// The interval of a share that was estimated from series: Clopper and Pearson's exact interval for as
/// many independent trials as would give the same variance (Korn and Graubard 1998, "Confidence
/// intervals for proportions with small expected number of positive counts estimated from survey
/// data", with their correction for the degrees of freedom).
///
/// Of the intervals simulated in `Reference/evaluation` it is the one that holds the truth in 0.93 to
/// 0.97 of studies from 60 series up, for shares near 1 and strongly correlated series too. It serves
/// any figure between 0 and 1 that behaves like a mean: AUC, Brier score and F1 as well.
///
/// - Parameters:
///   - share: the estimate, 0…1, ends excluded.
///   - variance: of the estimate, over series; more than 0.
///   - degreesOfFreedom: of the variance, more than 0.
///   - level: confidence level.
/// - Throws: `EvaluationError.settingOutOfRange`.
public func effectiveSampleInterval(
  share: Double, variance: Double, degreesOfFreedom: Double, level: Double = 0.95
) throws -> Interval {
  guard share > 0, share < 1 else {
    throw EvaluationError.settingOutOfRange(setting: "share", actual: "\(share)", range: "0...1, ends excluded")
  }
  guard variance > 0, variance.isFinite else {
    throw EvaluationError.settingOutOfRange(setting: "variance", actual: "\(variance)", range: "more than 0")
  }
  guard degreesOfFreedom > 0 else {
    throw EvaluationError.settingOutOfRange(
      setting: "degreesOfFreedom", actual: "\(degreesOfFreedom)", range: "more than 0")
  }
  try checkLevel(level)
  let tail = (1 - level) / 2
  let widening = normalQuantile(1 - tail) / studentQuantile(1 - tail, degreesOfFreedom: degreesOfFreedom)
  let trials = share * (1 - share) / variance * widening * widening
  return exactInterval(successes: share * trials, trials: trials, level: level)
}

/// Clopper and Pearson's interval (1934), for numbers of trials that need not be whole.
func exactInterval(successes: Double, trials: Double, level: Double) -> Interval {
  let tail = (1 - level) / 2
  let failures = trials - successes
  return Interval(
    low: successes > 0 ? betaQuantile(tail, successes, failures + 1) : 0,
    high: failures > 0 ? betaQuantile(1 - tail, successes + 1, failures) : 1)
}
