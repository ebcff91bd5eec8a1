import Foundation
import KidneyData
import Reports

extension AuditReport {
  /// The findings for a person's terminal.
  public func summary(in language: Language = .english) -> String {
    let facts = language(
      AuditText.facts, language.pictures(pictures), language.classes(classes.count), language.series(series.count))
    var lines = [
      language(AuditText.title, data) + ": " + facts + ".", language(AuditText.comparedBy, comparison.text(in: language)), "",
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
          item.modes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "), "\(item.medianBytes)",
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
    func count(_ kind: CopyPair.Kind) -> String { "\(copies.count { $0.kind == kind })" }
    let near = copies.filter { $0.kind == .nearCopy }
    let texts: [(AuditText, String)] = [
      (.exactCopies, language(AuditText.exactCounts, count(.sameFile), count(.samePixels))),
      (
        .nearCopies,
        near.isEmpty
          ? language(AuditText.noNearCopies)
          : language(
            AuditText.nearCounts, "\(near.count)", "\(near.count { $0.flip != .none })",
            "\(near.count { $0.detail >= Self.sameSliceDetail })", "\(pictures - surplusPictures)", "\(pictures)")
      ),
      (
        .labelConflicts,
        labelConflicts.isEmpty ? language(AuditText.noConflicts) : language(AuditText.conflicts, "\(labelConflicts.count)")
      ),
      (
        .series,
        language(
          AuditText.seriesCounts, language.series(series.count), language.pictures(series.map(\.pictures).max() ?? 0),
          "\(series.count { $0.classes.count > 1 })")
      ),
      (
        .sizesAndModes,
        oddPictures.first.map {
          language(AuditText.odd, language.pictures(Set(oddPictures.map(\.path)).count), $0.path, $0.text(in: language))
        } ?? language(AuditText.noneOdd)
      ),
      (
        .setAside,
        setAside.first.map { language(AuditText.someSetAside, "\(setAside.count)", $0.path, $0.reason) }
          ?? language(AuditText.noneSetAside)
      ),
      (.shortcuts, shortcut.text(in: language)),
    ]
    return texts.map { Finding(subject: $0.0, title: language($0.0), text: $0.1) }
  }
}

extension AuditReport.Comparison {
  func text(in language: Language) -> String {
    switch self {
    case .features: language(AuditText.withFeatures, AuditFeatures.name)
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
