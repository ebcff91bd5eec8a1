import Foundation
import TestSupport
import Testing
import Training

@Suite struct FoldRepeatsTests {
  private func project(_ yaml: String, in folder: URL) throws -> Project {
    let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
    let project = Project(
      configuration: try ProjectConfiguration(yaml: text, root: URL(filePath: folder.path, directoryHint: .isDirectory)),
      parameters: try DrawnData.parameters(yaml), cache: nil, version: "test")
    try FileManager.default.createDirectory(at: project.configuration.dataFolder, withIntermediateDirectories: true)
    return project
  }

  @Test func `repeats add folds to those that were answered, and the model is not trained again`() throws {
    try withTemporaryFolder { folder in
      let once = try project("FOLDS: 2\nEPOCHS: 2", in: folder)
      _ = try DrawnData.make(in: once.configuration.dataFolder, patients: 6, slices: 2)
      _ = try once.prepare()
      _ = try once.train(resume: .never) { _ in }
      let single = try once.evaluate { _ in }.scores
      #expect(!single.split.scoredBy.contains("repeats"))

      let more = try project("FOLDS: 2\nEPOCHS: 2\nFOLD_REPEATS: 3", in: folder)
      func notes(fresh: Bool = false) throws -> (Scores, [String]) {
        var notes: [String] = []
        let scores = try more.evaluate(fresh: fresh) { event in if case .note(let text) = event { notes.append(text) } }.scores
        return (scores, notes)
      }
      let (scores, first) = try notes()
      #expect(first.count { $0.contains("was answered before") } == 2)
      #expect(first.count { $0.contains("are answered,") } == 4)
      #expect(first.contains { $0.hasPrefix("Fold 1 of 2, repeat 3 of 3: ") })
      #expect(scores.split.scoredBy.contains("3 repeats with other folds"))
      #expect(scores.report.accuracy.images == single.report.accuracy.images)
      #expect(scores.report.notes.contains { $0.contains("mean over 3 repeats") })

      let (again, second) = try notes()
      #expect(second.count { $0.contains("was answered before") } == 6)
      #expect(again.report == scores.report)
      #expect(try notes(fresh: true).0.report == scores.report)
    }
  }
}
