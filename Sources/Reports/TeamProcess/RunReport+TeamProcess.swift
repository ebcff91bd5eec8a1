import Evaluation

extension RunReport {
  /// The seven documents of the Team Data Science Process, each figure from this run's records with its interval.
  ///
  /// What no record holds, such as people and budget, is said to be missing, with the place to write it.
  ///
  /// - Parameter facts: what the run store knows besides.
  /// - Throws: as `document(in:)`.
  public func teamProcess(_ facts: TeamProcessFacts, in language: Language) throws -> [TeamProcessDocument] {
    func document(_ name: String, _ title: TeamProcessText, _ sections: [Document.Section]) -> TeamProcessDocument {
      TeamProcessDocument(
        fileName: name,
        document: Document(
          language: language, title: language(title, self.name), facts: titleFacts(language), sections: sections))
    }
    return [
      document("project_charter.md", .charter, charter(facts, language)),
      document(
        "data_summary.md", .dataSummary,
        [sourceSection(facts, language), dataSection(language), auditSection(language), splitSection(language)]),
      document("data_dictionary.md", .dictionary, dictionary(language)),
      document("baseline_models.md", .baseline, [try simplestBaseline(language), ladderSection(language)]),
      document("model_report.md", .modelReport, try modelReport(language)),
      document("deployment.md", .deployment, deployment(facts, language)),
      document("exit_report.md", .exitReport, exitReport(facts, language)),
    ]
  }

  /// "Not recorded: " and why, so that nobody takes a gap for a finding.
  func notRecorded(_ reason: TeamProcessText, _ language: Language) -> InlineText {
    InlineText(withCode: language(TeamProcessText.notRecorded, language(reason)))
  }

  // MARK: - Charter

  private func charter(_ facts: TeamProcessFacts, _ language: Language) -> [Document.Section] {
    let unit = language(TeamProcessText.oneSlice)
    return [
      purpose(language),
      Document.Section(
        language(TeamProcessText.question),
        [
          .definitions([
            .init(language(TeamProcessText.target), InlineText(report.classes.joined(separator: ", "))),
            .init(
              language(TeamProcessText.positiveClass), InlineText(report.positiveClass ?? language(PageText.none))),
            .init(language(TeamProcessText.unit), InlineText(unit)),
          ])
        ]),
      Document.Section(
        language(TeamProcessText.success),
        [.paragraph(InlineText(withCode: language(TeamProcessText.successGate)))] + quotation(language)),
      stages(facts, language),
      Document.Section(
        language(TeamProcessText.people), [.callout(.note, notRecorded(.peopleMissing, language))]),
    ]
  }

  private func stages(_ facts: TeamProcessFacts, _ language: Language) -> Document.Section {
    let trained: InlineText =
      facts.run.map { run in
        InlineText(
          run.seconds.map { language(TeamProcessText.trainedOn, run.started, MetricText.short($0)) }
            ?? language(TeamProcessText.untimed, run.started))
      } ?? notRecorded(.noRun, language)
    let released: InlineText =
      facts.versions.isEmpty
      ? notRecorded(.noVersions, language) : InlineText(facts.versions.map(\.reference).joined(separator: ", "))
    let auc = MetricText.sentence(marked(report.metrics.auc), in: language)
    return Document.Section(
      language(TeamProcessText.stages),
      [
        .table(
          DocumentTable(
            caption: language(TeamProcessText.stages),
            columns: [.init(language(TeamProcessText.stage)), .init(language(TeamProcessText.outcome))],
            rows: [
              [
                InlineText(language(TeamProcessText.collecting)),
                InlineText(
                  language(
                    DataText.amount, language.pictures(data.pictures), language.series(data.series),
                    language.classes(data.classes.count))),
              ],
              [InlineText(language(TeamProcessText.training)), trained],
              [InlineText(language(TeamProcessText.scoring)), InlineText("AUC \(auc)")],
              [InlineText(language(TeamProcessText.releasing)), released],
            ]))
      ])
  }

  /// What may be said of the scores; nothing of marked ones, such as those of a split that leaks.
  private func quotation(_ language: Language) -> [Document.Block] {
    let warnings = splitWarnings(language).map { Document.Block.callout(.warning, $0) }
    guard marks.isEmpty else { return warnings }
    let evidence = LadderEvidence(report)
    return warnings + [.callout(evidence.isEnough ? .note : .warning, InlineText(evidence.words(in: language)))]
  }

  // MARK: - Data

  private func sourceSection(_ facts: TeamProcessFacts, _ language: Language) -> Document.Section {
    Document.Section(
      language(TeamProcessText.source),
      [.paragraph(facts.source.map { InlineText.code($0) } ?? notRecorded(.sourceLocal, language))])
  }

  // MARK: - Baseline

  private func simplestBaseline(_ language: Language) throws -> Document.Section {
    let labels = predictions.labels
    let counts = predictions.classes.indices.map { label in labels.count { $0 == label } }
    // The first of several: which one is named changes no figure.
    let most = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    let share = try Metric.share(
      of: labels.map { $0 == most }, labels: labels, series: predictions.series, level: level)
    return Document.Section(
      language(TeamProcessText.simplest),
      [
        .paragraph(InlineText(language(TeamProcessText.simplestMeaning))),
        .table(
          .metrics(
            caption: language(ScoreText.accuracy), name: language(ScoreText.model),
            [
              MetricRow(language(TeamProcessText.always, predictions.classes[most]), marked(share)),
              MetricRow(language(TeamProcessText.theModel), marked(report.metrics.accuracy)),
            ], level: level, in: language)),
      ])
  }

  // MARK: - Model

  private func modelReport(_ language: Language) throws -> [Document.Section] {
    let curves = try RunCurves(self)
    var metrics = metricsSection(language)
    metrics.blocks += [.table(confusionTable(language)), .table(calibrationTable(curves, language))]
    return [
      metrics, rulesSection(language), try subgroupsSection(language), ledgerSection(language),
      try modelSection(language, withCurves: false),
    ] + (history.map { [epochs($0, language)] } ?? []) + [PurposeSection.licences(in: language)]
  }

  private func epochs(_ history: TrainingCurves, _ language: Language) -> Document.Section {
    func cell(_ values: [Double?], _ place: Int) -> InlineText {
      InlineText((place < values.count ? values[place] : nil).map(MetricText.number) ?? "–")
    }
    func head(_ part: ChartText, _ what: ChartText) -> DocumentTable.Column {
      .init("\(language(part)): \(language(what))", .right)
    }
    return Document.Section(
      language(ScoreText.training),
      [
        .paragraph(InlineText(language(ScoreText.trainingCaption))),
        .table(
          DocumentTable(
            caption: language(TeamProcessText.epochTable),
            columns: [
              .init(language(ChartText.epoch), .right), head(.training, .loss), head(.validation, .loss),
              head(.training, .accuracy), head(.validation, .accuracy),
            ],
            rows: history.epochs.indices.map { place in
              [
                "\(history.epochs[place])", cell(history.trainingLoss, place), cell(history.validationLoss, place),
                cell(history.trainingAccuracy, place), cell(history.validationAccuracy, place),
              ]
            })),
      ])
  }
}
