import Foundation

/// Which values a figure can take, and how its interval follows from its spread.
enum FigureScale {
  /// 0…upper: the interval of a share (`effectiveSampleInterval`), which never leaves them.
  case share(upper: Double)
  /// More than 0: symmetric on the scale of logarithms.
  case positive
  /// Any number: symmetric.
  case any

  /// The method of a share that is the same whichever series is left out.
  static let standsStill = "Wilson over series, which do not differ"

  /// - Parameters:
  ///   - value: the figure over all pictures.
  ///   - spread: how much it varies from one set of series to another.
  ///   - smallestSide: number of series of the smallest class, or side, that the figure rests on.
  /// - Returns: the interval and how it was found, or why there is none.
  func interval(
    of value: Double, spread: Spread, smallestSide: Int, settings: BootstrapSettings
  ) throws -> (interval: Interval?, method: String) {
    guard smallestSide >= BootstrapSettings.minimumSeries else { return (nil, "no interval: \(smallestSide) series") }
    guard spread.undefined * 10 <= spread.drawn else {
      return (nil, "no interval: undefined in \(spread.undefined) of \(spread.drawn) \(spread.method.unit)")
    }
    let quantile = studentQuantile(0.5 + settings.level / 2, degreesOfFreedom: spread.degreesOfFreedom)
    let half = quantile * spread.standardError
    switch self {
    case .any:
      guard spread.standardError > 0 else { return (nil, "no interval: series do not differ") }
      return (Interval(low: value - half, high: value + half), spread.method.rawValue)
    case .positive:
      guard spread.standardError > 0, value > 0 else { return (nil, "no interval: series do not differ") }
      let factor = exp(half / value)
      return (Interval(low: value / factor, high: value * factor), spread.method.rawValue)
    case .share(let upper):
      let share = value / upper
      guard spread.standardError > 1e-9 * upper, share > 0, share < 1 else {
        let series = Double(smallestSide)
        let interval = try wilsonInterval(
          successes: min(1, max(0, share)) * series, trials: series, level: settings.level)
        return (Interval(low: upper * interval.low, high: upper * interval.high), Self.standsStill)
      }
      let error = spread.standardError / upper
      let interval = try effectiveSampleInterval(
        share: share, variance: error * error, degreesOfFreedom: spread.degreesOfFreedom, level: settings.level)
      return (Interval(low: upper * interval.low, high: upper * interval.high), spread.method.rawValue)
    }
  }
}
