import Foundation

/// One of the figures that the bootstrap follows, and what is needed to give it an interval.
struct Figure {
  enum Kind {
    case loss, accuracy, balancedAccuracy, sensitivity, specificity, areaUnderCurve, macroF1, brier
    case classSensitivity(Int), classPrecision(Int), classF1(Int)
  }

  /// Which values the figure can take: its interval is symmetric on the logarithm of the odds
  /// (`share`) or on the logarithm (`positive`), so that it never leaves them.
  enum Scale {
    case share(upper: Double)
    case positive
  }

  var kind: Kind
  var scale: Scale
  /// Pictures the figure rests on.
  var images: Int
  /// Series with one of them.
  var series: Int
  /// Number of series of the smallest class, or side, that the figure rests on.
  var smallestSide: Int

  /// The figure with its interval.
  ///
  /// - Parameters:
  ///   - value: the figure over all pictures.
  ///   - spread: how much it varies.
  func metric(value: Double, spread: Spread, settings: BootstrapSettings) throws -> Metric {
    func metric(_ interval: Interval?, _ method: String) -> Metric {
      Metric(
        value: value, low: interval?.low, high: interval?.high, method: method, images: images, series: series)
    }
    guard smallestSide >= BootstrapSettings.minimumSeries else {
      return metric(nil, "no interval: \(smallestSide) series")
    }
    guard spread.undefined * 10 <= settings.resamples else {
      return metric(nil, "no interval: undefined in \(spread.undefined) of \(settings.resamples) resamples")
    }
    let quantile = studentQuantile(0.5 + settings.level / 2, degreesOfFreedom: spread.degreesOfFreedom)
    let half = quantile * spread.standardError
    switch scale {
    case .positive:
      guard spread.standardError > 0 else { return metric(nil, "no interval: series do not differ") }
      let factor = exp(half / value)
      return metric(Interval(low: value / factor, high: value * factor), "cluster bootstrap")
    case .share(let upper):
      let share = value / upper
      guard spread.standardError > 1e-12 * upper, share > 0, share < 1 else {
        let series = Double(smallestSide)
        let interval = try wilsonInterval(successes: share * series, trials: series, level: settings.level)
        return metric(
          Interval(low: upper * interval.low, high: upper * interval.high), "Wilson over series, which do not differ")
      }
      let odds = share / (1 - share)
      let factor = exp(half / upper / (share * (1 - share)))
      return metric(
        Interval(low: upper * logistic(odds / factor), high: upper * logistic(odds * factor)), "cluster bootstrap")
    }
  }

  /// The share that belongs to odds; infinite odds are 1.
  private func logistic(_ odds: Double) -> Double { odds.isInfinite ? 1 : odds / (1 + odds) }
}
