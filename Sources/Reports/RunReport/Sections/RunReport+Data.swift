extension RunReport {
  func dataSection(_ language: Language) -> Document.Section {
    var blocks: [Document.Block] = [
      .paragraph(
        InlineText(
          language(
            DataText.amount, language.pictures(data.pictures), language.series(data.series),
            language.classes(data.classes.count))))
    ]
    blocks.append(.paragraph(InlineText(language(DataText.sizes, "\(data.sizes)"))))
    if data.setAside > 0 {
      blocks.append(.callout(.note, InlineText(language(DataText.setAside, "\(data.setAside)"))))
    }
    blocks.append(
      .table(
        DocumentTable(
          caption: language(DataText.classTable),
          columns: [
            .init(language(DataText.className)), .init(language(PageText.pictures), .right),
            .init(language(PageText.series), .right),
          ], rows: data.classes.map { [InlineText($0.name), "\($0.pictures)", "\($0.series)"] })))
    return Document.Section(language(DataText.title), blocks)
  }

  func auditSection(_ language: Language) -> Document.Section {
    guard let audit else {
      return Document.Section(language(DataText.audit), [.paragraph(InlineText(withCode: language(DataText.noAudit)))])
    }
    let shortcut: DataText =
      switch audit.shortcut {
      case .found: .shortcutFound
      case .suspected: .shortcutSuspected
      case .unknown: .shortcutUnknown
      case .notFound: .shortcutNotFound
      }
    let auc = audit.shortcutAUC.map { " AUC \(MetricText.sentence($0, in: language))." } ?? ""
    let conflicts: InlineText =
      audit.labelConflicts > 0
      ? .warning("\(audit.labelConflicts)") + InlineText(" " + language(DataText.noConflict)) : "0"
    let warnsOfShortcut = audit.shortcut == .found || audit.shortcut == .suspected
    return Document.Section(
      language(DataText.audit),
      [
        .paragraph(InlineText(language(audit.usesFeatures ? DataText.features : .hashOnly))),
        .definitions([
          .init(language(DataText.sameFile), "\(audit.sameFile)"),
          .init(language(DataText.samePixels), "\(audit.samePixels)"),
          .init(language(DataText.nearCopies), "\(audit.nearCopies)"),
          .init(
            language(DataText.surplus),
            InlineText("\(audit.surplus)" + (audit.surplus > 0 ? ". " + language(DataText.surplusMeaning) : ""))),
          .init(language(DataText.conflicts), conflicts),
          .init(language(DataText.odd), "\(audit.oddPictures)"),
          .init(
            language(DataText.shortcut),
            (warnsOfShortcut ? .warning(language(shortcut)) : InlineText(language(shortcut))) + InlineText(auc)),
        ]),
      ])
  }

  func splitSection(_ language: Language) -> Document.Section {
    let method: DataText =
      switch split.method {
      case .series: .bySeries
      case .random: .byPicture
      case .keras: .byKeras
      }
    let basis: DataText =
      switch split.basis {
      case .patient: .byPatient
      case .look: .byLook
      case .patientAndLook: .byPatientAndLook
      }
    let scoring =
      switch split.scoring {
      case .heldOut: language(DataText.heldOut)
      case .kerasHead: language(DataText.kerasHead)
      case .groupedFolds(let folds): language(DataText.folds, "\(folds)")
      }
    var blocks: [Document.Block] = splitWarnings(language).map { .callout(.warning, $0) }
    blocks.append(.paragraph(InlineText([method, basis].map { language($0) }.joined(separator: " ") + " " + scoring)))
    if split.repeats > 1 { blocks.append(.paragraph(InlineText(language(DataText.repeats, "\(split.repeats)")))) }
    func row(_ name: DataText, _ part: SplitFacts.Part) -> [InlineText] {
      [InlineText(language(name)), "\(part.pictures)", "\(part.series)"]
    }
    blocks.append(
      .table(
        DocumentTable(
          caption: language(DataText.parts),
          columns: [
            .init(language(DataText.part)), .init(language(PageText.pictures), .right),
            .init(language(PageText.series), .right),
          ],
          rows: [row(.training, split.training), row(.validation, split.validation), row(.answered, split.scored)])))
    blocks.append(.paragraph(InlineText(language(DataText.splitIdentity, String(split.digest.prefix(12)), "\(split.seed)"))))
    return Document.Section(language(DataText.split), blocks)
  }

  /// What makes the scores better than they deserve.
  func splitWarnings(_ language: Language) -> [InlineText] {
    var warnings: [InlineText] = []
    if let leak = split.leak {
      warnings.append(
        InlineText(
          language(DataText.leak, "\(leak.trainedOn)", "\(split.scored.pictures)", "\(leak.ofTrainedSeries)")))
    }
    if split.chosenOn > 0 { warnings.append(InlineText(language(DataText.chosenOn, "\(split.chosenOn)"))) }
    if let testSet, !testSet.modelPredatesFirstOpening {
      warnings.append(InlineText(madeAfter(testSet, language)))
    }
    return warnings
  }

  /// Of a model that is younger than the first scoring of the test pictures.
  private func madeAfter(_ testSet: TestSetFacts, _ language: Language) -> String {
    ([.madeAfter, .chosenByTest] + (testSet.accepted ? [DataText.openingAccepted] : [])).map { language($0) }
      .joined(separator: " ")
  }

  func ledgerSection(_ language: Language) -> Document.Section {
    guard let testSet else {
      return Document.Section(language(DataText.ledger), [.paragraph(InlineText(language(DataText.noTestSet)))])
    }
    let pictures = language.pictures(testSet.pictures)
    var sentences = [
      testSet.openings > 1
        ? language(DataText.openedOften, pictures, "\(testSet.openings)") : language(DataText.openedFirst, pictures)
    ]
    if testSet.crossValidations > 0 {
      sentences.append(language(DataText.crossValidatedBefore, "\(testSet.crossValidations)"))
    }
    if testSet.openings > 1 || testSet.crossValidations > 0 {
      sentences.append(language(DataText.seenBefore, "\(testSet.openedBefore)", testSet.firstOpened))
    }
    switch testSet.openedSince {
    case nil: sentences.append(language(DataText.openingUnknown))
    case 0?: break
    case let count?: sentences.append(language(DataText.openedSince, "\(count)"))
    }
    let age: InlineText =
      testSet.modelPredatesFirstOpening
      ? InlineText(language(DataText.madeBefore))
      : .warning(madeAfter(testSet, language))
    return Document.Section(
      language(DataText.ledger),
      [
        .paragraph(InlineText(sentences.joined(separator: " ") + " ") + age),
        .table(
          DocumentTable(
            caption: language(DataText.ledgerTable),
            columns: [
              .init(language(DataText.line), .right), .init(language(DataText.time)), .init(language(DataText.event)),
              .init(language(DataText.modelDigest)),
            ],
            rows: testSet.entries.map { entry -> [InlineText] in
              let event: DataText =
                switch entry.event {
                case .modelWritten: .modelWritten
                case .opened: .opened
                case .crossValidated: .crossValidated
                }
              return ["\(entry.number)", InlineText(entry.time), InlineText(language(event)), .code(entry.model)]
            })),
      ])
  }
}
