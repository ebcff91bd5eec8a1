import Evaluation
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct TeamProcessTests {
  private static let names = [
    "project_charter.md", "data_summary.md", "data_dictionary.md", "baseline_models.md", "model_report.md",
    "deployment.md",
    "exit_report.md",
  ]

  private static let whole = TeamProcessFacts(
    source: "https://example.org/slices.zip",
    run: .init(
      identity: "3f2a91bc", started: "2026-11-28T10:00:00Z", seconds: 12.5, peakBytes: 401 << 20,
      processor: "Some Processor", cores: 2, commit: "abc1234"),
    versions: [.init(reference: "kidney:3", registered: "2026-11-28T11:00:00Z", aliases: ["champion"])],
    events: [
      .init(time: "2026-11-28T11:00:00Z", kind: .registered, version: "kidney:3", alias: nil),
      .init(time: "2026-11-28T11:05:00Z", kind: .refused, version: "kidney:3", alias: "champion"),
      .init(time: "2026-11-28T12:00:00Z", kind: .promoted, version: "kidney:3", alias: "champion"),
    ])

  private func texts(
    _ fixture: RunFixture = RunFixture(), _ facts: TeamProcessFacts, _ language: Language = .english
  ) throws -> [String: String] {
    let documents = try fixture.run().teamProcess(facts, in: language)
    #expect(documents.map(\.fileName) == Self.names)
    return Dictionary(uniqueKeysWithValues: documents.map { ($0.fileName, $0.document.markdown) })
  }

  @Test(arguments: RunReportTests.fixtures.indices)
  func `figures stand with their intervals or the reason for none`(fixture: Int) throws {
    let run = try RunReportTests.fixtures[fixture].run()
    let texts = try texts(RunReportTests.fixtures[fixture], Self.whole)
    let exit = try #require(texts["exit_report.md"])
    for metric in [run.report.metrics.accuracy, run.report.metrics.auc, run.report.metrics.loss] {
      #expect(exit.contains(MetricText.value(metric, in: .english)))
    }
    let baseline = try #require(texts["baseline_models.md"])
    // Classes are equally large here, so the first of them is named; its share is that of one class.
    let rows = baseline.split(separator: "\n").filter { $0.hasPrefix("| always ") }
    #expect(rows.count == 1)
    #expect(rows[0].contains(MetricText.number(1 / Double(run.report.classes.count))))
    #expect(rows[0].contains(" to ") != rows[0].contains("no interval"), "\(rows[0])")
    #expect(rows[0].contains("LEAKY split") == (run.split.leak != nil))
  }

  @Test func `what the store knows is told`() throws {
    let texts = try texts(RunFixture(), Self.whole)
    #expect(texts["project_charter.md"]?.contains("started 2026-11-28T10:00:00Z, took 12.5 s") == true)
    #expect(texts["project_charter.md"]?.contains("kidney:3") == true)
    #expect(texts["data_summary.md"]?.contains("`https://example.org/slices.zip`") == true)
    let deployment = try #require(texts["deployment.md"])
    for words in [
      "| `kidney:3` | 2026-11-28T11:00:00Z | champion |", "was refused as champion by the gate", "became champion",
      "`nefro serve --registered kidney`", "0.237",
    ] { #expect(deployment.contains(words), "\(words)") }
    let exit = try #require(texts["exit_report.md"])
    for words in ["`3f2a91bc`", "12.5", "401", "Some Processor", "abc1234"] {
      #expect(exit.contains(words), "\(words)")
    }
  }

  @Test(arguments: Language.allCases)
  func `what no record holds is said to be missing, and why`(language: Language) throws {
    let mark = language == .english ? "Not recorded: " : "Sin registro: "
    let empty = try texts(RunFixture(), TeamProcessFacts(), language)
    let known = try texts(RunFixture(), Self.whole, language)
    for (name, least) in ["project_charter.md": 3, "data_summary.md": 1, "deployment.md": 2, "exit_report.md": 2] {
      #expect(empty[name].map { $0.ranges(of: mark).count } == least, "\(name)")
    }
    // People and lessons are in no record, whatever the store holds; which servers answered is in theirs.
    for (name, count) in ["project_charter.md": 1, "data_summary.md": 0, "deployment.md": 1, "exit_report.md": 1] {
      #expect(known[name].map { $0.ranges(of: mark).count } == count, "\(name)")
    }
    #expect(empty["baseline_models.md"]?.contains("`nefro reproduce`") == true)
  }

  @Test func `no English is left in the Spanish documents`() throws {
    for facts in [Self.whole, TeamProcessFacts()] {
      for (name, text) in try texts(RunFixture(), facts, .spanish) {
        let found = EnglishWords.found(in: text)
        #expect(found.isEmpty, "\(name): \(found.prefix(4))")
      }
    }
  }

  @Test func `a split that leaks is told where results are`() throws {
    let texts = try texts(RunFixture(leaks: true, madeAfterOpening: true), Self.whole)
    let results = try #require(texts["exit_report.md"]).split(separator: "\n").filter { $0.hasPrefix("- ") }.prefix(5)
    for line in results { #expect(line.contains("LEAKY split, OPENED test set"), "\(line)") }
    for name in ["project_charter.md", "model_report.md", "exit_report.md"] {
      #expect(texts[name]?.contains("LEAKY split") == true, "\(name)")
    }
  }
}
