/// A weighted sum of rates that rest on different series, such as balanced accuracy, where one of the rates is the same
/// whichever series is left out: 1, as a rule.
///
/// Leaving out series then shows how the other rates vary, and hides that this one does too. Its own interval knows (series
/// that all agree may still be few), so the sum's is made of those of the rates: MOVER, the method of variance estimates
/// recovery (Zou and Donner 2008, "Construction of confidence limits about effect measures: a general approach",
/// equations 5 and 6). How often it holds the truth stands in `docs/validation.md`.
struct RateCombination {
  /// What each rate counts for; any sign.
  var weights: [Double]

  static let method = "from the intervals of its rates"

  /// - Parameters:
  ///   - metric: the weighted sum, up to a constant, with the interval that leaving out series gives.
  ///   - rates: as many as weights.
  /// - Returns: the metric with the interval of its rates where one of them stands still and all have one, else as it is.
  func bounded(_ metric: Metric, by rates: [Metric]) -> Metric {
    precondition(rates.count == weights.count, "one weight for each rate")
    guard rates.contains(where: { $0.method == FigureScale.standsStill }), rates.allSatisfy(\.hasInterval) else {
      return metric
    }
    var (below, above) = (0.0, 0.0)
    for (rate, weight) in zip(rates, weights) {
      let (down, up) = (weight * (rate.value - rate.low!), weight * (rate.high! - rate.value))
      // A negative weight turns the interval round.
      below += weight < 0 ? up * up : down * down
      above += weight < 0 ? down * down : up * up
    }
    var metric = metric
    metric.low = metric.value - below.squareRoot()
    metric.high = metric.value + above.squareRoot()
    metric.method = Self.method
    return metric
  }
}
