import Backbones
import Foundation
import KidneyData
import TestSupport
import Testing
import Training

@Suite struct DataAuditorTests {
  private func audited<Result>(
    _ options: SyntheticHospitalOptions, _ body: (DataAuditor.Outcome, URL) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      try SyntheticHospital.generate(to: root, options: options)
      let auditor = DataAuditor(
        store: WeightStore(folder: folder.appending(path: "no weights")), cache: nil, version: "test")
      return try body(try auditor.audit([root]) { _ in }, folder)
    }
  }

  @Test func `without weights copies and label conflicts are found, and the report says how`() throws {
    let options = SyntheticHospitalOptions(
      patients: 12, seed: 2, slicesPerPatient: 2...3, pictureSize: 192, exactCopies: 3, alteredCopies: 4,
      conflictingCopies: 2)
    try audited(options) { outcome, folder in
      let report = outcome.report
      #expect(report.comparedBy.contains("no VGG-16 weights are stored"))
      #expect(report.labelConflicts.count >= 2)
      #expect(report.labelConflicts.allSatisfy { !$0.sameClass })
      #expect(report.copies.count { $0.kind == .sameFile } >= 5)
      #expect(report.surplusPictures >= 9)
      #expect(report.copies.allSatisfy { $0.featureDistance == nil })
      #expect(report.summary().contains("lie under two classes"))
      let decoded = try JSONDecoder().decode(AuditReport.self, from: Data(report.json().utf8))
      #expect(decoded.copies == report.copies)

      let out = folder.appending(path: "out")
      try DataAuditor(version: "test").write(outcome, to: out)
      let page = try String(contentsOf: out.appending(path: "audit.html"), encoding: .utf8)
      #expect(page.contains("data:image/jpeg;base64,"))
      // Nothing is fetched from elsewhere.
      #expect(!page.contains("http:") && !page.contains("https:"))
      #expect(try Data(contentsOf: out.appending(path: "audit.json")) == Data(report.json().utf8))

      try DataAuditor(version: "test").write(outcome, to: out, language: .spanish)
      let spanish = try String(contentsOf: out.appending(path: "audit.html"), encoding: .utf8)
      #expect(spanish.contains("<html lang=\"es\">") && spanish.contains("Copias exactas"))
      // What a program reads is in one language.
      #expect(try Data(contentsOf: out.appending(path: "audit.json")) == Data(report.json().utf8))
      #expect(report.summary(in: .spanish).contains("están en dos clases"))
    }
  }

  @Test func `a class that the files' format gives away is found, and formats of patients are not taken for it`() throws {
    let options = SyntheticHospitalOptions(
      patients: 24, seed: 6, slicesPerPatient: 2...2, pictureSize: 96, secondSiteFraction: 0.5)
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let manifest = try SyntheticHospital.generate(to: root, options: options)
      let auditor = DataAuditor(usesFeatures: false, version: "test")
      // Sites differ in size and mode, but not with the finding.
      let honest = try auditor.audit([root]) { _ in }.report.shortcut
      #expect(honest.verdict != .found, "\(honest.explanation)")
      // The same pictures, sorted into classes by site.
      var records: [PictureRecord] = []
      for record in manifest.pictures {
        var moved = record
        moved.className = record.mode == "L" ? "Normal" : "Tumor"
        records.append(moved)
      }
      try DataManifest(source: "sorted by site", pictures: records).save(to: root)
      let found = try auditor.audit([root]) { _ in }.report.shortcut
      #expect(found.verdict == .found, "\(found.explanation)")
      #expect(try #require(found.auc).value > 0.95)
      #expect(found.traits.contains { $0.name == "colour mode" || $0.name == "width" })
    }
  }
}
