import Backbones
import Digests
import Evaluation
import Foundation
import KidneyData
import Reports
import TestSupport
import Testing
import Training

@Suite struct ProjectReportTests {
  /// A project that was trained and scored on drawn pictures.
  private func scored(
    in folder: URL, patients: Int, yaml: String = "", acceptsLeakage: Bool = false
  ) throws -> Project {
    let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
    let project = Project(
      configuration: try ProjectConfiguration(yaml: text, root: folder),
      parameters: try DrawnData.parameters("LEARNING_RATE: 0.0001\n" + yaml), cache: nil, version: "test",
      acceptsLeakage: acceptsLeakage)
    _ = try DrawnData.make(in: project.configuration.dataFolder, patients: patients, slices: 2)
    _ = try project.prepare()
    _ = try project.train(resume: .never) { _ in }
    _ = try project.evaluate { _ in }
    return project
  }

  private func write(
    _ project: Project, _ language: Language = .english, audits: Bool = false, ladder: URL? = nil
  ) throws -> (page: String, card: String) {
    let files = try project.report(
      ReportSettings(language: language, audits: audits, mistakes: 3, ladder: ladder), progress: { _ in },
      report: { _ in })
    return (
      try String(contentsOf: files.page, encoding: .utf8), try String(contentsOf: files.card, encoding: .utf8)
    )
  }

  @Test func `a report stands beside scores-json, says its figures and holds pictures but no path of the machine`()
    throws
  {
    try withTemporaryFolder { folder in
      let project = try scored(in: folder, patients: 25)
      let text = try write(project)
      let scores = try JSONSerialization.jsonObject(with: Data(contentsOf: project.configuration.scores))
      let metrics = try #require((scores as? [String: Any])?["metrics"] as? [String: [String: Any]])
      #expect(metrics.count == 8)
      for (name, metric) in metrics {
        let value = MetricText.number(try #require(metric["value"] as? Double))
        #expect(text.page.contains(value) && text.card.contains(value), "\(name)")
      }
      #expect(text.page.contains("src=\"data:image/jpeg;base64,"))
      #expect(text.page.contains("test set opened") && text.page.contains("opened for the first time"))
      for word in [folder.path, NSTemporaryDirectory(), NSHomeDirectory() + "/"] {
        #expect(!text.page.contains(word) && !text.card.contains(word), "\(word)")
      }
      // Opening the test set is for evaluate alone.
      #expect(try project.openLedger().entries.count { $0.kind == .opening } == 1)
      #expect(try write(project, .spanish).page.contains("Solo para investigación"))
    }
  }

  @Test func `folds are told, and that evidence is the final model's`() throws {
    try withTemporaryFolder { folder in
      let text = try write(try scored(in: folder, patients: 4))
      #expect(text.page.contains("pooled over 4 grouped folds") && text.page.contains("No test part was set aside"))
      #expect(text.page.contains("no interval: 4 series"))
      let hasMistakes = text.page.contains("were answered wrongly")
      #expect(text.page.contains("The fold&#39;s own model") == hasMistakes)
    }
  }

  @Test func `a leak is told in red`() throws {
    try withTemporaryFolder { folder in
      let project = try scored(in: folder, patients: 6, yaml: "SPLIT: random\nTEST_FRACTION: 0.4", acceptsLeakage: true)
      let text = try write(project)
      #expect(text.page.contains("<strong class=\"warning\">LEAKY split</strong>"))
      #expect(text.card.contains("LEAKY split"))
    }
  }

  private func climb(_ folders: [URL], joins: Bool = false) throws -> LadderResult {
    try LadderRunner(
      settings: LadderSettings(folds: 3, repeats: 1, shuffles: 2), cache: nil, version: "test",
      base: {
        LadderBase(
          network: try VGG16.randomBase(seed: 9, inputShape: [32, 32, 3]), digest: ContentDigest(of: "drawn base"),
          preprocessing: try DrawnData.parameters().preprocessingSpecification)
      }
    ).run(folders, joins: joins) { _ in }
  }

  @Test
  func `a kept ladder of the same data is shown, one of other data only if it is named, and a broken one refused`()
    throws
  {
    try withTemporaryFolder { folder in
      let project = try scored(in: folder, patients: 4)
      #expect(try write(project).page.contains("No ladder of this data was found"))
      let other = folder.appending(path: "other")
      _ = try DrawnData.make(in: other, patients: 5, slices: 2)
      let kept = project.configuration.root.appending(path: "ladder")
      try climb([other]).write(to: kept)
      #expect(try write(project).page.contains("No ladder of this data was found"))
      let named = try write(project, ladder: kept.appending(path: LadderResult.fileName))
      #expect(
        named.page.contains("This ladder was made of other data: other") && named.page.contains("3. Copies removed"))
      let artifacts = project.configuration.artifactsRoot.appending(path: "ladder")
      try climb([project.configuration.dataFolder, other], joins: true).write(to: artifacts)
      let own = try write(project)
      #expect(own.page.contains("3. Copies removed") && !own.page.contains("made of other data"))
      #expect(own.page.contains("Joined from kidney-ct-scan-image") && own.card.contains("3. Copies removed"))
      try "[]".write(to: artifacts.appending(path: LadderResult.fileName), atomically: true, encoding: .utf8)
      #expect(throws: ReportingError.self) { try write(project) }
      #expect(throws: ReportingError.noLadder(path: "none.json")) {
        try write(project, ladder: project.configuration.root.appending(path: "none.json"))
      }
    }
  }

  @Test func `no English is left on a Spanish page or card`() throws {
    try withTemporaryFolder { folder in
      for (place, patients, yaml) in [
        ("few", 4, ""), ("many", 25, "GATE: true\nOPERATING_POINT: sensitivity\n"),
        ("risk", 25, "CALIBRATION: platt\nABSTENTION: risk\nOPERATING_POINT: youden\n"),
      ] {
        let project = try scored(in: folder.appending(path: place), patients: patients, yaml: yaml)
        let other = folder.appending(path: place + " other")
        _ = try DrawnData.make(in: other, classes: ["Cyst", "Normal"], patients: 1, slices: 4)
        try climb([project.configuration.dataFolder, other], joins: true)
          .write(to: project.configuration.artifactsRoot.appending(path: "ladder"))
        let text = try write(project, .spanish, audits: true)
        for text in [text.page, text.card] {
          let found = EnglishWords.found(in: text)
          #expect(found.isEmpty, "\(place): \(found.prefix(6))")
        }
      }
    }
  }

  @Test func `files that are not of one run are refused, and missing ones named`() throws {
    try withTemporaryFolder { folder in
      let project = try scored(in: folder, patients: 4)
      let scores = try String(contentsOf: project.configuration.scores, encoding: .utf8)
      for (old, new) in [
        ("\"model_digest\" : \"", "\"model_digest\" : \"0"), ("\"data_digest\" : \"", "\"data_digest\" : \"0"),
      ] {
        try scores.replacing(old, with: new).write(to: project.configuration.scores, atomically: true, encoding: .utf8)
        #expect(throws: ReportingError.self) { try write(project) }
      }
      try "{".write(to: project.configuration.scores, atomically: true, encoding: .utf8)
      #expect(throws: ReportingError.damaged(path: "scores.json")) { try write(project) }
      try FileManager.default.removeItem(at: project.configuration.scores)
      #expect(throws: ReportingError.notScored(path: "scores.json")) { try write(project) }
    }
  }
}
