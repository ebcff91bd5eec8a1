import Evaluation

/// Deployment and exit report.
extension RunReport {
  func deployment(_ facts: TeamProcessFacts, _ language: Language) -> [Document.Section] {
    var sections: [Document.Section] = []
    let title = language(TeamProcessText.versions)
    if facts.versions.isEmpty {
      sections.append(Document.Section(title, [.callout(.note, notRecorded(.noVersions, language))]))
    } else {
      sections.append(
        Document.Section(
          title,
          [
            .table(
              DocumentTable(
                caption: title,
                columns: [
                  .init(language(TeamProcessText.version)), .init(language(TeamProcessText.registered)),
                  .init(language(TeamProcessText.aliases)),
                ],
                rows: facts.versions.map { version in
                  [
                    .code(version.reference), InlineText(version.registered),
                    InlineText(
                      version.aliases.isEmpty ? language(PageText.none) : version.aliases.joined(separator: ", ")),
                  ]
                })),
            .table(events(facts, language)),
          ]))
    }
    var serving: [Document.Block] = []
    // A name once, however many versions it has.
    for name in Set(facts.versions.map { String($0.reference.prefix { $0 != ":" }) }).sorted() {
      serving.append(.paragraph(InlineText(withCode: language(TeamProcessText.servingCommand, name))))
    }
    serving.append(.callout(.note, notRecorded(.servingElsewhere, language)))
    sections.append(Document.Section(language(TeamProcessText.serving), serving))
    return sections + [rulesSection(language)]
  }

  private func events(_ facts: TeamProcessFacts, _ language: Language) -> DocumentTable {
    DocumentTable(
      caption: language(TeamProcessText.events),
      columns: [
        .init(language(DataText.time)), .init(language(TeamProcessText.version)), .init(language(DataText.event)),
      ],
      rows: facts.events.map { event in
        let alias = event.alias ?? language(PageText.none)
        let what =
          switch event.kind {
          case .registered: language(TeamProcessText.eventRegistered)
          case .completed: language(TeamProcessText.eventCompleted)
          case .promoted: language(TeamProcessText.eventPromoted, alias)
          case .refused: language(TeamProcessText.eventRefused, alias)
          case .rolledBack: language(TeamProcessText.eventRolledBack, alias)
          }
        return [InlineText(event.time), .code(event.version), InlineText(what)]
      })
  }

  func exitReport(_ facts: TeamProcessFacts, _ language: Language) -> [Document.Section] {
    let metrics = report.metrics
    let lines: [(ScoreText, Metric)] = [
      (.accuracy, metrics.accuracy), (.sensitivity, metrics.sensitivity), (.specificity, metrics.specificity),
      (.auc, metrics.auc), (.loss, metrics.loss),
    ]
    var results: [Document.Block] = splitWarnings(language).map { .callout(.warning, $0) }
    results.append(
      .list(
        lines.map { name, metric in
          InlineText(
            language(TeamProcessText.resultLine, language(name), MetricText.sentence(marked(metric), in: language)))
        }))
    if marks.isEmpty {
      let evidence = LadderEvidence(report)
      results.append(.callout(evidence.isEnough ? .note : .warning, InlineText(evidence.words(in: language))))
    }
    return [
      Document.Section(language(TeamProcessText.results), results), leaks(language), ledgerSection(language),
      cost(facts, language),
      Document.Section(language(TeamProcessText.lessons), [.callout(.note, notRecorded(.lessonsMissing, language))]),
    ]
  }

  private func leaks(_ language: Language) -> Document.Section {
    let falls = (ladder?.own ?? []).compactMap { ladder?.page.fall(of: $0, language) }
    return Document.Section(
      language(TeamProcessText.leaks),
      falls.isEmpty
        ? [.paragraph(InlineText(withCode: language(ScoreText.noLadder)))] : falls.map { .paragraph($0) })
  }

  private func cost(_ facts: TeamProcessFacts, _ language: Language) -> Document.Section {
    let title = language(TeamProcessText.cost)
    guard let run = facts.run else { return Document.Section(title, [.callout(.note, notRecorded(.noRun, language))]) }
    let unknown = language(PageText.unknown)
    func line(_ name: TeamProcessText, _ value: String?) -> Document.Definition {
      .init(language(name), InlineText(value ?? unknown))
    }
    return Document.Section(
      title,
      [
        .definitions([
          .init(language(TeamProcessText.run), .code(run.identity)),
          line(.seconds, run.seconds.map(MetricText.short)), line(.memory, run.peakBytes.map { "\($0 >> 20)" }),
          line(.machine, run.processor), line(.cores, run.cores.map(String.init)), line(.commit, run.commit),
        ])
      ])
  }
}
