import Foundation
import KidneyData
import Reports

extension AuditReport {
  /// The findings for a person's terminal.
  public func summary(in language: Language = .english) -> String {
    let facts = language(
      AuditText.facts, language.pictures(pictures), language.classes(classes.count), language.series(series.count))
    var lines = [
      language(AuditText.title, data) + ": " + facts + ".",
      language(AuditText.comparedBy, comparison.text(in: language)), "",
      classTable(in: language).text,
    ]
    lines += findings(in: language).map { "\($0.title): \($0.text)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Sizes and modes by class.
  func classTable(in language: Language) -> TextTable {
    TextTable(
      columns: [
        .init(language(AuditText.className)), .init(language(AuditText.pictures), .right),
        .init(language(PageText.series), .right), .init(language(AuditText.sizes), .right),
        .init(language(AuditText.mostFrequentSize)), .init(language(AuditText.modes)),
        .init(language(AuditText.medianBytes), .right),
      ],
      rows: classes.map { item in
        let most = item.sizes.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return [
          item.className, "\(item.pictures)", "\(item.series)", "\(item.sizes.count)",
          most.map { "\($0.key) (\($0.value))" } ?? "",
          item.modes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
          "\(item.medianBytes)",
        ]
      })
  }

  struct Finding {
    var subject: AuditText
    var title: String
    var text: String
  }

  /// One sentence or two for each thing that was looked for, found or not.
  func findings(in language: Language) -> [Finding] {
    func finding(_ subject: AuditText, _ text: String) -> Finding {
      Finding(subject: subject, title: language(subject), text: text)
    }
    return [
      finding(.exactCopies, exactText(language)), finding(.nearCopies, nearText(language)),
      finding(.labelConflicts, conflictText(language)), finding(.series, seriesText(language)),
      finding(.sizesAndModes, oddText(language)), finding(.setAside, setAsideText(language)),
      finding(.shortcuts, shortcut.text(in: language)),
    ]
  }

  private func exactText(_ language: Language) -> String {
    func count(_ kind: CopyPair.Kind) -> String { "\(copies.count { $0.kind == kind })" }
    return language(AuditText.exactCounts, count(.sameFile), count(.samePixels))
  }

  private func nearText(_ language: Language) -> String {
    let near = copies.filter { $0.kind == .nearCopy }
    guard !near.isEmpty else { return language(AuditText.noNearCopies) }
    let mirrored = near.count { $0.flip != .none }
    let same = near.count { $0.detail >= Self.sameSliceDetail }
    return language(
      AuditText.nearCounts, "\(near.count)", "\(mirrored)", "\(same)", "\(pictures - surplusPictures)", "\(pictures)")
  }

  private func conflictText(_ language: Language) -> String {
    labelConflicts.isEmpty ? language(AuditText.noConflicts) : language(AuditText.conflicts, "\(labelConflicts.count)")
  }

  private func seriesText(_ language: Language) -> String {
    let largest = series.map(\.pictures).max() ?? 0
    let mixed = series.count { $0.classes.count > 1 }
    return language(AuditText.seriesCounts, language.series(series.count), language.pictures(largest), "\(mixed)")
  }

  private func oddText(_ language: Language) -> String {
    guard let first = oddPictures.first else { return language(AuditText.noneOdd) }
    let count = Set(oddPictures.map(\.path)).count
    return language(AuditText.odd, language.pictures(count), first.path, first.text(in: language))
  }

  private func setAsideText(_ language: Language) -> String {
    guard let first = setAside.first else { return language(AuditText.noneSetAside) }
    return language(
      AuditText.someSetAside, "\(setAside.count)", first.path, SetAsideText.translated(first.reason, language))
  }
}

extension AuditReport.Comparison {
  func text(in language: Language) -> String {
    switch self {
    case .features: language(AuditText.withFeatures)
    case .pixels: language(AuditText.withoutFeatures)
    case .pixelsWithoutWeights: language(AuditText.withoutWeights)
    }
  }
}

extension DataAudit.OddPicture.Reason {
  func text(in language: Language) -> String {
    switch self {
    case .size(let own, let usual): language(AuditText.oddSize, own, usual)
    case .mode(let own, let usual): language(AuditText.oddMode, own, usual)
    case .tiny(let size): language(AuditText.tiny, size)
    case .narrow(let size): language(AuditText.narrow, size)
    case .coloured: language(AuditText.coloured)
    case .black: language(AuditText.black)
    }
  }
}
