extension RunReport {
  func modelSection(_ language: Language, withCurves: Bool) throws -> Document.Section {
    let base =
      model.trainableFrom.map { language(ScoreText.trainedFrom, model.network, $0) }
      ?? language(ScoreText.frozenBase, model.network)
    var blocks: [Document.Block] = [
      .definitions([
        .init(language(ScoreText.network), InlineText(base)), .init(language(ScoreText.head), InlineText(model.head)),
        .init(language(ScoreText.preprocessing), .code(model.preprocessing)),
        .init(language(ScoreText.epochs), "\(model.epochs)"), .init(language(ScoreText.seed), "\(model.seed)"),
        .init(language(ScoreText.digest), .code(model.digest)),
        .init(language(ScoreText.baseDigest), .code(model.baseDigest)),
        .init(language(ScoreText.dataDigest), .code(data.digest)),
        .init(language(ScoreText.splitDigest), .code(split.digest)),
        .init(language(ScoreText.version), InlineText(version)),
      ])
    ]
    if withCurves, let history, !history.epochs.isEmpty {
      let caption = InlineText(language(ScoreText.trainingCaption))
      blocks.append(.heading(language(ScoreText.training)))
      blocks.append(
        .figures([
          .init(try history.lossChart(in: language).sizedForPage.drawing(), caption: caption),
          .init(try history.accuracyChart(in: language).sizedForPage.drawing(), caption: caption),
        ]))
    }
    if !model.parameters.isEmpty {
      blocks.append(
        .table(
          DocumentTable(
            caption: language(ScoreText.parameters),
            columns: [.init(language(ScoreText.key)), .init(language(PageText.value))],
            rows: model.parameters.map { [.code($0.key), .code($0.value)] })))
    }
    return Document.Section(language(ScoreText.model), blocks)
  }
}

extension LineChart {
  /// As large as the page's other curves, two of which stand side by side; it then fits a phone's screen, too.
  fileprivate var sizedForPage: LineChart {
    var chart = self
    (chart.width, chart.height) = (480, 340)
    return chart
  }
}
