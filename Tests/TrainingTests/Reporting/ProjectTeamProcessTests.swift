import Digests
import Foundation
import KidneyData
import Reports
import TestSupport
import Testing
import Training

@Suite struct ProjectTeamProcessTests {
  @Test func `the documents stand in the folder tdsp, say the scores' figures, and name no path of the machine`() throws {
    try withTemporaryFolder { folder in
      let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
      let project = Project(
        configuration: try ProjectConfiguration(yaml: text, root: folder),
        parameters: try DrawnData.parameters("LEARNING_RATE: 0.0001\n"), cache: nil, version: "test")
      _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 25, slices: 2)
      _ = try project.prepare()
      _ = try project.train(resume: .never) { _ in }
      _ = try project.evaluate { _ in }
      var settings = ReportSettings(audits: false, mistakes: 1)
      let without = try project.report(settings, progress: { _ in }, report: { _ in })
      #expect(without.teamProcess == [])
      settings.teamProcess = TeamProcessFacts()
      let files = try project.report(settings, progress: { _ in }, report: { _ in }).teamProcess
      #expect(files.count == 7)
      let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
      for text in texts {
        for word in [folder.path, NSTemporaryDirectory(), NSHomeDirectory() + "/"] { #expect(!text.contains(word)) }
      }
      let scores = try JSONSerialization.jsonObject(with: Data(contentsOf: project.configuration.scores))
      let metrics = try #require((scores as? [String: Any])?["metrics"] as? [String: [String: Any]])
      for name in ["accuracy", "auc", "sensitivity", "specificity", "loss"] {
        let value = MetricText.number(try #require(metrics[name]?["value"] as? Double))
        #expect(texts[6].contains(value) && texts[4].contains(value), "\(name)")
      }

      let answers = try JSONSerialization.jsonObject(with: Data(contentsOf: project.configuration.predictions))
      let row = try #require(((answers as? [String: Any])?["pictures"] as? [[String: Any]])?.first)
      let record = try JSONEncoder().encode(
        PictureRecord(
          path: "a", className: "b", byteCount: 1, sha256: ContentDigest(of: "c"), width: 1, height: 1, mode: "L",
          patient: "d", site: "e", copyOf: "f"))
      let picture = try #require(try JSONSerialization.jsonObject(with: record) as? [String: Any])
      let described = Set(texts[2].matches(of: /\n\| `(\w+)` \|/).map { String($0.1) })
      #expect(described == Set(picture.keys).union(row.keys).union(["fold"]))
    }
  }

  @Test(
    arguments: [
      ("https://user:secret@example.org/a.zip?token=secret#x", "https://example.org/a.zip"),
      ("kaggle:owner/name", "kaggle:owner/name"), ("/home/somebody/slices", nil), ("hospital", nil),
      ("file:///home/a", nil),
    ] as [(String, String?)])
  func `a source is told without credentials, queries and paths`(source: String, expected: String?) {
    #expect(Project.publicSource(source) == expected)
  }
}
