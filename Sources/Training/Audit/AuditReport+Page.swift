import Foundation
import KidneyData
import MedicalImages
import Reports

extension AuditReport {
  /// How much of each kind the page shows; the JSON has all.
  private static let shownPairs = 36
  private static let shownSeries = 40
  private static let shownOdd = 24

  /// The page of an audit: what was found, and pictures to judge it by.
  ///
  /// - Parameter audit: the one this report was made from, whose pictures are read again.
  func page(of audit: DataAudit, in language: Language) -> Document {
    let sheets = AuditPictures(data: audit.data, language: language)
    let found = findings(in: language)
    func text(_ subject: AuditText) -> InlineText { InlineText(found.first { $0.subject == subject }?.text ?? "") }
    func pairs(_ subject: AuditText, _ list: [CopyPair], note: AuditText? = nil) -> Document.Section {
      // The foremost, and of the rest some from all over.
      let foremost = list.prefix(Self.shownPairs / 2)
      let shown =
        Array(foremost) + Self.spread(Array(list.dropFirst(foremost.count)), most: Self.shownPairs - foremost.count)
      var blocks: [Document.Block] = [.paragraph(text(subject))]
      if let note, !list.isEmpty { blocks.append(.callout(.note, InlineText(language(note)))) }
      if list.count > shown.count {
        blocks.append(.paragraph(InlineText(language(AuditText.shown, "\(shown.count)", "\(list.count)"))))
      }
      return Document.Section(language(subject), blocks + [.figures(shown.map { sheets.figure(of: $0) })])
    }
    let isConflict = { (pair: CopyPair) in audit.data.labels[pair.first] != audit.data.labels[pair.second] }
    // What is least like a neighbour in one study comes first: mirrored, then the most alike.
    let near = audit.copies.filter { $0.kind == .nearCopy && !isConflict($0) }.sorted { a, b in
      if (a.flip != .none) != (b.flip != .none) { return a.flip != .none }
      return a.detail == b.detail ? (a.first, a.second) < (b.first, b.second) : a.detail > b.detail
    }
    var sections = [
      Document.Section(
        language(AuditText.findings), [.definitions(found.map { Document.Definition($0.title, InlineText($0.text)) })]),
      Document.Section(
        language(AuditText.classesAndFormats),
        [.table(DocumentTable(classTable(in: language), caption: language(AuditText.sizesAndModes)))]),
      pairs(.labelConflicts, audit.labelConflicts),
      pairs(.exactCopies, audit.copies.filter { $0.kind != .nearCopy && !isConflict($0) }),
      pairs(.nearCopies, near, note: .nearAreNeighbours),
      seriesSection(audit, text(.series), sheets, language),
      Document.Section(
        language(AuditText.unlikeTheOthers),
        [
          .paragraph(text(.sizesAndModes)),
          .figures(
            audit.oddPictures.prefix(Self.shownOdd).map { odd in
              sheets.figure([odd.picture], "\(sheets.path(odd.picture)): \(odd.reason.text(in: language))")
            }),
        ]),
    ]
    if !setAside.isEmpty {
      sections.append(
        Document.Section(
          language(AuditText.setAside),
          [
            .paragraph(text(.setAside)),
            .table(
              DocumentTable(
                caption: language(AuditText.setAside),
                columns: [.init(language(AuditText.file)), .init(language(AuditText.reason))],
                rows: setAside.prefix(200).map {
                  [InlineText($0.path), InlineText(SetAsideText.translated($0.reason, language))]
                })),
          ]))
    }
    sections.append(
      Document.Section(language(AuditText.shortcuts), [.paragraph(text(.shortcuts))] + shortcutTables(language)))
    let counts = language(
      AuditText.facts, language.pictures(pictures), language.classes(classes.count), language.series(series.count))
    return Document(
      language: language, title: language(AuditText.title, data),
      facts: [
        InlineText(counts), InlineText(language(AuditText.comparedBy, comparison.text(in: language))),
        InlineText(language(AuditText.dataSet, dataDigest.short, version)),
      ],
      sections: sections, hasContents: true)
  }

  private func seriesSection(
    _ audit: DataAudit, _ text: InlineText, _ sheets: AuditPictures, _ language: Language
  ) -> Document.Section {
    var members = [[Int]](repeating: [], count: audit.series.count)
    for (index, number) in audit.series.seriesOf.enumerated() { members[number].append(index) }
    let largest = members.indices.sorted {
      members[$0].count == members[$1].count ? $0 < $1 : members[$0].count > members[$1].count
    }
    var blocks: [Document.Block] = [.paragraph(text)]
    if seriesBasis == .look { blocks.append(.callout(.note, InlineText(language(AuditText.seriesByLook)))) }
    if largest.count > Self.shownSeries {
      blocks.append(.paragraph(InlineText(language(AuditText.largestShown, "\(Self.shownSeries)"))))
    }
    let figures = largest.prefix(Self.shownSeries).map { number in
      sheets.figure(
        Self.spread(members[number], most: 6),
        "\(audit.series.names[number]): \(language.pictures(members[number].count))")
    }
    return Document.Section(language(AuditText.series), blocks + [.figures(figures)])
  }

  private func shortcutTables(_ language: Language) -> [Document.Block] {
    var blocks: [Document.Block] = []
    for rule in shortcut.rules.prefix(2) {
      var columns = [DocumentTable.Column(language(AuditText.value))]
      columns += shortcut.seriesPerClass.map { DocumentTable.Column("\($0.className) (\($0.series))", .right) }
      blocks.append(
        .table(
          DocumentTable(
            caption: language(AuditText.ruleTable, PropertyText.name(rule.property, language)), columns: columns,
            rows: rule.values.map { value in
              ([PropertyText.value(value.text, language)] + value.series.map(String.init)).map { InlineText($0) }
            })))
    }
    if !shortcut.traits.isEmpty {
      blocks.append(
        .table(
          DocumentTable(
            caption: language(AuditText.traitTable),
            columns: [.init(language(AuditText.traitAlone)), .init(language(AuditText.areaUnderCurve))],
            rows: shortcut.traits.map {
              [InlineText(TraitText.name($0.name, language)), InlineText(MetricText.sentence($0.auc, in: language))]
            })))
    }
    return blocks
  }

  /// Some of a list, spread evenly over it.
  private static func spread<Element>(_ list: [Element], most: Int) -> [Element] {
    guard list.count > most else { return list }
    return (0..<most).map { list[$0 * list.count / most] }
  }
}

/// Small pictures for the page, with what is said of them.
private struct AuditPictures {
  let data: DataSet
  let language: Language

  private static let side = 168

  func path(_ index: Int) -> String { data.manifest.pictures[index].path }

  func figure(of pair: CopyPair) -> DocumentFigure {
    var parts = [language(AuditText.and, path(pair.first), path(pair.second))]
    if let mirror = pair.flip.text { parts.append(language(AuditText.mirrored, language(mirror))) }
    if pair.kind == .nearCopy {
      parts.append(language(AuditText.detail, String(format: "%.3f", pair.detail)))
      parts.append(language(AuditText.hashBits, "\(pair.hashDistance)"))
    }
    if let distance = pair.featureDistance {
      parts.append(language(AuditText.featureDistance, String(format: "%.4f", distance)))
    }
    return figure([pair.first, pair.second], parts.joined(separator: ", "))
  }

  /// One that cannot be read any more is left out.
  func figure(_ indices: [Int], _ caption: String) -> DocumentFigure {
    let pictures = indices.compactMap { index -> EmbeddedPicture? in
      guard let picture = try? PictureReader.read(data.url(of: index)).picture else { return nil }
      let scale = Double(Self.side) / Double(max(picture.width, picture.height))
      let small = picture.resized(
        width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)),
        by: .bilinear)
      guard let bytes = try? PictureWriter.jpeg(small, quality: 80) else { return nil }
      return EmbeddedPicture(.jpeg, bytes, width: small.width, height: small.height, description: path(index))
    }
    return DocumentFigure(pictures: pictures, caption: InlineText(caption))
  }
}

extension Flip {
  var text: AuditText? {
    switch self {
    case .none: nil
    case .horizontal: .leftToRight
    case .vertical: .topToBottom
    case .both: .turned
    }
  }
}
