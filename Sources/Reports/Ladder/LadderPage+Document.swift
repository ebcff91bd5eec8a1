import Evaluation

extension LadderPage {
  /// The page's content, without any model's pictures or weights.
  public func document(in language: Language) -> Document {
    Document(
      language: language, title: language(LadderText.title),
      facts: [InlineText(language(LadderText.facts, String(folds), String(repeats), String(seed)))],
      sections: [explanation(language)] + dataSets.map { section(of: $0, language) } + [method(language)],
      hasContents: true)
  }

  private func explanation(_ language: Language) -> Document.Section {
    Document.Section(
      language(LadderText.meaning),
      [
        .paragraph(InlineText(language(LadderText.introduction))),
        .list(RungKind.allCases.map { meaning(of: $0, language) }),
        .callout(.warning, InlineText(language(LadderText.leakyWarning))),
      ])
  }

  /// A rung's name and what it means.
  func meaning(of kind: RungKind, _ language: Language) -> InlineText {
    .strong(kind.name(in: language)) + InlineText(": " + language(kind.explanation))
  }

  private func section(of set: DataSet, _ language: Language) -> Document.Section {
    Document.Section(set.title(in: language), blocks(of: set, language))
  }

  /// One data set's rungs, what they say, and its placebo.
  func blocks(of set: DataSet, _ language: Language) -> [Document.Block] {
    let classes = set.classes.map {
      "\($0.name): \(language.pictures($0.pictures)), \(language.series($0.series))"
    }.joined(separator: "; ")
    var blocks: [Document.Block] = [
      .paragraph(
        InlineText(
          language(LadderText.data, language.pictures(set.pictures), language.series(set.series), classes)
            + (set.isByLook ? " " + language(LadderText.byLook) : "")))
    ]
    blocks += joining(of: set, language)
    blocks += [.paragraph(InlineText(copies(of: set, language))), .table(table(of: set, language))]
    if let chart = LadderChart(set, in: language).drawing {
      blocks.append(.figures([DocumentFigure(chart, caption: InlineText(language(LadderText.chartCaption)))]))
    }
    if let fall = fall(of: set, language) { blocks.append(.paragraph(fall)) }
    blocks.append(quotation(of: set, language))
    blocks.append(.heading(language(LadderText.placeboOf, set.title(in: language))))
    return blocks + placebo(of: set, language)
  }

  /// What may be said of the third rung, by the evidence there is.
  private func quotation(of set: DataSet, _ language: Language) -> Document.Block {
    .callout(set.evidence.isEnough ? .note : .warning, InlineText(set.evidence.words(in: language)))
  }

  private func joining(of set: DataSet, _ language: Language) -> [Document.Block] {
    guard let join = set.join else { return [] }
    let parts = join.parts.map { "\($0.name) (\(language.pictures($0.pictures)))" }.joined(separator: ", ")
    var blocks: [Document.Block] = [
      .paragraph(InlineText(language(LadderText.joined, parts) + " ") + .code(join.preprocessing) + ".")
    ]
    let origin =
      join.origin.map { language(LadderText.origin, MetricText.value($0, in: language)) }
      ?? language(LadderText.noOrigin, RecordText.translated(join.originReason, language))
    blocks.append(.paragraph(InlineText(origin)))
    if !join.partial.isEmpty {
      blocks.append(.callout(.warning, InlineText(language(LadderText.partial, join.partial.joined(separator: ", ")))))
    }
    return blocks
  }

  private func copies(of set: DataSet, _ language: Language) -> String {
    let text = language(LadderText.copies, String(set.copyPairs), language.pictures(set.removed))
    return set.conflicting == 0 ? text : text + " " + language(LadderText.conflicts, language.pictures(set.conflicting))
  }

  private func table(of set: DataSet, _ language: Language) -> DocumentTable {
    let level = MetricText.percent(set.rungs.compactMap(\.report).first?.bootstrap.level ?? 0.95)
    let area =
      set.rungs.compactMap(\.report).first?.positiveClass.map { "AUC (\($0))" } ?? language(LadderText.meanArea)
    return DocumentTable(
      caption: language(LadderText.tableCaption, set.name, level),
      columns: [
        .init(language(LadderText.rung)), .init(language(PageText.pictures), .right),
        .init(language(PageText.series), .right),
        .init(language(LadderText.folds), .right), .init(language(LadderText.accuracy)),
        .init(language(LadderText.macroF1)), .init(area), .init(""),
      ],
      rows: set.rungs.map { rung in
        let head = [rung.kind.name(in: language), "\(rung.pictures)", "\(rung.series)", "\(rung.folds)"].map {
          InlineText($0)
        }
        guard let report = rung.report else {
          return head + [
            "–", "–", "–", InlineText(language(LadderText.notPossible, RecordText.translated(rung.reason, language))),
          ]
        }
        let figures = [report.accuracy, report.macroF1, report.auc].map {
          InlineText(MetricText.value(Self.unmarked($0), in: language))
        }
        return head + figures + [
          rung.kind.isLeaky ? .warning(language(MethodText.leaky)) : InlineText(language(LadderText.honest))
        ]
      })
  }

  /// The mark stands in a column of its own.
  package static func unmarked(_ metric: Metric) -> Metric {
    var metric = metric
    if metric.method.hasSuffix(", " + leakyMark) { metric.method.removeLast(leakyMark.count + 2) }
    return metric
  }

  /// What the ladder says of this data in one sentence.
  func fall(of set: DataSet, _ language: Language) -> InlineText? {
    guard let first = set.rungs.first(where: { $0.kind == .random })?.report,
      let last = set.rungs.first(where: { $0.kind == .grouped })?.report
    else { return nil }
    return InlineText(
      language(
        LadderText.fall, MetricText.value(Self.unmarked(first.accuracy), in: language),
        MetricText.value(last.accuracy, in: language), MetricText.value(Self.unmarked(first.auc), in: language),
        MetricText.value(last.auc, in: language)))
  }

  private func placebo(of set: DataSet, _ language: Language) -> [Document.Block] {
    guard let placebo = set.placebo else {
      return [
        .paragraph(InlineText(language(LadderText.notPossible, RecordText.translated(set.placeboReason, language))))
      ]
    }
    func row(_ name: LadderText, _ side: Placebo, _ verdict: InlineText) -> [InlineText] {
      let single =
        side.intervals > 0
        ? language(LadderText.holding, String(side.holding), String(side.intervals))
        : RecordText.translated(side.reason, language)
      return [
        InlineText(language(name)), InlineText(MetricText.value(side.mean, in: language)), InlineText(single), verdict,
      ]
    }
    return [
      .paragraph(InlineText(language(LadderText.placeboMeaning, String(placebo.grouped.shuffles)))),
      .table(
        DocumentTable(
          caption: language(LadderText.placeboCaption, set.name),
          columns: [
            .init(language(LadderText.split)), .init(language(LadderText.meanOverShuffles)),
            .init(language(LadderText.singleShuffles)), .init(language(LadderText.verdict)),
          ],
          rows: [
            row(.seriesTogether, placebo.grouped, groupedVerdict(placebo.grouped.verdict, language)),
            row(.pictureByPicture, placebo.random, randomVerdict(placebo.random.verdict, language)),
          ])),
    ]
  }

  private func groupedVerdict(_ verdict: Placebo.Verdict, _ language: Language) -> InlineText {
    switch verdict {
    case .chance: InlineText(language(LadderText.isChance))
    case .above: .warning(language(LadderText.stillLeaks))
    case .below: InlineText(language(LadderText.belowChance))
    case .unknown: InlineText(language(LadderText.cannotTell))
    }
  }

  private func randomVerdict(_ verdict: Placebo.Verdict, _ language: Language) -> InlineText {
    switch verdict {
    case .above: .warning(language(LadderText.looksGood))
    case .chance, .below: InlineText(language(LadderText.noLeak))
    case .unknown: InlineText(language(LadderText.cannotTell))
    }
  }

  private func method(_ language: Language) -> Document.Section {
    var list: [Document.Definition] = [
      .init(language(LadderText.classifierTitle), InlineText(language(LadderText.classifier))),
      .init(language(LadderText.splitsTitle), InlineText(language(LadderText.splits, String(folds), String(repeats)))),
      .init(language(LadderText.intervalsTitle), InlineText(language(LadderText.intervals))),
      .init(language(LadderText.seed), InlineText("\(seed)")),
      .init(language(LadderText.program), InlineText("\(version), \(kernels)")),
      .init(language(LadderText.base), .code(String(baseDigest.prefix(16)))),
      .init(language(LadderText.preprocessing), .code(preprocessing)),
    ]
    for set in dataSets {
      list.append(.init(language(LadderText.dataSet, set.name), .code(String(set.digest.prefix(16)))))
    }
    return Document.Section(language(LadderText.howMade), [.definitions(list)])
  }
}

extension LadderPage.DataSet {
  /// Its name, and for a joined one what of it was joined.
  func title(in language: Language) -> String {
    join?.isOfCommonClasses == true ? language(LadderText.commonClasses, name) : name
  }

  /// What the rung that keeps series together allows to say.
  public var evidence: LadderEvidence {
    guard let rung = rungs.first(where: { $0.kind == .grouped }), let report = rung.report else { return .none }
    return LadderEvidence(report)
  }
}

extension LadderPage.RungKind {
  func name(in language: Language) -> String {
    switch self {
    case .random: language(LadderText.random)
    case .withoutCopies: language(LadderText.withoutCopies)
    case .grouped: language(LadderText.grouped)
    }
  }

  var explanation: LadderText {
    switch self {
    case .random: .randomMeaning
    case .withoutCopies: .withoutCopiesMeaning
    case .grouped: .groupedMeaning
    }
  }
}
