import Evaluation

extension RunReport {
  /// The whole report, for a page.
  ///
  /// - Throws: `EvaluationError` where predictions and report do not belong together, `ReportError` for a history whose
  ///   arrays differ in length.
  public func document(in language: Language) throws -> Document {
    let curves = try RunCurves(self)
    return Document(
      language: language, title: language(ScoreText.report, name), facts: titleFacts(language),
      sections: [
        purpose(language), metricsSection(language), curvesSection(curves, language),
        calibrationSection(curves, language), decisionSection(curves, language), abstentionSection(curves, language),
        rulesSection(language), mistakesSection(language), try subgroupsSection(language), ladderSection(language),
        dataSection(language),
        auditSection(language), splitSection(language), ledgerSection(language),
        try modelSection(language, withCurves: true), PurposeSection.licences(in: language),
      ], hasContents: true)
  }

  /// The model card: what a model file's reader must know, without figures.
  ///
  /// - Throws: as `document(in:)`.
  public func modelCard(in language: Language) throws -> Document {
    let curves = try RunCurves(self)
    var metrics = metricsSection(language)
    metrics.blocks += [.table(confusionTable(language)), .table(calibrationTable(curves, language))]
    return Document(
      language: language, title: language(ScoreText.card, name), facts: titleFacts(language),
      sections: [
        purpose(language), metrics, rulesSection(language), try subgroupsSection(language), ladderSection(language),
        dataSection(language),
        auditSection(language), splitSection(language), ledgerSection(language),
        try modelSection(language, withCurves: false), PurposeSection.licences(in: language),
      ])
  }

  func purpose(_ language: Language) -> Document.Section {
    PurposeSection.purpose(
      classes: report.classes, fewest: data.classes.min { $0.series < $1.series },
      seriesByLook: split.basis != .patient,
      in: language)
  }

  /// The lines below the title: what was scored on what, and by which program.
  func titleFacts(_ language: Language) -> [InlineText] {
    var facts: [InlineText] = [
      InlineText(
        language(
          ScoreText.runOf, report.classes.joined(separator: ", "), language.pictures(report.images),
          language.series(report.series))),
      InlineText(
        language(ScoreText.modelLine, String(model.digest.prefix(12)), String(data.digest.prefix(12))) + " "
          + language(ScoreText.madeBy, version)),
    ]
    facts += marks.map { .warning(language($0)) }
    return facts
  }
}
