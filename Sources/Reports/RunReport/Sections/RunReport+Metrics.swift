import Evaluation

extension RunReport {
  func metricsSection(_ language: Language) -> Document.Section {
    var blocks: [Document.Block] = splitWarnings(language).map { .callout(.warning, $0) }
    blocks.append(
      .paragraph(InlineText(language(ScoreText.metricIntro, "\(BootstrapSettings.minimumSeries)"))))
    blocks.append(
      .table(
        .metrics(
          caption: language(ScoreText.metrics), name: language(ScoreText.metric), metricRows(language), level: level,
          in: language)))
    if split.leak == nil {
      let evidence = LadderEvidence(report)
      blocks.append(.callout(evidence.isEnough ? .note : .warning, InlineText(evidence.words(in: language))))
    }
    if report.positiveClass == nil { blocks.append(.callout(.note, InlineText(language(ScoreText.meansOverClasses)))) }
    blocks.append(
      .table(
        .metrics(
          caption: language(ScoreText.perClass), name: language(ScoreText.metric), classRows(language), level: level,
          in: language)))
    for count in report.counts where count.predicted == 0 {
      blocks.append(.callout(.note, InlineText(language(ScoreText.neverPredicted, count.className))))
    }
    blocks.append(
      .paragraph(
        InlineText(
          language(
            ScoreText.intervals, MetricText.percent(level), "\(report.bootstrap.resamples)", "\(report.bootstrap.seed)")
        )))
    return Document.Section(language(ScoreText.metrics), blocks)
  }

  /// In the order of `scores.json`'s metrics, under names in the reader's language.
  private func metricRows(_ language: Language) -> [MetricRow] {
    let metrics = report.metrics
    func about(_ text: ScoreText) -> String {
      report.positiveClass.map { language(ScoreText.about, language(text), $0) } ?? language(text)
    }
    return [
      MetricRow(language(ScoreText.accuracy), marked(metrics.accuracy)),
      MetricRow(language(ScoreText.balancedAccuracy), marked(metrics.balancedAccuracy)),
      MetricRow(about(.sensitivity), marked(metrics.sensitivity)), MetricRow(about(.specificity), marked(metrics.specificity)),
      MetricRow(about(.auc), marked(metrics.auc)), MetricRow(language(ScoreText.macroF1), marked(metrics.macroF1)),
      MetricRow(language(ScoreText.brier), marked(metrics.brier)), MetricRow(language(ScoreText.loss), marked(metrics.loss)),
    ]
  }

  private func classRows(_ language: Language) -> [MetricRow] {
    report.perClass.flatMap { item in
      func name(_ text: ScoreText) -> String { language(ScoreText.ofClass, item.className, language(text)) }
      return [
        MetricRow(name(.sensitivity), marked(item.sensitivity)),
        item.precision.map { MetricRow(name(.precision), marked($0)) }
          ?? MetricRow(name(.precision), undefined: language(ScoreText.undefinedPrecision)),
        MetricRow(name(.f1), marked(item.f1)),
      ]
    }
  }

  func confusionTable(_ language: Language) -> DocumentTable {
    DocumentTable(
      caption: language(ScoreText.confusionTable),
      columns: [.init(language(ScoreText.trueClass))] + report.classes.map { .init($0, .right) }
        + [.init(language(PageText.pictures), .right), .init(language(PageText.series), .right)],
      rows: zip(report.counts, report.confusionMatrix).map { count, row in
        [InlineText(count.className)] + row.map { "\($0)" } + ["\(count.images)", "\(count.series)"]
      })
  }
}
