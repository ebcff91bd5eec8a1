import Foundation
import KidneyData
import MedicalImages
import Reports

extension AuditReport {
  /// How much of each kind the page shows; the JSON has all.
  private static let shownPairs = 36
  private static let shownSeries = 40
  private static let shownOdd = 24
  private static let cell = 168

  /// The page of an audit: what was found, and pictures to judge it by.
  ///
  /// - Parameter audit: the one this report was made from, whose pictures are read again.
  func page(of audit: DataAudit) -> AuditPage {
    let sheets = AuditPictures(data: audit.data, cell: Self.cell)
    func pairs(_ title: String, _ text: String, _ list: [CopyPair]) -> AuditPage.Section {
      let shown = Self.spread(list, most: Self.shownPairs)
      return AuditPage.Section(
        title: title, text: text + (list.count > shown.count ? " \(shown.count) of \(list.count) pairs are shown." : ""),
        figures: shown.map { pair in
          AuditPage.Figure(
            pictures: sheets.pictures([pair.first, pair.second]), caption: sheets.caption(of: pair))
        })
    }
    let text = Dictionary(findings.map { ($0.title, $0.text) }, uniquingKeysWith: { first, _ in first })
    let conflicts = audit.labelConflicts
    let exact = audit.copies.filter { $0.kind != .nearCopy && audit.data.labels[$0.first] == audit.data.labels[$0.second] }
    // What is least like a neighbour in one study comes first: mirrored, then apart in numbers.
    let near = audit.copies.filter { $0.kind == .nearCopy && audit.data.labels[$0.first] == audit.data.labels[$0.second] }
      .sorted { a, b in
        if (a.flip != .none) != (b.flip != .none) { return a.flip != .none }
        return a.detail == b.detail ? (a.first, a.second) < (b.first, b.second) : a.detail > b.detail
      }
    var sections = [
      AuditPage.Section(title: "Classes and formats", text: text["Sizes and modes"] ?? "", table: classTable),
      pairs("Label conflicts", text["Label conflicts"] ?? "", conflicts),
      pairs("Exact copies", text["Exact copies"] ?? "", exact),
      pairs("Near copies", text["Near copies"] ?? "", near),
    ]
    var members = [[Int]](repeating: [], count: audit.series.count)
    for (index, number) in audit.series.seriesOf.enumerated() { members[number].append(index) }
    let largest = members.indices.sorted { members[$0].count == members[$1].count ? $0 < $1 : members[$0].count > members[$1].count }
    sections.append(
      AuditPage.Section(
        title: "Series",
        text: (text["Series"] ?? "")
          + (seriesBasis == .look ? " Series were found by look; they stand in for patients, who are not known here." : "")
          + (largest.count > Self.shownSeries ? " The \(Self.shownSeries) largest are shown." : ""),
        figures: largest.prefix(Self.shownSeries).map { number in
          AuditPage.Figure(
            pictures: sheets.pictures(Self.spread(members[number], most: 6)),
            caption: "\(audit.series.names[number]): \(members[number].count) pictures")
        }))
    sections.append(
      AuditPage.Section(
        title: "Unlike the others", text: text["Sizes and modes"] ?? "",
        figures: audit.oddPictures.prefix(Self.shownOdd).map { odd in
          AuditPage.Figure(
            pictures: sheets.pictures([odd.picture]),
            caption: "\(audit.data.manifest.pictures[odd.picture].path): \(odd.reason)")
        }))
    if !setAside.isEmpty {
      sections.append(
        AuditPage.Section(
          title: "Set aside", text: text["Set aside"] ?? "",
          table: TextTable(columns: [.init("file"), .init("reason")], rows: setAside.prefix(200).map { [$0.path, $0.reason] })))
    }
    sections.append(
      AuditPage.Section(
        title: "Shortcuts", text: text["Shortcuts"] ?? "",
        table: shortcut.traits.isEmpty
          ? nil
          : TextTable(
            columns: [.init("trait alone"), .init("AUC, with its interval, on unseen series")],
            rows: shortcut.traits.map { [$0.name, MetricText.line("AUC", $0.auc)] })))
    return AuditPage(
      title: "Audit of \(data)",
      facts: [
        "\(pictures) pictures, \(classes.count) classes, \(series.count) series", "Compared by \(comparedBy).",
        "Data set \(dataDigest.short), \(version)",
      ],
      findings: findings.map { ($0.title, $0.text) }, sections: sections)
  }

  /// Some of a list, spread evenly over it.
  private static func spread<Element>(_ list: [Element], most: Int) -> [Element] {
    guard list.count > most else { return list }
    return (0..<most).map { list[$0 * list.count / most] }
  }
}

/// Small pictures for the page.
private struct AuditPictures {
  let data: DataSet
  let cell: Int

  /// Each in a square; one that cannot be read any more is left out.
  func pictures(_ indices: [Int]) -> [AuditPage.EmbeddedPicture] {
    indices.compactMap { index in
      guard let picture = try? PictureReader.read(data.url(of: index)).picture else { return nil }
      let scale = Double(cell) / Double(max(picture.width, picture.height))
      let small = picture.resized(
        width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)), by: .bilinear)
      guard let bytes = try? PictureWriter.jpeg(small, quality: 80) else { return nil }
      return AuditPage.EmbeddedPicture(jpeg: bytes, description: data.manifest.pictures[index].path)
    }
  }

  func caption(of pair: CopyPair) -> String {
    let paths = [pair.first, pair.second].map { data.manifest.pictures[$0].path }
    var parts = [paths.joined(separator: " and ")]
    if pair.flip != .none { parts.append("mirrored (\(pair.flip.rawValue))") }
    if pair.kind == .nearCopy { parts.append(String(format: "detail %.3f", pair.detail)) }
    if pair.kind == .nearCopy { parts.append("\(pair.hashDistance) bits of the hash differ") }
    if let distance = pair.featureDistance { parts.append(String(format: "feature distance %.4f", distance)) }
    return parts.joined(separator: ", ")
  }
}
