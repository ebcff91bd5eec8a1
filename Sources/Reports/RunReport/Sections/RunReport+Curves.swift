import Evaluation

extension RunReport {
  func curvesSection(_ curves: RunCurves, _ language: Language) -> Document.Section {
    func each<Curve>(_ list: [ClassCurve<Curve>], _ metric: (Curve) -> Metric) -> String {
      list.map { item in
        let text = MetricText.sentence(marked(metric(item.curve)), in: language)
        return list.count == 1 ? text : language(ScoreText.ofClass, item.className, text)
      }.joined(separator: "; ")
    }
    let prevalence = curves.decision.count == 1 ? curves.decision[0].curve.prevalence : nil
    return Document.Section(
      language(ScoreText.curves),
      [
        .figures([
          .init(
            CurveCharts.roc(curves.roc, in: language),
            caption: InlineText(language(ScoreText.rocCaption, each(curves.roc, \.area)))),
          .init(
            CurveCharts.precisionRecall(curves.precisionRecall, prevalence: prevalence, in: language),
            caption: InlineText(
              language(ScoreText.precisionCaption, each(curves.precisionRecall, \.averagePrecision)))),
          .init(
            ConfusionChart.drawing(classes: report.classes, counts: report.confusionMatrix, in: language),
            caption: InlineText(language(ScoreText.confusionCaption))),
        ]),
        .table(confusionTable(language)),
      ])
  }

  func calibrationSection(_ curves: RunCurves, _ language: Language) -> Document.Section {
    Document.Section(
      language(ScoreText.calibration),
      [
        .paragraph(InlineText(language(ScoreText.calibrationIntro))),
        .paragraph(InlineText(language(model.isCalibrated ? ScoreText.calibrated : .notCalibrated))),
        .figures(
          curves.calibration.map { item in
            .init(
              CurveCharts.reliability(markedBins(item), in: language),
              caption: InlineText(
                language(
                  ScoreText.reliabilityCaption,
                  MetricText.sentence(marked(item.curve.expectedError), in: language))))
          }),
        .table(calibrationTable(curves, language)),
      ])
  }

  /// What a pointer over a mark shows is quoted like any other figure.
  private func markedBins(_ item: ClassCurve<CalibrationBins>) -> ClassCurve<CalibrationBins> {
    var item = item
    for index in item.curve.bins.indices { item.curve.bins[index].observed = marked(item.curve.bins[index].observed) }
    return item
  }

  func calibrationTable(_ curves: RunCurves, _ language: Language) -> DocumentTable {
    let rows = zip(curves.calibration, curves.lines).flatMap { bins, line in
      func name(_ text: ScoreText) -> String { language(ScoreText.ofClass, bins.className, language(text)) }
      func row(_ text: ScoreText, _ path: KeyPath<CalibrationLine, Metric>) -> MetricRow {
        switch line.curve {
        case .line(let fitted): MetricRow(name(text), marked(fitted[keyPath: path]))
        case .none(let reason): MetricRow(name(text), undefined: language(reason))
        }
      }
      return [
        MetricRow(name(.expectedError), marked(bins.curve.expectedError)), row(.slope, \.slope),
        row(.intercept, \.intercept), row(.inTheLarge, \.interceptInTheLarge),
      ]
    }
    return .metrics(
      caption: language(ScoreText.calibrationTable), name: language(ScoreText.metric), rows, level: level, in: language)
  }

  func decisionSection(_ curves: RunCurves, _ language: Language) -> Document.Section {
    var blocks: [Document.Block] = [
      .paragraph(InlineText(language(ScoreText.decisionIntro))),
      .figures(
        curves.decision.map { item in
          let middle = item.curve.points[item.curve.points.count / 2].netBenefit
          return .init(
            CurveCharts.decision(item, in: language),
            caption: InlineText(
              language(ScoreText.decisionCaption, MetricText.sentence(marked(middle), in: language))))
        }),
    ]
    for item in curves.predictive { blocks.append(.table(predictiveTable(item, language))) }
    return Document.Section(language(ScoreText.decision), blocks)
  }

  private func predictiveTable(_ item: ClassCurve<[DecisionFigures]>, _ language: Language) -> DocumentTable {
    let rows = item.curve.flatMap { figures in
      func row(_ text: ScoreText, _ metric: Metric?) -> MetricRow {
        let name = language(text, MetricText.percent(figures.prevalence))
        return metric.map { MetricRow(name, marked($0)) } ?? MetricRow(name, undefined: language(ScoreText.noneCalled))
      }
      return [row(.positiveValue, figures.positivePredictiveValue), row(.negativeValue, figures.negativePredictiveValue)]
    }
    return .metrics(
      caption: language(ScoreText.predictiveTable, item.className), name: language(ScoreText.metric), rows, level: level,
      in: language)
  }

  func abstentionSection(_ curves: RunCurves, _ language: Language) -> Document.Section {
    Document.Section(
      language(ScoreText.abstention),
      [
        .paragraph(InlineText(language(ScoreText.abstentionIntro))),
        .figures([
          .init(
            CurveCharts.riskCoverage(curves.riskCoverage, in: language),
            caption: InlineText(
              language(
                ScoreText.abstentionCaption, MetricText.sentence(marked(curves.riskCoverage.area), in: language))))
        ]),
        .paragraph(
          InlineText(
            language(model.abstains ? ScoreText.abstains : .doesNotAbstain) + " "
              + language(model.hasGate ? ScoreText.gate : .noGate))),
      ])
  }
}
