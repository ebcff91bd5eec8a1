import Foundation
import KidneyData
import Reports

extension AuditReport {
  /// The findings for a person's terminal.
  public var summary: String {
    var lines = [
      "Audit of \(data): \(pictures) pictures, \(classes.count) classes, \(series.count) series (\(seriesBasis.rawValue)).",
      "Compared by \(comparedBy).", "", classTable.text,
    ]
    lines += findings.map { "\($0.title): \($0.text)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Sizes and modes by class.
  var classTable: TextTable {
    TextTable(
      columns: [
        .init("class"), .init("pictures", .right), .init("series", .right), .init("sizes", .right), .init("most frequent size"),
        .init("modes"), .init("median bytes", .right),
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
    var title: String
    var text: String
  }

  /// One sentence or two for each thing that was looked for, found or not.
  var findings: [Finding] {
    func count(_ kind: CopyPair.Kind) -> Int { copies.count { $0.kind == kind } }
    let severalClasses = series.filter { $0.classes.count > 1 }
    return [
      Finding(
        title: "Exact copies",
        text: "\(count(.sameFile)) pairs of the same bytes, \(count(.samePixels)) more with the same pixels."),
      Finding(
        title: "Near copies",
        text: "\(count(.nearCopy)) pairs, \(copies.count { $0.kind == .nearCopy && $0.flip != .none }) of them mirrored. Without copies of either kind \(pictures - surplusPictures) of \(pictures) pictures are left."),
      Finding(
        title: "Label conflicts",
        text: labelConflicts.isEmpty
          ? "no picture lies under two classes."
          : "\(labelConflicts.count) pairs lie under two classes; one of the labels of each is wrong."),
      Finding(
        title: "Series",
        text: "\(series.count), \(series.map(\.pictures).max() ?? 0) pictures in the largest; \(severalClasses.count) hold pictures of several classes."),
      Finding(
        title: "Sizes and modes",
        text: oddPictures.isEmpty
          ? "no picture is unlike the others."
          : "\(Set(oddPictures.map(\.path)).count) pictures are unlike the others; the first: \(oddPictures[0].path), \(oddPictures[0].reason)."),
      Finding(
        title: "Set aside",
        text: setAside.isEmpty ? "no file." : "\(setAside.count) files cannot be used; the first: \(setAside[0].path): \(setAside[0].reason)"),
      Finding(title: "Shortcuts", text: shortcut.text),
    ]
  }
}

extension ShortcutFinding {
  /// The verdict with its figures.
  var text: String {
    var text = explanation
    if let auc { text += " " + MetricText.line("AUC", auc) + "." }
    if let balancedAccuracy {
      text += " " + MetricText.line("balanced accuracy", balancedAccuracy) + String(format: "; guessing reaches %.2f.", chance)
    }
    return text
  }
}
