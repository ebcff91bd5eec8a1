import Foundation
import KidneyData
import Reports

extension AuditFacts {
  /// The numbers of an audit that a report on a run tells.
  init(_ audit: AuditReport) {
    self.init(
      sameFile: audit.copies.count { $0.kind == .sameFile }, samePixels: audit.copies.count { $0.kind == .samePixels },
      nearCopies: audit.copies.count { $0.kind == .nearCopy },
      mirrored: audit.copies.count { $0.kind == .nearCopy && $0.flip != .none }, surplus: audit.surplusPictures,
      labelConflicts: audit.labelConflicts.count, series: audit.series.count,
      largestSeries: audit.series.map(\.pictures).max() ?? 0, mixedSeries: audit.series.count { $0.classes.count > 1 },
      oddPictures: Set(audit.oddPictures.map(\.path)).count, setAside: audit.setAside.count,
      usesFeatures: audit.comparison == .features,
      shortcut: Shortcut(rawValue: audit.shortcut.verdict.rawValue) ?? .unknown, shortcutAUC: audit.shortcut.auc)
  }
}

extension Project {
  /// Where `report` keeps the audit of the ingested data.
  var auditFolder: URL { configuration.artifactsRoot.appending(path: "audit") }

  /// The audit of the ingested data: an earlier one of the same data by the same program, else a new one, which is kept.
  ///
  /// - Parameter makes: whether a new one is made; if not, nil where none is kept.
  func audit(
    of data: DataSet, makes: Bool, progress: @escaping @Sendable (DataAuditor.Progress) -> Void
  ) throws -> AuditReport? {
    if let content = try? Data(contentsOf: auditFolder.appending(path: "audit.json")),
      let kept = try? JSONDecoder().decode(AuditReport.self, from: content), kept.version == version,
      kept.dataDigest == data.manifest.digest
    {
      return kept
    }
    guard makes else { return nil }
    let auditor = DataAuditor(store: store, cache: cache, seed: parameters.seed, version: version)
    let outcome = try auditor.audit([configuration.dataFolder], progress: progress)
    try auditor.write(outcome, to: auditFolder)
    return outcome.report
  }
}
