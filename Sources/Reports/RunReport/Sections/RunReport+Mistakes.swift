import Evaluation

extension RunReport {
  func mistakesSection(_ language: Language) -> Document.Section {
    let title = language(ScoreText.mistakes)
    guard mistakes.total > 0 else {
      return Document.Section(title, [.paragraph(InlineText(language(ScoreText.noMistakes)))])
    }
    let evidence =
      switch mistakes.evidence {
      case .ofTheModel: language(ScoreText.ofModel)
      case .ofTheFinalModel: language(ScoreText.ofFinalModel)
      case .notMade: language(ScoreText.noEvidence)
      }
    let predicted = predictions.predicted
    var figures: [DocumentFigure] = []
    var rows: [[InlineText]] = []
    for mistake in mistakes.shown {
      let (truth, answer) = (predictions.labels[mistake.picture], predicted[mistake.picture])
      let probability = MetricText.number(predictions.probabilities[mistake.picture][answer])
      let classes = predictions.classes
      let pictures = [
        mistake.thumbnail?.described(language(ScoreText.mistakeAlt, mistake.path, classes[truth])),
        mistake.evidence?.described(language(ScoreText.evidenceAlt, classes[answer])),
      ].compactMap(\.self)
      if !pictures.isEmpty {
        figures.append(
          .init(
            pictures: pictures,
            caption: InlineText(
              language(ScoreText.mistakeCaption, mistake.path, classes[truth], classes[answer], probability))))
      }
      rows.append([
        InlineText(mistake.path), InlineText(classes[truth]), InlineText(classes[answer]), InlineText(probability),
        InlineText(mistake.series),
      ])
    }
    var blocks: [Document.Block] = [
      .paragraph(
        InlineText(
          language(
            ScoreText.mistakesIntro, "\(mistakes.total)", "\(predictions.labels.count)", "\(mistakes.shown.count)"))),
      .paragraph(InlineText(evidence)), .figures(figures),
    ]
    blocks.append(
      .table(
        DocumentTable(
          caption: language(ScoreText.mistakeTable),
          columns: [
            .init(language(ScoreText.picture)), .init(language(ScoreText.trueClass)), .init(language(ScoreText.answer)),
            .init(language(ScoreText.probability), .right), .init(language(ScoreText.series)),
          ], rows: rows)))
    return Document.Section(title, blocks)
  }

  func subgroupsSection(_ language: Language) throws -> Document.Section {
    let title = language(ScoreText.subgroups)
    let groups = try subgroups.map { facts in
      ForestPlot.Group(
        name(of: facts.kind, language),
        try facts.groups.map { group in
          ForestPlot.Row(
            name(of: group, facts.kind, language), marked(try accuracy(of: group.pictures)))
        })
    }.filter { !$0.rows.isEmpty }
    guard !groups.isEmpty else {
      return Document.Section(title, [.paragraph(InlineText(language(ScoreText.noSubgroups)))])
    }
    let plot = ForestPlot(
      title: language(ScoreText.subgroupTitle), label: language(ScoreText.accuracy), overall: report.metrics.accuracy,
      groups: groups)
    var blocks: [Document.Block] = [
      .paragraph(InlineText(language(ScoreText.subgroupIntro))),
      .figures([.init(plot.drawing(in: language), caption: "")]),
      .table(
        .metrics(
          caption: language(ScoreText.subgroupTable), name: language(ScoreText.group),
          zip(groups, subgroups.filter { !$0.groups.isEmpty }).flatMap { group, facts in
            zip(group.rows, facts.groups).map { row, part in
              MetricRow(language(ScoreText.makeup, group.name, row.name, makeup(of: part.pictures)), row.metric)
            }
          }, level: level, in: language)),
    ]
    if subgroups.contains(where: { $0.kind == .plane }) {
      blocks.append(.paragraph(InlineText(language(ScoreText.planeRule))))
    }
    return Document.Section(title, blocks)
  }

  private func accuracy(of pictures: [Int]) throws -> Metric {
    let predicted = predictions.predicted
    return try Metric.share(
      of: pictures.map { predicted[$0] == predictions.labels[$0] }, labels: pictures.map { predictions.labels[$0] },
      series: pictures.map { predictions.series[$0] }, level: level)
  }

  private func name(of kind: SubgroupFacts.Kind, _ language: Language) -> String {
    switch kind {
    case .plane: language(ScoreText.plane)
    case .size: language(ScoreText.size)
    case .site: language(ScoreText.site)
    }
  }

  private func name(of group: SubgroupFacts.Group, _ kind: SubgroupFacts.Kind, _ language: Language) -> String {
    guard kind == .plane else { return group.name }
    switch group.name {
    case "axial": return language(ScoreText.axial)
    case "coronal": return language(ScoreText.coronal)
    default: return language(ScoreText.unknown)
    }
  }

  /// "Normal 120, Tumor 80": a part of one class alone says nothing of telling classes apart.
  private func makeup(of pictures: [Int]) -> String {
    predictions.classes.indices.compactMap { label in
      let count = pictures.count { predictions.labels[$0] == label }
      return count > 0 ? "\(predictions.classes[label]) \(count)" : nil
    }.joined(separator: ", ")
  }
}
