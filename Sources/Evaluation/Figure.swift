/// One of a report's figures, and what is needed to give it an interval over series.
struct Figure {
  enum Kind: Equatable {
    case loss, accuracy, balancedAccuracy, sensitivity, specificity, areaUnderCurve, macroF1, brier
    case classSensitivity(Int), classPrecision(Int), classF1(Int)
  }

  var kind: Kind
  var scale: FigureScale
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
    let found = try scale.interval(of: value, spread: spread, smallestSide: smallestSide, settings: settings)
    return Metric(
      value: value, low: found.interval?.low, high: found.interval?.high, method: found.method, images: images,
      series: series)
  }
}
