import Evaluation

/// A curve of one class against the rest.
public struct ClassCurve<Curve: Sendable>: Sendable {
  public var className: String
  public var curve: Curve

  public init(_ className: String, _ curve: Curve) {
    self.className = className
    self.curve = curve
  }
}

/// The charts of what a model is worth, each of one or more classes against the rest.
public enum CurveCharts {
  /// Sensitivity against the share of false positives. Areas with their intervals belong in the caption.
  public static func roc(_ curves: [ClassCurve<RocCurve>], in language: Language) -> SVGDrawing {
    Plot(
      title: language(ChartText.roc), horizontalLabel: language(ChartText.falsePositives),
      verticalLabel: language(ChartText.sensitivity), horizontal: 0...1, vertical: 0...1,
      layers: [.reference([.init(x: 0, y: 0), .init(x: 1, y: 1)], name: language(ChartText.chance))]
        + curves.enumerated().map { index, item in
          .curve(
            item.curve.points.map { Plot.Point(x: $0.falsePositiveRate, y: $0.sensitivity) },
            name: item.className, look: index)
        }
    ).drawing()
  }

  /// Precision against sensitivity. With one class its prevalence, which chance reaches, is drawn as well.
  public static func precisionRecall(
    _ curves: [ClassCurve<PrecisionRecallCurve>], prevalence: Double?, in language: Language
  ) -> SVGDrawing {
    var layers: [Plot.Layer] = []
    if let prevalence {
      layers.append(
        .reference([.init(x: 0, y: prevalence), .init(x: 1, y: prevalence)], name: language(ChartText.prevalence)))
    }
    for (index, item) in curves.enumerated() {
      // Precision holds from the sensitivity before up to its own: the step that average precision sums.
      var points: [Plot.Point] = []
      var before = 0.0
      for point in item.curve.points {
        if point.sensitivity > before { points.append(.init(x: before, y: point.precision)) }
        points.append(.init(x: point.sensitivity, y: point.precision))
        before = point.sensitivity
      }
      layers.append(.curve(points, name: item.className, look: index))
    }
    return Plot(
      title: language(ChartText.precisionRecall), horizontalLabel: language(ChartText.sensitivity),
      verticalLabel: language(ChartText.precision), horizontal: 0...1, vertical: 0...1, layers: layers
    ).drawing()
  }

  /// What was said beside what came true, with each bin's interval and its number of pictures.
  public static func reliability(_ item: ClassCurve<CalibrationBins>, in language: Language) -> SVGDrawing {
    let most = item.curve.bins.map(\.observed.images).max() ?? 1
    let marks = item.curve.bins.map { bin in
      Plot.Mark(
        x: bin.meanProbability, y: bin.observed.value, low: bin.observed.low, high: bin.observed.high,
        tooltip: "\(MetricText.number(bin.meanProbability)): \(MetricText.sentence(bin.observed, in: language))")
    }
    let bars = item.curve.bins.map { bin in
      Plot.Bar(
        from: bin.low, through: bin.high, height: Double(bin.observed.images) / Double(most),
        text: "\(bin.observed.images)")
    }
    return Plot(
      title: language(ChartText.ofClass, language(ChartText.reliability), item.className),
      horizontalLabel: language(ChartText.said), verticalLabel: language(ChartText.observed), horizontal: 0...1,
      vertical: 0...1,
      layers: [
        .bars(bars), .reference([.init(x: 0, y: 0), .init(x: 1, y: 1)], name: language(ChartText.perfect)),
        .marks(marks, name: language(ChartText.model), look: 0),
      ]
    ).drawing()
  }

  /// Net benefit against the threshold probability with its interval as a band, beside treating everybody and nobody.
  public static func decision(_ item: ClassCurve<DecisionCurve>, in language: Language) -> SVGDrawing {
    let points = item.curve.points
    let highest = max(item.curve.prevalence, points.map(\.netBenefit.value).max() ?? 0)
    return Plot(
      title: language(ChartText.ofClass, language(ChartText.decision), item.className),
      horizontalLabel: language(ChartText.threshold), verticalLabel: language(ChartText.netBenefit), horizontal: 0...1,
      // Far below nothing treated, how bad a choice is no longer matters.
      vertical: -0.25 * highest...highest,
      layers: [
        .band(
          points.map { Plot.Span(x: $0.threshold, low: $0.netBenefit.low, high: $0.netBenefit.high) }, look: 0),
        .reference([.init(x: 0, y: 0), .init(x: 1, y: 0)], name: language(ChartText.treatNone)),
        .curve(
          points.map { Plot.Point(x: $0.threshold, y: $0.treatAll) }, name: language(ChartText.treatAll), look: 1),
        .curve(
          points.map { Plot.Point(x: $0.threshold, y: $0.netBenefit.value) }, name: language(ChartText.model), look: 0),
      ]
    ).drawing()
  }

  /// The share of wrong answers against the share of pictures answered, the surest first.
  public static func riskCoverage(_ curve: RiskCoverage, in language: Language) -> SVGDrawing {
    let all = curve.points.last?.risk ?? 0
    return Plot(
      title: language(ChartText.riskCoverage), horizontalLabel: language(ChartText.coverage),
      verticalLabel: language(ChartText.risk), horizontal: 0...1,
      vertical: 0...max(0.05, curve.points.map(\.risk).max() ?? 0),
      layers: [
        .reference([.init(x: 0, y: all), .init(x: 1, y: all)], name: language(ChartText.noAbstention)),
        .curve(
          curve.points.map { Plot.Point(x: $0.coverage, y: $0.risk) }, name: language(ChartText.model), look: 0),
      ]
    ).drawing()
  }
}
