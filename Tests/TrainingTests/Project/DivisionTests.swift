import Foundation
import KidneyData
import TestSupport
import Testing
import Training

@Suite struct DivisionTests {
  private func project(_ yaml: String, in folder: URL) throws -> Project {
    let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
    return Project(
      configuration: try ProjectConfiguration(yaml: text, root: folder), parameters: try DrawnData.parameters(yaml),
      cache: nil, version: "test")
  }

  @Test func `enough series a class give a test part, and no patient is on two sides`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 25, slices: 1)
      let division = try project("", in: folder).divide(data)
      #expect(division.protocolKind == .heldOut)
      let split = division.split
      #expect(split.training.count + split.validation.count + split.test.count == data.count)
      #expect(division.scored == split.test)
      let sides = [split.training, split.validation, split.test].map { Set($0.map { data.manifest.pictures[$0].patient! }) }
      #expect(sides[0].isDisjoint(with: sides[1]) && sides[0].isDisjoint(with: sides[2]) && sides[1].isDisjoint(with: sides[2]))
    }
  }

  @Test(arguments: [(24, "", 5), (9, "TEST_FRACTION: 0.5", 5), (9, "FOLDS: 3", 3), (3, "", 3), (2, "", 2)])
  func `fewer series are scored by grouped folds, at most the series of the smallest class`(
    patients: Int, yaml: String, folds: Int
  ) throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: patients, slices: 2)
      let division = try project(yaml, in: folder).divide(data)
      #expect(division.protocolKind == .groupedFolds(folds))
      #expect(division.split.test.isEmpty)
      #expect(division.scored == Array(data.labels.indices))
    }
  }

  @Test(arguments: [(0.2, 25), (0.5, 10), (0.1, 50)])
  func `a test part needs five series of each class, and the data ten`(fraction: Double, series: Int) {
    #expect(Division.fewestSeriesForHeldOut(testFraction: fraction) == series)
  }

  @Test func `series are found once for a data set, and anew where the kept ones are another's or unreadable`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 3, slices: 2)
      let project = try project("", in: folder)
      let division = try project.divide(data)
      let file = project.configuration.trainingFolder.appending(path: "series.json")
      let kept = try String(contentsOf: file, encoding: .utf8)
      // Pictures that are gone are not missed as long as the kept series are taken.
      let pictures = folder.appending(path: "Tumor")
      try FileManager.default.moveItem(at: pictures, to: folder.appending(path: "away"))
      #expect(try project.divide(data) == division)
      let otherData = kept.replacing(data.manifest.digest.hex, with: String(repeating: "0", count: 64))
      let otherProgram = kept.replacing("\"program\":\"", with: "\"program\":\"0")
      for foreign in [otherData, otherProgram, "{"] {
        try foreign.write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: (any Error).self) { try project.divide(data) }
      }
      try FileManager.default.moveItem(at: folder.appending(path: "away"), to: pictures)
      #expect(try project.divide(data) == division)
      #expect(try String(contentsOf: file, encoding: .utf8) == kept)
    }
  }

  @Test func `one series of a class cannot be divided, and the error names it`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 1, slices: 4)
      let error = #expect(throws: TrainingError.self) { try project("", in: folder).divide(data) }
      #expect(error?.description.contains("Class 'Normal' has 1 series") == true)
    }
  }

  @Test func `Keras's split scores the head of each class, training pictures too`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 10, slices: 2)
      let division = try project("SPLIT: keras\nTEST_FRACTION: 0.3", in: folder).divide(data)
      #expect(division.split.validation.count == 8)
      #expect(division.scored.count == 12)
      #expect(Set(division.scored).intersection(division.split.training).count == 4)
    }
  }
}
