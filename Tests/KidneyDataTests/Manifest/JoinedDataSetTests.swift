import Foundation
import KidneyData
import TestSupport
import Testing

@Suite struct JoinedDataSetTests {
  private func hospital(_ folder: URL, seed: UInt64) throws -> DataSet {
    let options = SyntheticHospitalOptions(patients: 2, seed: seed, slicesPerPatient: 2...2, pictureSize: 64)
    return DataSet(root: folder, manifest: try SyntheticHospital.generate(to: folder, options: options))
  }

  @Test func `pictures keep their files, classes of one name are one, and patients of two sets stay two`() throws {
    try withTemporaryFolder { folder in
      let sets = try [hospital(folder.appending(path: "a"), seed: 1), hospital(folder.appending(path: "deep/b"), seed: 2)]
      let joined = try DataSet.joined(sets)
      #expect(joined.name == "a + b")
      #expect(joined.classes == ["Normal", "Tumor"])
      #expect(joined.count == sets[0].count + sets[1].count)
      for index in 0..<joined.count {
        #expect(FileManager.default.fileExists(atPath: joined.url(of: index).path))
      }
      #expect(Set(joined.manifest.pictures.map(\.patient)).count == 4)
      #expect(try DataSet.joined([sets[0]]).name == "a")
    }
  }

  @Test func `copies are found across sets`() throws {
    try withTemporaryFolder { folder in
      let first = try hospital(folder.appending(path: "a"), seed: 1)
      try FileManager.default.copyItem(at: first.root, to: folder.appending(path: "b"))
      let joined = try DataSet.joined([first, DataSet.open(folder.appending(path: "b"))])
      let pairs = try CopyFinder.pairs(in: joined)
      #expect(pairs.count { $0.kind == .sameFile } == first.count)
      let series = try SeriesFinder.assign(joined)
      #expect(series.count == 2)
    }
  }

  @Test func `a folder named twice, or one in another, is an error that names both`() throws {
    try withTemporaryFolder { folder in
      let set = try hospital(folder.appending(path: "a"), seed: 1)
      let twice = #expect(throws: KidneyDataError.self) { try DataSet.joined([set, set]) }
      #expect(twice?.description.contains("named twice") == true)
      let above = try DataSet.open(folder)
      let inside = #expect(throws: KidneyDataError.self) { try DataSet.joined([above, set]) }
      #expect(inside?.description.contains("lies in") == true)
    }
  }
}
